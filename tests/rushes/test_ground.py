"""The database is replaced, or taken away, while it is in use."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.job import Phase
from rushes.ground import EVERY, Ground
from rushes.run import GROUND_LOST
from simulator.app import Addresses
from storage.sqlite import upkeep
from storage.sqlite.store import SqliteStore, sqlite_store
from tests.hurried import at_work
from tests.stage import PSEUDONYM, HandClock
from tests.visitor import visiting


def put_another_there(database: Path) -> None:
    other = database.with_name("other")
    other.touch()
    other.replace(database)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    (tmp_path / "data").mkdir()
    async with sqlite_store(tmp_path / "data" / "rushes.db", PSEUDONYM) as store:
        yield store


@pytest.mark.parametrize("befalls", [put_another_there, Path.unlink])
async def test_a_database_that_is_replaced_or_taken_away_is_noticed(
    tmp_path: Path, store: SqliteStore, befalls: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    clock, database = HandClock(), tmp_path / "data" / "rushes.db"
    watching = asyncio.create_task(Ground(database, store, clock).lost())
    for _ in range(3):
        await asyncio.sleep(0)
        clock.forward(EVERY)
    await asyncio.sleep(0)
    assert not watching.done()
    befalls(database)
    async with asyncio.timeout(10):
        while not watching.done():
            clock.forward(EVERY)
            await asyncio.sleep(0)
    assert caplog.messages == [f"{database} was replaced or taken away while it is in use: stopping"]


async def test_a_disk_that_does_not_tell_is_no_reason_to_stop(tmp_path: Path, store: SqliteStore) -> None:
    clock, database = HandClock(), tmp_path / "data" / "rushes.db"
    watching = asyncio.create_task(Ground(database, store, clock).lost())
    aside = database.rename(database.with_name("aside"))
    database.symlink_to(database)
    for _ in range(3):
        await asyncio.sleep(0)
        clock.forward(EVERY)
    assert not watching.done()
    aside.replace(database)
    await asyncio.sleep(0)
    watching.cancel()


async def test_where_nothing_can_be_kept_that_is_said(
    tmp_path: Path, store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    ground = Ground(tmp_path / "data" / "rushes.db", store, HandClock())
    shutil.rmtree(tmp_path / "data")
    await ground.keep()
    assert "what was written down until now could not be kept: [Errno 2]" in caplog.text


async def test_a_bot_whose_database_is_replaced_keeps_what_it_knew_and_ends_to_be_started_again(
    tmp_path: Path, addresses: Addresses
) -> None:
    database = tmp_path / "data" / "rushes.db"
    async with at_work(tmp_path, addresses) as program, visiting(program.url) as ann:
        job = await ann.order("a fox --res 360p --seed 1")
        await ann.until(job, Phase.DELIVERED)
        put_another_there(database)
        assert await program.process.wait() == GROUND_LOST
    [aside] = database.parent.glob("rushes.db.2*")
    assert f"to go on with it: rushes db restore data/{aside.name}" in (tmp_path / "log").read_text()
    with upkeep.looked_at(aside) as connection:
        assert upkeep.census(connection).jobs == 1
