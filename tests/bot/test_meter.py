"""What happened to orders, in numbers."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.card import Order
from bot.gate import State
from bot.job import Failure, FailureKind, Phase
from bot.meter import SIZES
from bot.ports import Finished, Rendering
from bot.schedule import LONGEST_UNKNOWING
from bot.trouble import Ambiguous, OutOfService, Passing, Rejected, Throttled, Undeliverable
from tests.stage import ANN, CLIP, LOBBY, NOON, Stage, staged


async def test_every_phase_of_a_job_is_timed(stage: Stage) -> None:
    stage.provider.sights.will(Rendering(), Finished("http://media/clip.mp4"))
    card = await stage.order()
    stage.clock.forward(20)
    await stage.finish(card.job)
    totals = {phase: stay.total for phase, stay in stage.meter.stays.items() if sum(stay.buckets)}
    assert totals[Phase.ACCEPTED] == 20
    assert set(totals) == set(stage.meter.stays)
    assert stage.meter.orders.total == sum(totals.values())
    assert stage.meter.ended == {(Phase.DELIVERED, "", "fal"): 1}


async def test_a_clip_is_seen_late_by_no_more_than_the_time_since_the_look_before(stage: Stage) -> None:
    stage.provider.sights.will(Rendering(), Finished("http://media/clip.mp4"))
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    await stage.step(card.job)
    stage.clock.forward(3)
    await stage.step(card.job)
    lag = stage.meter.lags["fal"]
    assert 3 < lag.total < 3 + LONGEST_UNKNOWING
    assert sum(lag.buckets) == 1


async def test_of_a_clip_that_was_done_at_the_first_look_nobody_can_tell_how_late_that_was(stage: Stage) -> None:
    await stage.finish((await stage.order()).job)
    assert not stage.meter.lags


async def test_money_is_held_where_it_will_be_paid(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("fal", "aimlapi")) as stage:
        card = await stage.order()
        job = await stage.job(card.job)
        stage.provider.submits.will(Throttled("full"))
        await stage.core.submission.submit(job, "fal")
        await stage.core.submission.submit(await stage.job(job.id), "aimlapi")
        await stage.finish(job.id)
        assert stage.meter.money == {
            ("reserve", "fal"): 200_000,
            ("refund", "fal"): 200_000,
            ("reserve", "aimlapi"): 210_000,
            ("settle", "aimlapi"): 210_000,
        }
        assert stage.meter.troubles == {("fal", "submit", "Throttled"): 1}


async def test_a_change_of_an_order_holds_what_it_costs_now(stage: Stage) -> None:
    await stage.order("a fox", event="e")
    await stage.studio.amend(Order(identity=ANN, place=LOBBY, event="e", text="a fox --res 1080p"))
    price = (await stage.store.unfinished())[0].price
    held = stage.meter.money["reserve", "fal"] - stage.meter.money["refund", "fal"]
    assert held == price > 200_000


async def test_what_fails_is_refunded_and_counted_by_why(stage: Stage) -> None:
    stage.provider.submits.will(Rejected(Failure(FailureKind.MODERATED, "no dragons")))
    await stage.finish((await stage.order()).job)
    assert stage.meter.ended == {(Phase.FAILED, "moderated", "fal"): 1}
    assert stage.meter.money == {("reserve", "fal"): 200_000, ("refund", "fal"): 200_000}


async def test_what_a_provider_may_ask_for_is_counted_as_doubtful(stage: Stage) -> None:
    stage.provider.submits.will(Ambiguous("hung up"))
    await stage.finish((await stage.order()).job)
    assert stage.meter.money["doubtful", "fal"] == stage.meter.money["refund", "fal"] == 200_000


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [(Passing("gone"), "Passing"), (Undeliverable("no"), "Undeliverable"), (OSError(), "BrokenOff")],
)
async def test_tries_to_send_a_clip_are_counted_by_what_came_of_them(
    stage: Stage, trouble: Exception, outcome: str
) -> None:
    stage.chat.receipts.will(trouble)
    card = await stage.order()
    await stage.until(card.job, Phase.DELIVERING)
    await asyncio.gather(stage.step(card.job), return_exceptions=True)
    assert stage.meter.deliveries == {("web", "up to 10 MiB", outcome): 1}
    assert not stage.meter.sendings


@pytest.mark.parametrize(("size", "name"), [(1, SIZES[0][1]), (20_000_000, SIZES[1][1]), (60_000_000, SIZES[2][1])])
async def test_clips_are_counted_by_their_size(stage: Stage, size: int, name: str) -> None:
    stage.library.fetches.will(replace(CLIP, size=size))
    await stage.finish((await stage.order()).job)
    assert stage.meter.deliveries == {("web", name, "Sent"): 1}
    assert sum(stage.meter.sendings["web"].buckets) == 1


async def test_a_provider_that_needs_its_operator_is_told_apart(stage: Stage) -> None:
    assert stage.core.gates.states(stage.clock.steady())["fal"] is State.OPEN
    stage.provider.submits.will(OutOfService("no money"))
    await stage.step((await stage.order()).job)
    assert stage.core.gates.states(NOON)["fal"] is State.HOPELESS


async def test_a_clip_that_was_deleted_before_it_was_sent_is_counted_with_the_small_ones(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.until(card.job, Phase.DELIVERING)
    with stage.meter.sending(replace(job, clip=None)):
        pass
    assert stage.meter.deliveries == {("web", SIZES[0][1], "Sent"): 1}
