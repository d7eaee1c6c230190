"""When one provider does not take a job, another may; and never two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.card import Verb
from bot.job import Failure, FailureKind, Phase, Ticket
from bot.ports import Finished, Rendering
from bot.refusal import NobodyFilms
from bot.trouble import Ambiguous, OutOfService, Rejected, Throttled, Unreachable
from tests.ledger import ledger_of
from tests.stage import ANN, BOB, Stage, staged

DID_NOT_START = [
    Throttled("slow down"),
    Unreachable("no route"),
    OutOfService("no money"),
    Rejected(Failure(FailureKind.INVALID, "too odd")),
]


@asynccontextmanager
async def working(folder: Path, *, room: int = 2, patient: bool = True) -> AsyncIterator[Stage]:
    """Fal first, then AIMLAPI; the engine at work."""
    async with staged(folder, providers=("fal", "aimlapi"), room=room, patient=patient) as stage:
        engine = asyncio.create_task(stage.engine.run())
        try:
            yield stage
        finally:
            stage.engine.stop()
            await engine


async def filmed(stage: Stage, job: str) -> None:
    await stage.chat.until(lambda card: card.job == job and card.phase is Phase.RENDERING)
    stage.clock.forward(1)
    await stage.chat.until(lambda card: card.job == job and card.phase is Phase.DELIVERED)


@pytest.mark.parametrize("trouble", DID_NOT_START)
async def test_a_job_that_provably_did_not_start_goes_to_the_next_provider(tmp_path: Path, trouble: Exception) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(trouble)
        card = await stage.order()
        await filmed(stage, card.job)
        job = await stage.job(card.job)
        assert job.offer_id == "aimlapi/pixverse-v5.5"
        assert len(stage.provider.takes) == len(stage.providers["aimlapi"].takes) == 1
        assert ledger_of(stage, job) == [("reserve", 200_000), ("adjust", 210_000), ("settle", 210_000)]
        assert "AIMLAPI films this in place of fal, for $0.21." in stage.chat.cards[-1].lines


async def test_a_refused_prompt_is_not_shopped_around(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(Rejected(Failure(FailureKind.MODERATED, "no dragons")))
        card = await stage.order()
        await stage.chat.until(lambda shown: shown.job == card.job and shown.phase is Phase.FAILED)
        assert stage.providers["aimlapi"].takes == []


async def test_an_ambiguous_submission_goes_to_nobody_else(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(Ambiguous("reset"))
        card = await stage.order()
        await stage.chat.until(lambda shown: shown.job == card.job and shown.phase is Phase.UNRESOLVED)
        assert stage.providers["aimlapi"].takes == []


async def test_a_provider_that_was_named_is_not_replaced(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(Throttled("slow down", retry_after=30), Ticket("t"))
        card = await stage.order("a fox --provider fal")
        await stage.chat.until(lambda shown: "trying again" in shown.lines[0])
        stage.clock.forward(30)
        await filmed(stage, card.job)
        assert stage.providers["aimlapi"].takes == []


async def test_an_option_that_only_one_provider_has_stays_there(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(Throttled("slow down", retry_after=30), Ticket("t"))
        card = await stage.order("a fox --res 1080p --dur 8")
        await stage.chat.until(lambda shown: "trying again" in shown.lines[0])
        stage.clock.forward(30)
        await filmed(stage, card.job)


async def test_a_request_that_nobody_accepts_fails_with_the_last_one_s_words(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(Rejected(Failure(FailureKind.INVALID, "too odd")))
        stage.providers["aimlapi"].submits.will(Rejected(Failure(FailureKind.INVALID, "far too odd")))
        card = await stage.order()
        failed = await stage.chat.until(lambda shown: shown.job == card.job and shown.phase is Phase.FAILED)
        assert "far too odd" in failed.lines[0]


async def test_when_every_account_is_empty_the_job_ends_at_once_and_new_ones_are_refused(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        for name in ("fal", "aimlapi"):
            stage.providers[name].submits.will(OutOfService("account 17 is empty"))
        card = await stage.order()
        failed = await stage.chat.until(lambda shown: shown.job == card.job and shown.phase is Phase.FAILED)
        assert "17" not in " ".join(failed.lines)
        assert (await stage.job(card.job)).failure == Failure(FailureKind.UNAVAILABLE)
        with pytest.raises(NobodyFilms):
            await stage.order()


async def test_a_provider_whose_account_is_full_again_is_found_out_by_one_job(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        for name in ("fal", "aimlapi"):
            stage.providers[name].submits.will(OutOfService("empty"), Ticket("t"))
        card = await stage.order()
        await stage.chat.until(lambda shown: shown.job == card.job and shown.phase is Phase.FAILED)
        stage.clock.forward(60)
        await filmed(stage, (await stage.order()).job)


async def test_a_new_order_is_quoted_at_the_provider_that_is_open(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(Throttled("slow down", retry_after=600))
        await filmed(stage, (await stage.order()).job)
        card = await stage.order(by=BOB)
        assert (await stage.job(card.job)).offer_id == "aimlapi/pixverse-v5.5"
        assert len(stage.provider.takes) == 1


@pytest.mark.parametrize(("patient", "at_fal", "at_aimlapi"), [(True, 1, 0), (False, 1, 1)])
async def test_whether_a_job_waits_for_a_full_provider_is_the_operator_s_choice(
    tmp_path: Path,
    patient: bool,  # noqa: FBT001 - a column of the table
    at_fal: int,
    at_aimlapi: int,
) -> None:
    async with working(tmp_path, room=1, patient=patient) as stage:
        for name in ("fal", "aimlapi"):
            stage.providers[name].sights.will(Rendering())
        first = await stage.order(by=ANN)
        await stage.chat.until(lambda shown: shown.job == first.job and shown.phase is Phase.RENDERING)
        second = await stage.order(by=BOB)
        if not patient:
            await stage.chat.until(lambda shown: shown.job == second.job and shown.phase is Phase.RENDERING)
        assert len(stage.provider.takes) == at_fal
        assert len(stage.providers["aimlapi"].takes) == at_aimlapi
        stage.provider.sights.will(Finished("http://media/a.mp4"))


async def test_cancelling_a_job_that_is_between_two_providers_is_free(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        stage.provider.submits.will(Throttled("slow down"))
        stage.provider.gate.clear()
        card = await stage.order()
        await stage.chat.until(lambda shown: shown.phase is Phase.SUBMITTING)
        await stage.press(Verb.CANCEL, card.job)
        stage.provider.gate.set()
        await stage.chat.until(lambda shown: shown.phase is Phase.CANCELLED)
        assert stage.providers["aimlapi"].takes == []
        assert ledger_of(stage, await stage.job(card.job))[-1] == ("refund", 0)


async def test_the_seed_is_left_out_where_the_other_provider_has_none(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("fal", "shortapi")) as stage:
        card = await stage.order()
        job = await stage.job(card.job)
        await stage.core.submission.submit(job, "shortapi")
        (take,) = stage.providers["shortapi"].takes
        assert take.request.seed is None
        assert (await stage.job(card.job)).seed is None


async def test_the_provider_is_told_where_to_call_back(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.until(card.job, Phase.RENDERING)
    assert stage.provider.takes[0].callback == f"https://bot.example/fal/{job.id}/{job.correlation}"


async def test_who_was_promised_a_price_pays_no_more_while_it_can_be_had(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("pixverse", "fal")) as stage:
        stage.providers["pixverse"].submits.will(Throttled("slow down"))
        busy = await stage.job((await stage.order("a fox --provider pixverse")).job)
        await stage.core.submission.submit(busy, "pixverse")
        await stage.press(Verb.CANCEL, busy.id)
        card = await stage.order()
        assert (await stage.job(card.job)).price == 200_000
        stage.clock.forward(60)
        engine = asyncio.create_task(stage.engine.run())
        await filmed(stage, card.job)
        stage.engine.stop()
        await engine
        assert ledger_of(stage, await stage.job(card.job)) == [("reserve", 200_000), ("settle", 200_000)]


async def test_a_clock_that_is_set_back_keeps_no_provider_closed(tmp_path: Path) -> None:
    async with working(tmp_path) as stage:
        for name in ("fal", "aimlapi"):
            stage.providers[name].submits.will(OutOfService("empty"), Ticket("t"))
        card = await stage.order()
        await stage.chat.until(lambda shown: shown.job == card.job and shown.phase is Phase.FAILED)
        stage.clock.jump(-7200)
        stage.clock.forward(60)
        await filmed(stage, (await stage.order()).job)
