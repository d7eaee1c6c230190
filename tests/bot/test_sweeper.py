"""What is not kept for good ends by itself."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.card import Order
from bot.job import Job, JobId
from bot.keeping import Keep
from bot.trouble import Undeliverable
from tests.stage import ANN, LOBBY, Stage

HOUR, DAY = 3600, 24 * 3600


async def filmed(stage: Stage) -> Job:
    return await stage.finish((await stage.order("a fox")).job)


async def forget(stage: Stage) -> None:
    await stage.studio.say(Order(identity=ANN, place=LOBBY, event="f", text="/forget me"))


async def test_every_hour_what_has_become_old_is_swept(stage: Stage) -> None:
    job = await filmed(stage)
    running = asyncio.create_task(stage.core.sweeper.run())
    async with asyncio.timeout(10):
        while not stage.library.discarded:
            await asyncio.sleep(0)
            stage.clock.forward(HOUR)
    assert stage.library.discarded == [job.id]
    assert stage.clock.now() - job.phase_since > timedelta(days=30)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_the_chat_is_shown_nothing_of_a_sweep(stage: Stage) -> None:
    stage.core.terms.keep = Keep(prompts=timedelta(days=30))
    job = await filmed(stage)
    shown = len(stage.chat.cards)
    stage.clock.forward(31 * DAY)
    await stage.core.sweeper.sweep()
    found = await stage.job(job.id)
    assert (found.swept, found.erased, len(stage.chat.cards)) == (True, True, shown)


async def test_however_many_have_become_old_all_are_swept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sweeper.BATCH", 2)
    stage.core.terms.keep = Keep(prompts=timedelta(days=30))
    jobs = [await filmed(stage) for _ in range(5)]
    stage.clock.forward(31 * DAY)
    await stage.core.sweeper.sweep()
    assert sorted(stage.library.discarded) == sorted(job.id for job in jobs)
    assert all([(await stage.job(job.id)).erased for job in jobs])


async def test_what_is_kept_for_good_is_not_swept(stage: Stage) -> None:
    stage.core.terms.keep = Keep(clips=None, prompts=None)
    job = await filmed(stage)
    stage.clock.forward(3650 * DAY)
    await stage.core.sweeper.sweep()
    assert await stage.job(job.id) == job


async def test_a_clip_that_nobody_has_received_waits_however_long(stage: Stage) -> None:
    stage.chat.receipts.will(Undeliverable("kicked"))
    job = await filmed(stage)
    stage.clock.forward(3650 * DAY)
    stage.library.old = [job.id]
    await stage.core.sweeper.sweep()
    assert stage.library.discarded == []


async def test_files_that_belong_to_no_clip_go_and_those_that_do_stay(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sweeper.BATCH", 2)
    kept, running = await filmed(stage), await stage.order("a hare")
    stage.library.old = [kept.id, running.job, JobId("nobody's")]
    await stage.core.sweeper.sweep()
    assert stage.library.discarded == ["nobody's"]


async def test_files_that_a_crash_kept_after_a_forgetting_go(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed(*_: JobId) -> None:
        raise RuntimeError

    job = await filmed(stage)
    alive = stage.library.discard
    monkeypatch.setattr(stage.library, "discard", killed)
    with pytest.raises(RuntimeError):
        await forget(stage)
    monkeypatch.setattr(stage.library, "discard", alive)
    stage.library.old = [job.id]
    await stage.core.sweeper.sweep()
    assert stage.library.discarded == [job.id]


async def test_after_a_month_nobody_knows_who_was_forgotten(stage: Stage) -> None:
    job = await filmed(stage)
    await forget(stage)
    stage.clock.forward(31 * DAY - 1)
    await stage.core.sweeper.sweep()
    assert (await stage.account()).clips == 1
    stage.clock.forward(1)
    await stage.core.sweeper.sweep()
    assert (await stage.account()).clips == 0
    assert (await stage.job(job.id)).identity.user == ""


async def test_an_event_of_somebody_who_was_forgotten_is_known_again_for_two_days(stage: Stage) -> None:
    card = await stage.order("a fox", event="e")
    await stage.finish(card.job)
    await forget(stage)
    stage.clock.forward(2 * DAY - 1)
    await stage.core.sweeper.sweep()
    assert (await stage.order("a fox", event="e")).job == card.job
    stage.clock.forward(2)
    await stage.core.sweeper.sweep()
    assert (await stage.order("a fox", event="e")).job != card.job


async def test_the_file_of_the_database_is_written_anew_at_most_once_a_day(stage: Stage) -> None:
    async def remains_after_a_sweep() -> bool:
        await stage.core.sweeper.sweep()
        return b"a fuchsia fox" in b"".join(file.read_bytes() for file in stage.database.parent.glob("rushes.db*"))

    for is_scrubbed in (True, False):
        await stage.finish((await stage.order("a fuchsia fox")).job)
        await forget(stage)
        assert await remains_after_a_sweep() is not is_scrubbed
    stage.clock.forward(DAY)
    assert not await remains_after_a_sweep()


async def test_what_cannot_be_swept_keeps_nothing_else_and_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise OSError

    job = await filmed(stage)
    stage.library.old = [JobId("nobody's")]
    stage.clock.forward(31 * DAY)
    with monkeypatch.context() as patch:
        patch.setattr(stage.core.sweeper, "_clips", broken)
        await stage.core.sweeper.sweep()
    assert stage.library.discarded == ["nobody's"]
    assert "not everything could be swept" in caplog.text
    stage.library.old = []
    await stage.core.sweeper.sweep()
    assert stage.library.discarded == ["nobody's", job.id]
