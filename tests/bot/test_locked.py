"""Another program holds the database, or the disk takes no more of it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.card import JobCard
from bot.desk import Deed
from bot.errands import BETWEEN, BETWEEN_FAILURES, Errand
from bot.job import Phase
from bot.refusal import NotWritten
from bot.wording import refused
from tests.ledger import ledger_of
from tests.stage import OWNER, Stage, staged


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr("storage.sqlite.database.BUSY_SECONDS", 0.0)
    async with staged(tmp_path) as built:
        yield built


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """By somebody who writes and does not end."""
    other = sqlite3.connect(stage.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


async def test_an_order_that_cannot_be_written_down_is_refused_and_free(stage: Stage) -> None:
    with locked(stage), pytest.raises(NotWritten) as refusal:
        await stage.order()
    card = refused(refusal.value)
    assert (card.title, *card.lines) == (
        "Not at the moment",
        "The bot cannot write anything down right now.",
        "Try again in some minutes; the operator can see why.",
        "Nothing was charged.",
    )
    assert await stage.store.unfinished() == []
    await stage.order()


async def test_a_job_goes_on_once_it_can_be_written_down(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    card = await stage.order()
    engine = asyncio.create_task(stage.engine.run())
    await stage.chat.until(lambda shown: shown.phase is Phase.RENDERING)
    with locked(stage):
        for _ in range(600):
            stage.clock.forward(1)
            await stage.store.job(card.job)
    tries = [record for record in caplog.records if "a step failed" in record.message]
    assert 2 <= len(tries) <= 20
    assert not any(record.exc_info for record in tries)
    assert "the database cannot be used: database is locked" in caplog.text

    def is_there(shown: JobCard) -> bool:
        return shown.phase is Phase.DELIVERED

    stage.clock.forward(60)
    await stage.chat.until(is_there)
    stage.engine.stop()
    await engine
    assert len(stage.provider.takes) == 1
    assert ledger_of(stage, await stage.job(card.job)) == [("reserve", 200_000), ("settle", 200_000)]


async def test_an_errand_waits_until_it_can_be_written_down(stage: Stage) -> None:
    job = (await stage.order()).job
    errand = Errand(deed=Deed.CANCEL, about=job, by=OWNER, at=stage.clock.now())
    number = await stage.store.errands.leave(errand)
    with locked(stage):
        assert await stage.core.porter.look() == BETWEEN_FAILURES
    assert await stage.core.porter.look() == BETWEEN
    answer = await stage.store.errands.answered(number)
    assert answer is not None
    assert answer.is_done
