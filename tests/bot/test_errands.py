"""What is asked for from beside the running program."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta

import pytest

from bot.desk import Deed
from bot.errands import BETWEEN, STALE, Answer, Errand
from bot.job import Identity, Phase
from tests.stage import Stage

OLGA = Identity(platform="shell", user="olga", name="olga")


def to(deed: Deed, job: str, stage: Stage, reason: str = "") -> Errand:
    return Errand(deed=deed, about=job, reason=reason, by=OLGA, at=stage.clock.now())


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[None]:
    porter = asyncio.create_task(stage.core.porter.run())
    try:
        yield
    finally:
        porter.cancel()
        await asyncio.wait([porter])


async def answered(stage: Stage, number: int) -> Answer:
    """Time passes until there is an answer."""
    while (answer := await stage.store.errands.answered(number)) is None:
        stage.clock.forward(BETWEEN)
        await asyncio.sleep(0)
    return answer


async def test_the_running_program_does_what_is_asked_and_answers(stage: Stage) -> None:
    job = (await stage.order()).job
    async with running(stage):
        number = await stage.store.errands.leave(to(Deed.CANCEL, job, stage))
        answer = await answered(stage, number)
    assert answer.is_done
    assert answer.lines[0] == "Cancelled"
    assert (await stage.job(job)).phase is Phase.CANCELLED
    assert await stage.store.errands.answered(number) is None


async def test_what_cannot_be_done_is_answered_with_the_reason(stage: Stage) -> None:
    job = (await stage.order()).job
    async with running(stage):
        refused = await answered(stage, await stage.store.errands.leave(to(Deed.REFUND, job, stage)))
    assert not refused.is_done
    assert refused.lines[0] == "Nothing to refund"


async def test_an_errand_that_goes_wrong_keeps_nobody_from_the_next(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (await stage.order()).job, (await stage.order()).job
    with closing(sqlite3.connect(stage.database)) as connection, connection:
        connection.execute("UPDATE jobs SET request = 'no JSON' WHERE id = ?", (first,))
    async with running(stage):
        numbers = [await stage.store.errands.leave(to(Deed.CANCEL, job, stage)) for job in (first, second)]
        wrong, good = [await answered(stage, number) for number in numbers]
    assert (wrong.is_done, good.is_done) == (False, True)
    assert wrong.lines[0] == "That went wrong"
    assert [record.levelno for record in caplog.records if record.name == "bot.errands"] == [logging.ERROR]


async def test_an_errand_can_be_withdrawn_until_it_is_begun(stage: Stage) -> None:
    errands = stage.store.errands
    first, second = [await errands.leave(to(Deed.CANCEL, "1", stage)) for _ in range(2)]
    assert await errands.withdraw(first)
    begun = await errands.begin(stage.clock.now() - STALE)
    assert [number for number, _ in begun] == [second]
    assert not await errands.withdraw(second)
    assert not await errands.begin(stage.clock.now() - STALE)


async def test_what_nobody_waits_for_any_more_is_not_done(stage: Stage) -> None:
    job = (await stage.order()).job
    await stage.store.errands.leave(to(Deed.CANCEL, job, stage))
    stage.clock.forward((STALE + timedelta(seconds=1)).total_seconds())
    assert not await stage.store.errands.begin(stage.clock.now() - STALE)
    assert (await stage.job(job)).phase is Phase.ACCEPTED
