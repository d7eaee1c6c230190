"""One job at a time, step by step, through everything that can happen to it."""

import sqlite3
from dataclasses import replace

import pytest

from bot.card import Verb
from bot.generation import OUTAGE
from bot.job import Delivery, Entry, Failure, FailureKind, ImpossibleStep, Job, JobId, Phase, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Stopped
from bot.record import MOST_TRIES
from bot.trouble import (
    Ambiguous,
    Gone,
    MediaExpired,
    MediaUnplayable,
    NotKept,
    Passing,
    Rejected,
    Throttled,
    Undeliverable,
    Unreachable,
)
from tests.ledger import ledger_of
from tests.stage import CLIP, NOON, Stage

MODERATED = Failure(FailureKind.MODERATED, "no dragons")


async def test_an_order_becomes_a_clip_in_the_chat(stage: Stage) -> None:
    card = await stage.order("a red fox --ar 9:16 --dur 8")
    job = await stage.finish(card.job)
    assert job.phase is Phase.DELIVERED
    assert job.clip == CLIP
    assert job.receipt == "message 1"
    assert [shown.phase for shown in stage.chat.cards if shown.phase is not Phase.DELIVERING] == [
        Phase.ACCEPTED,
        Phase.SUBMITTING,
        Phase.RENDERING,
        Phase.FETCHING,
        Phase.DELIVERED,
    ]


async def test_the_provider_is_given_the_request_with_the_seed_that_was_drawn(stage: Stage) -> None:
    card = await stage.order("a red fox --ar 9:16")
    job = await stage.finish(card.job)
    (take,) = stage.provider.takes
    assert take.request == replace(job.request, seed=job.seed)
    assert job.seed is not None


async def test_the_intent_is_written_down_before_the_provider_is_called(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.submits.will(ProcessDied())
    with pytest.raises(ProcessDied):
        await stage.step(card.job)
    job = await stage.job(card.job)
    assert job.phase is Phase.SUBMITTING
    assert job.correlation == stage.provider.takes[0].correlation


class ProcessDied(Exception):
    """Stands for the process dying in the call."""


async def test_a_submission_whose_answer_was_lost_is_never_repeated(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.submits.will(Ambiguous("reset"))
    job = await stage.finish(card.job)
    assert job.phase is Phase.UNRESOLVED
    assert len(stage.provider.takes) == 1
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]


async def test_a_submission_whose_answer_was_lost_goes_on_when_the_provider_knows_it(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.submits.will(Ambiguous("reset"))
    stage.provider.finds.will(Ticket("found"))
    job = await stage.finish(card.job)
    assert job.phase is Phase.DELIVERED
    assert job.ticket == "found"
    assert stage.provider.looked_for == [stage.provider.takes[0].correlation]


async def test_looking_for_a_lost_submission_is_tried_several_times(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.submits.will(Ambiguous("reset"))
    stage.provider.finds.will(Passing("down"), Passing("down"), Ticket("found"))
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_a_lost_submission_that_cannot_be_looked_up_ends_unresolved(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.submits.will(Ambiguous("reset"))
    stage.provider.finds.will(Passing("down"))
    job = await stage.finish(card.job)
    assert job.phase is Phase.UNRESOLVED
    assert len(stage.provider.takes) == 1


@pytest.mark.parametrize("trouble", [Throttled("slow down"), Unreachable("no route")])
async def test_a_submission_that_certainly_did_not_start_is_tried_again(stage: Stage, trouble: Exception) -> None:
    card = await stage.order()
    stage.provider.submits.will(trouble, Ticket("second"))
    await stage.step(card.job)
    assert (await stage.job(card.job)).phase is Phase.ACCEPTED
    assert "trying again" in stage.chat.cards[-1].lines[0]
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_a_provider_that_stays_busy_ends_the_job_for_free(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.submits.will(Throttled("slow down"))
    job = await stage.finish(card.job)
    assert job.failure == Failure(FailureKind.BUSY)
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]


async def test_a_refused_prompt_costs_nothing_and_says_why(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.submits.will(Rejected(MODERATED))
    job = await stage.finish(card.job)
    assert job.phase is Phase.FAILED
    assert "no dragons" in stage.chat.cards[-1].lines[0]
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]


async def test_the_place_in_the_provider_s_queue_is_shown_as_it_changes(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Queued(2), Queued(2), Queued(1), Rendering(), Finished("http://media/a.mp4"))
    await stage.finish(card.job)
    lines = [shown.lines[0] for shown in stage.chat.cards if shown.phase is Phase.RENDERING]
    assert lines == [
        "fal is filming.",
        "In line at fal: 2 before this one.",
        "In line at fal: 1 before this one.",
        "fal is filming.",
    ]


async def test_a_look_that_fails_is_repeated(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Passing("502"), Finished("http://media/a.mp4"))
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_a_generation_that_never_ends_is_given_up_stopped_and_free(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Rendering())
    job = await stage.finish(card.job)
    assert job.failure == Failure(FailureKind.TIMED_OUT)
    assert stage.provider.cancelled == ["ticket"]
    assert ledger_of(stage, job)[-1] == ("refund", 0)


async def test_a_clock_that_is_set_forward_ends_nothing_that_can_still_be_looked_at(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.provider.sights.will(Rendering())
    await stage.step(card.job)
    stage.clock.jump(7200)
    await stage.step(card.job)
    stage.provider.sights.will(Passing("502"))
    for _ in range(10):
        await stage.step(card.job)
    stage.provider.sights.will(Finished("http://media/a.mp4"))
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_what_was_not_looked_at_for_long_is_waited_for_anew(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.until(card.job, Phase.RENDERING)
    stage.provider.sights.will(Rendering())
    stage.clock.forward(2 * job.offer.patience)
    begun = stage.clock.steady()
    assert (await stage.finish(card.job)).failure == Failure(FailureKind.TIMED_OUT)
    assert (stage.clock.steady() - begun).total_seconds() > job.offer.patience


async def test_a_late_generation_that_cannot_be_stopped_ends_all_the_same(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Rendering())
    stage.provider.cancels.will(Passing("502"))
    assert (await stage.finish(card.job)).failure == Failure(FailureKind.TIMED_OUT)


async def test_a_ticket_that_the_provider_forgot_ends_the_job(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Gone("404"))
    assert (await stage.finish(card.job)).failure == Failure(FailureKind.LOST)


async def test_a_ticket_that_the_provider_does_not_know_at_first_is_looked_at_again(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Gone("404"), Finished("http://media/a.mp4"))
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_success_without_a_video_is_waited_for(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Finished(None), Finished("http://media/a.mp4"))
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_success_that_stays_without_a_video_is_a_failure(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Finished(None))
    assert (await stage.finish(card.job)).failure == Failure(FailureKind.MEDIA)


async def test_a_failed_generation_costs_nothing(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER, "out of memory")))
    job = await stage.finish(card.job)
    assert job.failure == Failure(FailureKind.PROVIDER, "out of memory")
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]


async def test_a_generation_stopped_at_the_provider_costs_nothing(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Stopped())
    job = await stage.finish(card.job)
    assert job.phase is Phase.CANCELLED
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]


async def test_an_expired_address_is_asked_for_anew(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.sights.will(Finished("http://media/old.mp4"), Finished("http://media/new.mp4"))
    stage.library.fetches.will(MediaExpired("403"), CLIP)
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED
    assert stage.library.urls == ["http://media/old.mp4", "http://media/new.mp4"]


@pytest.mark.parametrize("sight", [Passing("502"), Gone("404"), Rendering()])
async def test_an_expired_address_that_cannot_be_renewed_ends_the_job_for_free(
    stage: Stage, sight: Exception | Rendering
) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.FETCHING)
    stage.provider.sights.will(sight)
    stage.library.fetches.will(MediaExpired("403"))
    job = await stage.finish(card.job)
    assert job.failure == Failure(FailureKind.MEDIA)
    assert ledger_of(stage, job)[-1] == ("refund", 0)


@pytest.mark.parametrize("trouble", [Passing("reset"), MediaUnplayable("HTML")])
async def test_a_clip_that_does_not_arrive_is_fetched_again(stage: Stage, trouble: Exception) -> None:
    card = await stage.order()
    stage.library.fetches.will(trouble, CLIP)
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_a_clip_that_never_arrives_is_a_failure(stage: Stage) -> None:
    card = await stage.order()
    stage.library.fetches.will(MediaUnplayable("HTML"))
    assert (await stage.finish(card.job)).failure == Failure(FailureKind.MEDIA)


async def test_a_clip_that_finds_no_room_here_waits_until_there_is(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    card = await stage.order()
    stage.library.fetches.will(*[NotKept("No space left on device")] * (MOST_TRIES + 20), CLIP)
    job = await stage.finish(card.job)
    assert (job.phase, len(stage.library.urls)) == (Phase.DELIVERED, MOST_TRIES + 21)
    assert ledger_of(stage, job) == [("reserve", 200_000), ("settle", 200_000)]
    waiting = next(shown for shown in stage.chat.cards if "trying again" in shown.lines[0])
    assert waiting.lines[0] == "The clip is finished, but could not be brought here; trying again."
    assert "the clip cannot be written to our disk: No space left on device" in caplog.text


async def test_a_clip_that_finds_no_room_for_hours_ends_for_free(stage: Stage) -> None:
    card = await stage.order()
    stage.library.fetches.will(NotKept("No space left on device"))
    job = await stage.finish(card.job)
    assert job.failure == Failure(FailureKind.NOT_KEPT)
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]
    assert len(stage.library.urls) < OUTAGE / 30
    assert stage.chat.cards[-1].lines[:2] == (
        "There was no room here for the finished clip.",
        "Try again later, or tell the operator.",
    )


async def test_a_clip_that_is_here_is_paid_for_once(stage: Stage) -> None:
    card = await stage.order("a fox --res 1080p")
    job = await stage.finish(card.job)
    assert ledger_of(stage, job) == [("reserve", 400_000), ("settle", 400_000)]


async def test_an_upload_that_fails_is_tried_again(stage: Stage) -> None:
    card = await stage.order()
    stage.chat.receipts.will(Passing("502"), "message 2")
    assert (await stage.finish(card.job)).receipt == "message 2"


@pytest.mark.parametrize("trouble", [Passing("502"), Undeliverable("kicked")])
async def test_a_clip_that_cannot_be_sent_is_kept_and_can_be_sent_again(stage: Stage, trouble: Exception) -> None:
    card = await stage.order()
    stage.chat.receipts.will(trouble)
    job = await stage.finish(card.job)
    assert (job.phase, job.delivery) == (Phase.DELIVERING, Delivery.GIVEN_UP)
    assert [button.verb for button in stage.chat.cards[-1].buttons] == [Verb.SEND_AGAIN]
    stage.chat.receipts.will("message 9")
    await stage.press(Verb.SEND_AGAIN, job.id)
    job = await stage.finish(card.job)
    assert (job.phase, job.receipt) == (Phase.DELIVERED, "message 9")
    assert ledger_of(stage, job) == [("reserve", 200_000), ("settle", 200_000)]


async def test_cancelling_while_it_is_filmed_asks_the_provider_and_costs_nothing(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    await stage.press(Verb.CANCEL, card.job)
    assert stage.chat.cards[-1].title == "Cancelling"
    job = await stage.finish(card.job)
    assert job.phase is Phase.CANCELLED
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]


async def test_cancelling_too_late_brings_the_clip(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.provider.cancels.will(CancelAnswer.TOO_LATE)
    await stage.press(Verb.CANCEL, card.job)
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_cancelling_what_the_provider_cannot_stop_is_charged_and_said(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.provider.cancels.will(CancelAnswer.IMPOSSIBLE)
    await stage.press(Verb.CANCEL, card.job)
    job = await stage.finish(card.job)
    assert job.phase is Phase.CANCELLED
    assert "$0.20 was charged" in stage.chat.cards[-1].lines[0]
    assert ledger_of(stage, job) == [("reserve", 200_000), ("settle", 200_000)]


async def test_cancelling_is_tried_again_and_then_let_go(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.provider.cancels.will(Passing("502"))
    await stage.press(Verb.CANCEL, card.job)
    assert (await stage.finish(card.job)).charged


async def test_cancelling_in_the_middle_of_the_submission_reaches_the_provider(stage: Stage) -> None:
    card = await stage.order()
    stage.provider.gate.clear()
    submitting = stage.begin_step(card.job)
    await stage.chat.until(lambda shown: shown.phase is Phase.SUBMITTING)
    await stage.press(Verb.CANCEL, card.job)
    stage.provider.gate.set()
    await submitting
    assert (await stage.finish(card.job)).phase is Phase.CANCELLED
    assert stage.provider.cancelled == ["ticket"]


async def test_a_step_of_a_job_that_ended_meanwhile_does_nothing(stage: Stage) -> None:
    card = await stage.order()
    stale = await stage.job(card.job)
    await stage.press(Verb.CANCEL, card.job)
    assert await stage.core.submission.submit(stale, "fal") is None
    assert stage.provider.takes == []


async def test_a_job_in_a_phase_that_needs_a_ticket_cannot_be_stored_without_one(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.job(card.job)
    with pytest.raises(sqlite3.IntegrityError):
        await stage.store.save(replace(job, phase=Phase.RENDERING))


async def test_what_is_usual_is_told_after_a_few_clips(stage: Stage) -> None:
    for _ in range(3):
        stage.provider.sights.will(Rendering(), Rendering(), Finished("http://media/a.mp4"))
        await stage.finish((await stage.order()).job)
    card = await stage.order()
    assert card.usual is not None
    assert 0 < card.usual.median <= card.usual.ninety


async def test_a_look_at_a_job_that_ended_meanwhile_changes_nothing(stage: Stage) -> None:
    card = await stage.order()
    stale = await stage.until(card.job, Phase.RENDERING)
    await stage.finish(card.job)
    assert await stage.core.generation.step(stale) is None
    assert (await stage.job(card.job)).phase is Phase.DELIVERED


async def test_a_job_that_waits_for_a_provider_is_not_the_generation_s_business(stage: Stage) -> None:
    card = await stage.order()
    assert await stage.core.generation.step(await stage.job(card.job)) is None


async def test_a_job_without_a_ticket_cannot_be_looked_at(stage: Stage) -> None:
    card = await stage.order()
    with pytest.raises(LookupError):
        await stage.core.generation.step(replace(await stage.job(card.job), phase=Phase.RENDERING))


async def test_a_job_that_was_never_stored_cannot_be_changed(stage: Stage) -> None:
    card = await stage.order()
    ghost = replace(await stage.job(card.job), id=JobId("0"))
    with pytest.raises(LookupError):
        await stage.core.record.move(ghost, Phase.CANCELLED)


async def test_a_phase_is_entered_only_from_where_it_may_follow(stage: Stage) -> None:
    a_job = await stage.job((await stage.order()).job)
    with pytest.raises(ImpossibleStep, match="from accepted to delivered"):
        a_job.entering(Phase.DELIVERED, NOON)


async def test_a_clip_that_was_finished_while_nobody_looked_is_delivered(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.clock.forward(7200)
    job = await stage.finish(card.job)
    assert job.phase is Phase.DELIVERED
    assert ledger_of(stage, job) == [("reserve", 200_000), ("settle", 200_000)]


async def test_how_long_nobody_looked_is_not_taken_for_how_long_it_took(stage: Stage) -> None:
    card = await stage.order()
    job = await stage.until(card.job, Phase.RENDERING)
    stage.clock.forward(7200)
    await stage.finish(card.job)
    assert await stage.store.courses(job.offer, job.shot, 9) == []


async def test_a_late_generation_that_cannot_be_seen_is_looked_at_some_more_times_and_given_up(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.provider.sights.will(Rendering(), Passing("502"), Passing("502"), Finished("http://media/a.mp4"))
    await stage.step(card.job)
    stage.clock.forward(7200)
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED
    second = await stage.order()
    await stage.until(second.job, Phase.RENDERING)
    stage.provider.sights.will(Passing("502"))
    assert (await stage.finish(second.job)).failure == Failure(FailureKind.TIMED_OUT)


async def test_a_provider_that_is_down_is_not_asked_more_often_than_one_that_works(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.clock.forward(100)
    stage.provider.sights.will(Passing("502"))
    assert await stage.step(card.job) == 15


async def test_a_provider_that_does_not_tell_how_it_goes_on_is_logged_once_an_outage(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.provider.sights.will(*[Passing("HTTP 502")] * 4, Rendering(), *[Passing("no answer")] * 4, Rendering())
    for _ in range(10):
        await stage.step(card.job)
    told = [record.message for record in caplog.records if "does not tell" in record.message]
    assert told == [f"fal does not tell how it goes on: {why}" for why in ("HTTP 502", "no answer")]


async def test_after_the_clock_was_set_back_the_provider_is_asked_at_the_usual_pace(stage: Stage) -> None:
    card = await stage.order()
    await stage.until(card.job, Phase.RENDERING)
    stage.clock.jump(-7200)
    stage.provider.sights.will(Rendering(), Finished("http://media/a.mp4"))
    assert await stage.step(card.job) == 0.5
    assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_a_ticket_that_could_not_be_written_down_at_once_is_not_lost(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await stage.order()
    save = stage.store.save

    async def full(job: Job, entry: Entry | None = None) -> Job:
        if job.phase is Phase.RENDERING:
            raise OSError("the disk is full")
        return await save(job, entry)

    monkeypatch.setattr(stage.store, "save", full)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            await stage.step(card.job)
    monkeypatch.undo()
    job = await stage.finish(card.job)
    assert (job.phase, job.ticket) == (Phase.DELIVERED, "ticket")
    assert len(stage.provider.takes) == 1


async def test_a_cancelled_job_that_came_back_in_line_before_a_crash_is_not_submitted(stage: Stage) -> None:
    card = await stage.order()
    await stage.store.save(replace(await stage.job(card.job), cancel_asked=True))
    job = await stage.finish(card.job)
    assert job.phase is Phase.CANCELLED
    assert stage.provider.takes == []
    assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]
