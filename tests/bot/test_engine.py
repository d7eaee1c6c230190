"""Many jobs on one machine: who is next, how many at once, what is resumed, how it stops."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import engine as engine_module
from bot.access import Presence
from bot.books import Accepted
from bot.card import JobCard, Verb
from bot.engine import CALLS, Timetable
from bot.job import Job, JobId, Phase, Ticket
from bot.ports import Finished, Queued, Rendering
from bot.refusal import Restarting
from bot.rules import Rules
from bot.trouble import LONGEST_ASKED, Gone, Throttled
from tests.stage import ANN, BOB, NOON, Stage, staged


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[asyncio.Task[None]]:
    """The engine at work; stopped at the end."""
    engine = asyncio.create_task(stage.engine.run())
    try:
        yield engine
    finally:
        stage.engine.stop()
        await engine


def delivered(job: JobId) -> Callable[[JobCard], bool]:
    return lambda card: card.job == job and card.phase is Phase.DELIVERED


def of(job: JobId, phase: Phase) -> Callable[[JobCard], bool]:
    return lambda card: card.job == job and card.phase is phase


async def test_an_accepted_job_is_filmed_without_further_ado(stage: Stage) -> None:
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(of(card.job, Phase.RENDERING))
        stage.clock.forward(1)
        await stage.chat.until(delivered(card.job))


async def test_a_provider_is_given_no_more_jobs_than_it_has_room_for(stage: Stage) -> None:
    stage.provider.sights.will(Rendering())
    async with running(stage):
        cards = [await stage.order(by=replace(ANN, user=f"u{n}")) for n in range(4)]
        for card in cards[:2]:
            await stage.chat.until(of(card.job, Phase.RENDERING))
        await stage.chat.until(lambda shown: shown.job == cards[2].job and shown.lines[0] == "Next in line.")
        assert len(stage.provider.takes) == 2
        stage.provider.sights.will(Finished("http://media/a.mp4"))
        stage.clock.forward(1)
        for card in cards:
            await stage.chat.until(of(card.job, Phase.RENDERING))
            stage.clock.forward(1)
            await stage.chat.until(delivered(card.job))


async def test_who_ordered_twenty_does_not_stand_before_everybody_else(stage: Stage) -> None:
    stage.provider.sights.will(Rendering())
    async with running(stage):
        many = [await stage.order(by=ANN) for _ in range(20)]
        await stage.chat.until(of(many[1].job, Phase.RENDERING))
        one = await stage.order(by=BOB)
        assert one.lines[0] == "Next in line." or "Number 2" in one.lines[0]
        stage.provider.sights.will(Finished("http://media/a.mp4"))
        stage.clock.forward(1)
        await stage.chat.until(of(one.job, Phase.RENDERING))
        rendered = {shown.job for shown in stage.chat.cards if shown.phase is Phase.RENDERING}
        assert len(rendered) <= 5


async def test_those_who_wait_see_their_position_move(stage: Stage) -> None:
    stage.provider.sights.will(Rendering())
    async with running(stage):
        cards = [await stage.order(by=replace(ANN, user=f"u{n}")) for n in range(4)]
        last = cards[-1].job
        await stage.chat.until(lambda shown: shown.job == last and "Number 2" in shown.lines[0])
        await stage.press(Verb.CANCEL, cards[2].job, by=replace(ANN, user="u2"))
        stage.provider.sights.will(Finished("http://media/a.mp4"))
        await stage.chat.until(of(cards[0].job, Phase.RENDERING))
        stage.clock.forward(1)
        await stage.chat.until(of(last, Phase.RENDERING))


async def test_a_cancelled_order_leaves_the_line(stage: Stage) -> None:
    stage.provider.sights.will(Rendering())
    async with running(stage):
        cards = [await stage.order() for _ in range(3)]
        await stage.chat.until(of(cards[1].job, Phase.RENDERING))
        await stage.press(Verb.CANCEL, cards[2].job)
        stage.provider.sights.will(Finished("http://media/a.mp4"))
        stage.clock.forward(1)
        await stage.chat.until(delivered(cards[1].job))
    assert len(stage.provider.takes) == 2


async def test_a_press_is_heard_in_the_middle_of_a_pause(stage: Stage) -> None:
    stage.provider.sights.will(Rendering())
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(of(card.job, Phase.RENDERING))
        await stage.press(Verb.CANCEL, card.job)
        await stage.chat.until(of(card.job, Phase.CANCELLED))


async def test_a_press_in_the_middle_of_a_step_is_heard_after_it(stage: Stage) -> None:
    stage.provider.gate.clear()
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(of(card.job, Phase.SUBMITTING))
        await stage.press(Verb.CANCEL, card.job)
        stage.provider.gate.set()
        await stage.chat.until(of(card.job, Phase.CANCELLED))


async def test_what_was_unfinished_is_resumed(tmp_path: Path) -> None:
    async with staged(tmp_path) as before:
        cards = [await before.order(by=replace(ANN, user=f"u{n}")) for n in range(4)]
        await before.until(cards[1].job, Phase.RENDERING)
        await before.until(cards[2].job, Phase.FETCHING)
        await before.until(cards[3].job, Phase.DELIVERING)
    async with staged(tmp_path) as after, running(after):
        for card in cards[1:]:
            await after.chat.until(delivered(card.job))
        await after.chat.until(of(cards[0].job, Phase.RENDERING))
        after.clock.forward(1)
        await after.chat.until(delivered(cards[0].job))
    assert len(after.provider.takes) == 1


async def test_others_have_their_turn_while_what_was_unfinished_is_taken_up(tmp_path: Path) -> None:
    async with staged(tmp_path) as before:
        for number in range(20):
            await before.order(by=replace(ANN, user=f"u{number}"))
    async with staged(tmp_path, room=0) as after, running(after):
        seen: list[int] = []
        while not seen or seen[-1] < 20:
            await asyncio.sleep(0)
            seen.append(len(after.chat.cards))
    assert set(range(1, 21)) <= set(seen)


async def test_a_job_that_died_in_its_submission_is_not_submitted_again(tmp_path: Path) -> None:
    async with staged(tmp_path) as before:
        card = await before.order()
        before.provider.submits.will(RuntimeError("the process dies here"))
        with pytest.raises(RuntimeError):
            await before.step(card.job)
    async with staged(tmp_path) as after, running(after):
        await after.chat.until(of(card.job, Phase.UNRESOLVED))
    assert after.provider.takes == []


async def test_jobs_at_the_provider_count_after_a_restart_too(tmp_path: Path) -> None:
    async with staged(tmp_path) as before:
        cards = [await before.order(by=replace(ANN, user=f"u{n}")) for n in range(3)]
        await before.until(cards[0].job, Phase.RENDERING)
        await before.until(cards[1].job, Phase.RENDERING)
    async with staged(tmp_path) as after:
        after.provider.sights.will(Rendering())
        async with running(after):
            await after.order("another", by=BOB)
            assert after.provider.takes == []


async def test_one_job_s_mishap_is_logged_and_the_others_go_on(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.provider.submits.will(Ticket("t"))
    stage.provider.sights.will(LookupError("a bug"), Finished("http://media/a.mp4"))
    async with running(stage):
        first = await stage.order()
        await stage.chat.until(of(first.job, Phase.RENDERING))
        stage.clock.forward(1)
        second = await stage.order()
        await stage.chat.until(of(second.job, Phase.RENDERING))
        stage.clock.forward(60)
        await stage.chat.until(delivered(first.job))
        await stage.chat.until(delivered(second.job))
    assert [record.levelno for record in caplog.records if "a step failed" in record.message] == [logging.ERROR]


async def test_a_stop_lets_a_submission_finish(stage: Stage) -> None:
    stage.provider.gate.clear()
    engine = asyncio.create_task(stage.engine.run())
    card = await stage.order()
    await stage.chat.until(of(card.job, Phase.SUBMITTING))
    stage.engine.stop()
    stage.provider.gate.set()
    await engine
    assert (await stage.job(card.job)).phase is Phase.RENDERING


async def test_a_stop_does_not_wait_for_a_submission_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "GRACE", 0.01)
    stage.provider.gate.clear()
    engine = asyncio.create_task(stage.engine.run())
    card = await stage.order()
    await stage.chat.until(of(card.job, Phase.SUBMITTING))
    stage.engine.stop()
    await engine
    assert (await stage.job(card.job)).phase is Phase.SUBMITTING


async def test_a_stop_breaks_off_what_can_be_resumed(stage: Stage) -> None:
    engine = asyncio.create_task(stage.engine.run())
    stage.library.gate.clear()
    card = await stage.order()
    await stage.chat.until(of(card.job, Phase.RENDERING))
    stage.clock.forward(1)
    await stage.chat.until(of(card.job, Phase.FETCHING))
    await stage.library.begun.wait()
    stage.engine.stop()
    await engine
    assert (await stage.job(card.job)).phase is Phase.FETCHING


async def test_nothing_is_accepted_while_stopping(stage: Stage) -> None:
    stage.engine.stop()
    with pytest.raises(Restarting):
        await stage.order()
    assert await stage.store.unfinished() == []


async def test_a_throttled_job_keeps_its_place_at_the_provider(stage: Stage) -> None:
    stage.provider.submits.will(Throttled("slow down", retry_after=50), Ticket("second"))
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(lambda shown: "trying again" in shown.lines[0])
        stage.clock.forward(50)
        await stage.chat.until(of(card.job, Phase.RENDERING))


def test_a_later_entry_in_the_timetable_replaces_the_earlier_one() -> None:
    timetable = Timetable()
    timetable.put(JobId("a"), NOON)
    timetable.put(JobId("a"), NOON.replace(hour=13))
    assert timetable.due(NOON) == []
    assert timetable.next_due() == NOON.replace(hour=13)


def test_no_more_are_due_in_a_lane_than_may_go_and_those_of_others_go_on() -> None:
    timetable = Timetable()
    for job in "abc":
        timetable.put(JobId(job), NOON, "fal")
    timetable.put(JobId("d"), NOON, "aimlapi")
    timetable.put(JobId("c"), NOON, "aimlapi")
    assert timetable.due(NOON, "fal", 1) == ["a"]
    assert timetable.due(NOON, "fal", 0) == []
    assert timetable.due(NOON, "aimlapi") == ["c", "d"]
    assert timetable.due(NOON, "fal") == ["b"]


async def test_a_look_without_news_does_not_read_the_job(stage: Stage) -> None:
    async def look(seconds: float) -> None:
        stage.provider.looked.clear()
        stage.clock.forward(seconds)
        await stage.provider.looked.wait()

    stage.provider.sights.will(Rendering())
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(of(card.job, Phase.RENDERING))
        await stage.store.save(replace(await stage.job(card.job), cancel_asked=True))
        await look(1)
        await look(5)
        assert stage.provider.cancelled == []
        stage.provider.sights.will(Queued(1))
        await look(15)
        await stage.chat.until(of(card.job, Phase.CANCELLED))


def test_a_dropped_entry_is_never_due() -> None:
    timetable = Timetable()
    timetable.put(JobId("a"), NOON)
    timetable.drop(JobId("a"))
    assert timetable.next_due() is None
    assert timetable.due(NOON) == []


async def test_a_job_that_nobody_stored_disturbs_nobody(stage: Stage) -> None:
    stage.provider.sights.will(Rendering())
    async with running(stage):
        cards = [await stage.order(by=replace(ANN, user=f"u{n}")) for n in range(2)]
        ghost = replace(await stage.job(cards[0].job), id=JobId("0"), person="nobody")
        stage.engine.poke(ghost)
        stage.engine.admit(ghost)
        stage.engine.poke(replace(ghost, phase=Phase.RENDERING))
        for card in cards:
            await stage.chat.until(of(card.job, Phase.RENDERING))
        stage.engine.admit(replace(ghost, id=JobId("1")))
        stage.provider.sights.will(Finished("http://media/a.mp4"))
        stage.clock.forward(1)
        for card in cards:
            await stage.chat.until(delivered(card.job))


async def test_a_job_that_is_said_to_be_done_is_looked_at_at_once(stage: Stage) -> None:
    stage.provider.sights.will(Rendering(), Finished("http://media/a.mp4"))
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(of(card.job, Phase.RENDERING))
        stage.clock.forward(0.5)
        await stage.provider.looked.wait()
        job = await stage.job(card.job)
        assert await stage.studio.heard("fal", job.id, job.correlation or "")
        await stage.chat.until(delivered(card.job))


async def test_a_clock_that_is_set_back_holds_up_nobody(stage: Stage) -> None:
    stage.provider.sights.will(Queued(1), Finished("http://media/a.mp4"))
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(of(card.job, Phase.RENDERING))
        stage.clock.jump(-7200)
        stage.clock.forward(1)
        await stage.chat.until(lambda shown: "1 before" in shown.lines[0], 2)
        stage.clock.forward(1)
        await stage.chat.until(delivered(card.job), 2)


async def test_a_provider_that_asks_to_be_left_alone_for_ever_ends_nothing_and_is_asked_again(stage: Stage) -> None:
    stage.provider.sights.will(Gone("404", retry_after=1e14), Finished("http://media/a.mp4"))
    async with running(stage):
        card = await stage.order()
        await stage.chat.until(of(card.job, Phase.RENDERING))
        stage.clock.forward(1)
        await stage.chat.until(lambda _: [shown.phase for shown in stage.chat.cards].count(Phase.RENDERING) > 1, 2)
        stage.clock.forward(LONGEST_ASKED)
        await stage.chat.until(delivered(card.job), 2)


async def test_two_lines_at_one_provider_take_turns(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("fal", "aimlapi"), room=1) as stage, running(stage):
        stage.provider.sights.will(Rendering())
        many = [await stage.order(by=ANN) for _ in range(4)]
        await stage.chat.until(of(many[0].job, Phase.RENDERING))
        one = await stage.order("a fox --provider fal", by=BOB)
        stage.provider.sights.will(Finished("http://media/a.mp4"))
        stage.clock.forward(1)
        await stage.chat.until(of(many[1].job, Phase.RENDERING))
        stage.clock.forward(1)
        await stage.chat.until(of(one.job, Phase.RENDERING), 2)


async def test_a_position_that_cannot_be_shown_ends_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage.provider.sights.will(Rendering())
    async with running(stage):
        cards = [await stage.order(by=replace(ANN, user=f"u{n}")) for n in range(5)]
        await stage.chat.until(of(cards[1].job, Phase.RENDERING))
        read = stage.store.job

        async def unreadable(job_id: JobId) -> Job | None:
            if job_id == cards[4].job:
                raise OSError("disk")
            return await read(job_id)

        monkeypatch.setattr(stage.store, "job", unreadable)
        stage.provider.sights.will(Finished("http://media/a.mp4"))
        stage.clock.forward(1)
        for card in cards[:2]:
            await stage.chat.until(delivered(card.job), 2)
        await stage.chat.until(of(cards[2].job, Phase.RENDERING), 2)
        monkeypatch.undo()
        for card in cards[2:]:
            await stage.chat.until(of(card.job, Phase.RENDERING), 2)
            stage.clock.forward(1)
            await stage.chat.until(delivered(card.job), 2)
    assert any("position" in record.message for record in caplog.records)


async def test_a_stop_begins_no_submission_that_still_waits_for_its_turn(tmp_path: Path) -> None:
    async with staged(tmp_path, room=CALLS + 1) as stage:
        stage.provider.gate.clear()
        engine = asyncio.create_task(stage.engine.run())
        cards = [await stage.order() for _ in range(CALLS + 1)]
        await stage.chat.until(lambda _: len(stage.provider.takes) == CALLS)
        stage.engine.stop()
        stage.provider.gate.set()
        await engine
        assert len(stage.provider.takes) == CALLS
        assert [job.id for job in await stage.store.unfinished() if job.phase is Phase.ACCEPTED] == [cards[-1].job]


async def test_a_provider_that_hangs_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("fal", "aimlapi"), room=CALLS + 1) as stage, running(stage):
        stage.provider.gate.clear()
        for _ in range(CALLS + 1):
            await stage.order("a fox --provider fal")
        await stage.chat.until(lambda _: len(stage.provider.takes) == CALLS)
        elsewhere = await stage.order("a fox --provider aimlapi", by=BOB)
        try:
            await stage.chat.until(of(elsewhere.job, Phase.RENDERING), 2)
        finally:
            stage.provider.gate.set()


async def test_an_order_whose_sender_went_away_in_the_middle_is_filmed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = stage.store.accept

    async def accept_and_lose_the_sender(job: Job, event: str, rules: Rules, presence: Presence) -> Accepted:
        accepted = await accept(job, event, rules, presence)
        ordering.cancel()
        await asyncio.sleep(0)
        return accepted

    monkeypatch.setattr(stage.store, "accept", accept_and_lose_the_sender)
    async with running(stage):
        ordering = asyncio.create_task(stage.order())
        with pytest.raises(asyncio.CancelledError):
            await ordering
        await stage.chat.until(lambda shown: shown.phase is Phase.RENDERING, 2)


async def test_a_poke_changes_nothing_for_a_job_that_waits_its_turn(stage: Stage) -> None:
    card = await stage.order()
    stage.engine.poke(await stage.job(card.job))
    async with running(stage):
        await stage.chat.until(of(card.job, Phase.RENDERING))
        stage.clock.forward(1)
        await stage.chat.until(delivered(card.job))
    assert len(stage.provider.takes) == 1


async def test_a_job_that_is_not_stored_has_no_position_to_show(tmp_path: Path) -> None:
    async with staged(tmp_path, room=1) as stage:
        card = await stage.order()
        ghost = replace(await stage.job(card.job), id=JobId("0"), person="nobody")
        stage.engine.admit(ghost)
        async with running(stage):
            await stage.chat.until(of(card.job, Phase.RENDERING))
            stage.clock.forward(1)
            await stage.chat.until(delivered(card.job))
    assert {shown.job for shown in stage.chat.cards} == {card.job}
