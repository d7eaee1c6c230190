"""What members can ask for, and what they are told."""

import asyncio
from pathlib import Path

import pytest

from bot.card import Card, JobCard, Order, Verb
from bot.choosing import NoOffer
from bot.flags import UnknownFlag
from bot.grammar import parse
from bot.job import Failure, FailureKind, JobId, Phase
from bot.ports import Queued
from bot.record import MOST_TRIES
from bot.refusal import NoSuchClip, NotYours, Refusal, TooLate
from bot.request import EmptyPrompt
from bot.trouble import Passing, Rejected, Throttled
from tests.ledger import ledger_of
from tests.stage import ANN, BOB, LOBBY, Stage, staged


async def said(stage: Stage, text: str) -> Card:
    return await stage.studio.order(Order(identity=ANN, place=LOBBY, event="e", text=text))


async def test_the_same_event_twice_is_one_order(stage: Stage) -> None:
    first = await stage.order("a fox", event="update 7")
    second = await stage.order("a fox", event="update 7")
    assert first.job == second.job
    assert len(await stage.store.unfinished()) == 1


@pytest.mark.parametrize(
    ("text", "refusal"), [("", EmptyPrompt), ("a fox --res 1080p --dur 10", NoOffer), ("a fox --huh", UnknownFlag)]
)
async def test_a_refused_command_writes_nothing(stage: Stage, text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        await stage.order(text)
    assert await stage.store.unfinished() == []


async def test_the_price_alone_orders_nothing(stage: Stage) -> None:
    card = await said(stage, "a fox --res 1080p --cost")
    assert card.title == "$0.40 for this clip"
    assert any("Nothing was charged." in line for line in card.lines)
    assert await stage.store.unfinished() == []


async def test_help_shows_every_flag_by_example(stage: Stage) -> None:
    card = await said(stage, "/video help")
    assert any("--ar 9:16" in line for line in card.lines)


async def test_what_was_given_twice_is_said_on_the_card_until_the_end(stage: Stage) -> None:
    card = await stage.order("a fox --ar 1:1 --ar 9:16")
    assert any("--ar" in line and "9:16" in line for line in card.lines)
    await stage.finish(card.job)
    assert any("--ar" in line and "9:16" in line for line in stage.chat.cards[-1].lines)


async def test_the_command_on_the_card_means_the_same_request(stage: Stage) -> None:
    card = await stage.order("a fox --ar 9:16 --no 'blur, text' --seed 5")
    assert parse(card.command).request == (await stage.job(card.job)).request


async def test_again_films_the_same_prompt_with_another_seed(stage: Stage) -> None:
    done = await stage.finish((await stage.order("a fox --seed 5 --ar 1:1")).job)
    again = await stage.job((await stage.press(Verb.AGAIN, done.id)).job)
    assert again.id != done.id
    assert again.request.ratio == done.request.ratio
    assert again.seed not in (None, 5)


async def test_same_seed_films_the_very_same_clip_again(stage: Stage) -> None:
    done = await stage.finish((await stage.order("a fox")).job)
    same = await stage.job((await stage.press(Verb.SAME_SEED, done.id)).job)
    assert same.id != done.id
    assert same.seed == done.seed


async def test_try_again_orders_what_was_ordered(stage: Stage) -> None:
    stage.provider.submits.will(Rejected(Failure(FailureKind.PROVIDER)))
    failed = await stage.finish((await stage.order("a fox --seed 5")).job)
    retried = await stage.job((await stage.press(Verb.TRY_AGAIN, failed.id)).job)
    assert retried.request == failed.request


async def test_a_button_pressed_twice_with_one_event_is_one_order(stage: Stage) -> None:
    done = await stage.finish((await stage.order()).job)
    first = await stage.press(Verb.AGAIN, done.id, event="press 7")
    second = await stage.press(Verb.AGAIN, done.id, event="press 7")
    assert first.job == second.job


async def test_others_who_press_again_order_for_themselves(stage: Stage) -> None:
    done = await stage.finish((await stage.order(by=ANN)).job)
    theirs = await stage.job((await stage.press(Verb.AGAIN, done.id, by=BOB)).job)
    assert theirs.identity == BOB
    assert theirs.person != done.person


async def test_others_cannot_cancel(stage: Stage) -> None:
    card = await stage.order(by=ANN)
    with pytest.raises(NotYours, match="Ann"):
        await stage.press(Verb.CANCEL, card.job, by=BOB)
    assert (await stage.job(card.job)).phase is Phase.ACCEPTED


async def test_cancelling_before_the_submission_is_free(stage: Stage) -> None:
    card = await stage.order()
    cancelled = await stage.press(Verb.CANCEL, card.job)
    assert (cancelled.phase, cancelled.lines) == (Phase.CANCELLED, ("Nothing was charged.",))
    assert ledger_of(stage, await stage.job(card.job)) == [("reserve", 200_000), ("refund", 0)]


async def test_cancelling_that_is_overtaken_by_the_submission_asks_the_provider(stage: Stage) -> None:
    card = await stage.order()
    stale = await stage.job(card.job)
    await stage.until(card.job, Phase.RENDERING)
    assert not await stage.studio._actions._cancelled_for_free(stale)  # noqa: SLF001 - the moment between read and write
    assert (await stage.job(card.job)).phase is Phase.RENDERING


async def test_what_is_over_cannot_be_cancelled(stage: Stage) -> None:
    done = await stage.finish((await stage.order()).job)
    with pytest.raises(TooLate):
        await stage.press(Verb.CANCEL, done.id)


async def test_a_clip_that_is_not_there_yet_cannot_be_sent_again(stage: Stage) -> None:
    card = await stage.order()
    with pytest.raises(TooLate):
        await stage.press(Verb.SEND_AGAIN, card.job)


async def test_a_button_of_an_order_that_nobody_knows_is_refused(stage: Stage) -> None:
    with pytest.raises(NoSuchClip):
        await stage.press(Verb.AGAIN, JobId("0"))


async def test_the_latest_orders_of_a_chat_come_oldest_first(stage: Stage) -> None:
    cards = [await stage.order(f"fox {n}") for n in range(3)]
    assert [card.job for card in await stage.studio.latest("web", "lobby")] == [card.job for card in cards]
    assert await stage.studio.latest("web", "elsewhere") == []


async def test_same_seed_is_not_offered_where_the_provider_has_no_seeds(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("shortapi",)) as stage:
        done = await stage.finish((await stage.order("a fox")).job)
        assert done.seed is None
        assert Verb.SAME_SEED not in [button.verb for button in stage.chat.cards[-1].buttons]


async def test_a_provider_that_says_it_is_done_is_looked_at(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.until(card.job, Phase.RENDERING)
    assert await stage.studio.heard("fal", job.id, job.correlation or "")


@pytest.mark.parametrize("secret", ["", "guess", "ü"])
async def test_a_stranger_who_says_that_a_job_is_done_is_not_believed(stage: Stage, secret: str) -> None:
    card = await stage.order()
    assert not await stage.studio.heard("fal", card.job, secret)
    await stage.until(card.job, Phase.RENDERING)
    assert not await stage.studio.heard("fal", card.job, secret)
    assert not await stage.studio.heard("fal", JobId("0"), secret)


async def test_another_provider_s_address_is_not_believed(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.until(card.job, Phase.RENDERING)
    assert not await stage.studio.heard("shortapi", job.id, job.correlation or "")


async def test_a_provider_that_says_it_late_does_no_harm(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.finish(card.job)
    assert await stage.studio.heard("fal", job.id, job.correlation or "")
    assert (await stage.job(card.job)).phase is Phase.DELIVERED


async def test_a_chat_that_is_no_longer_connected_is_not_shown_anything(stage: Stage) -> None:
    elsewhere = Order(identity=ANN, place=LOBBY.__class__(platform="gone", chat="x"), event="e", text="a fox")
    card = await stage.studio.order(elsewhere)
    assert isinstance(card, JobCard)
    assert stage.chat.cards == []


async def test_cancelling_in_the_moment_in_which_it_comes_back_in_line_is_free(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.gate.clear()
    stage.provider.submits.will(Throttled("slow down"))
    submitting = stage.begin_step(card.job)
    await stage.chat.until(lambda shown: shown.phase is Phase.SUBMITTING)
    stale = await stage.job(card.job)
    stage.provider.gate.set()
    await submitting
    await stage.studio._actions.cancel(ANN, stale)  # noqa: SLF001 - the moment between read and write
    assert (await stage.job(card.job)).phase is Phase.CANCELLED


async def test_cancelling_impatiently_does_not_use_up_the_tries(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.provider.sights.will(Queued(1))
    stage.provider.cancels.will(Passing("503"))
    engine = asyncio.create_task(stage.engine.run())
    await stage.chat.until(lambda shown: "1 before" in shown.lines[0])
    await stage.press(Verb.CANCEL, card.job)
    await stage.chat.until(lambda _: bool(stage.provider.cancelled))
    for _ in range(MOST_TRIES):
        await stage.press(Verb.CANCEL, card.job)
    stage.engine.stop()
    await engine
    assert len(stage.provider.cancelled) == 1
    assert not (await stage.job(card.job)).charged
