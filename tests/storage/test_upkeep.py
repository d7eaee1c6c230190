"""Copies of a database in use, and what is found in one that somebody tampered with."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.card import Verb
from bot.job import Phase
from storage.sqlite import upkeep
from storage.sqlite.database import DamagedDatabase, opened
from storage.sqlite.migrating import OtherDatabase, latest_version
from storage.sqlite.upkeep import Finding, Flaw
from tests.stage import ANN, Stage, staged


def found_in(path: Path) -> list[Finding]:
    with upkeep.looked_at(path) as connection:
        return list(upkeep.findings(connection))


def jobs_in(path: Path) -> int:
    with upkeep.looked_at(path) as connection:
        return upkeep.census(connection).jobs


def tampered(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.fixture
async def kept(stage: Stage) -> Path:
    """A database with a job that is delivered, one that was cancelled, one that waits, and something granted."""
    await stage.say("/video_admin grant 3 videos because of a birthday", about=ANN)
    first, second, _ = [(await stage.order()).job for _ in range(3)]
    await stage.until(first, Phase.DELIVERED)
    await stage.press(Verb.CANCEL, second)
    return stage.database


async def test_every_copy_that_is_made_while_orders_come_in_is_whole(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        ordered = asyncio.Event()

        async def order() -> None:
            for _ in range(15):
                await stage.order()
                ordered.set()

        def copied(number: int) -> Path:
            target = tmp_path / f"copy{number}.db"
            with upkeep.looked_at(stage.database) as connection:
                upkeep.copy(connection, target)
            return target

        orders = asyncio.gather(*(order() for _ in range(10)))
        await ordered.wait()
        copies = [await asyncio.to_thread(copied, number) for number in range(5)]
        await orders
    counts = [jobs_in(copy) for copy in copies]
    assert 0 < counts[0] <= counts[-1]
    assert counts == sorted(counts)
    assert [found_in(copy) for copy in copies] == [[]] * 5


async def test_a_copy_is_one_file_for_its_owner_alone(tmp_path: Path, kept: Path) -> None:
    target = tmp_path / "copy" / "a.db"
    target.parent.mkdir()
    before = os.umask(0)
    try:
        with upkeep.looked_at(kept) as connection:
            upkeep.copy(connection, target)
    finally:
        os.umask(before)
    assert found_in(target) == []
    assert [(file.name, file.stat().st_mode & 0o777) for file in target.parent.iterdir()] == [("a.db", 0o600)]


async def test_a_copy_never_overwrites(tmp_path: Path, kept: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with upkeep.looked_at(kept) as connection, pytest.raises(FileExistsError):
        upkeep.copy(connection, tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"


async def test_whoever_only_looks_cannot_write(kept: Path) -> None:
    with upkeep.looked_at(kept) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM jobs")


async def test_books_that_nobody_touched_add_up(kept: Path) -> None:
    assert found_in(kept) == []


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("DELETE FROM ledger WHERE job = 1 AND kind = 'reserve'", Flaw.RESERVED),
        ("DELETE FROM ledger WHERE job = 1 AND kind = 'settle'", Flaw.ENDED),
        (
            """INSERT INTO ledger (job, person, kind, unit, amount, reason, at)
            SELECT number, person, 'refund', 'money', price, '', 0 FROM jobs WHERE number = 3""",
            Flaw.ENDED,
        ),
        ("UPDATE ledger SET amount = 1 WHERE job = 1 AND kind = 'settle'", Flaw.PRICED),
        ("UPDATE jobs SET granted_videos = 1 - granted_videos WHERE number = 3", Flaw.TAKEN),
        ("UPDATE grants SET remaining = remaining - 1", Flaw.GRANTED),
        ("UPDATE use_of_all SET money = money + 1 WHERE ordered_in = ''", Flaw.SUMMED),
        ("DELETE FROM use_of_all WHERE ordered_in <> ''", Flaw.SUMMED),
        ("UPDATE identities SET person = 'nobody'", Flaw.LOOSE),
    ],
)
async def test_books_that_somebody_changed_are_seen_through(kept: Path, statement: str, flaw: Flaw) -> None:
    tampered(kept, statement)
    assert [finding.flaw for finding in found_in(kept)] == [flaw]


async def test_a_finding_names_what_it_is_about(stage: Stage) -> None:
    job = (await stage.order()).job
    tampered(stage.database, "UPDATE use_of_all SET videos = 9", "DELETE FROM ledger")
    assert {about for _, about in found_in(stage.database)} == {
        f"job {job}",
        "all chats at 2026-01-01 12:00:00",
        "web:lobby at 2026-01-01 12:00:00",
    }


def ruined(path: Path) -> None:
    """A page in the middle is overwritten; the file still opens."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)


def miscounted(path: Path) -> None:
    """The header speaks of a free page that there is not."""
    content = bytearray(path.read_bytes())
    content[39] += 1
    path.write_bytes(content)


def replaced(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


@pytest.fixture
async def closed(tmp_path: Path) -> Path:
    async with staged(tmp_path) as stage:
        await stage.order()
    return tmp_path / "rushes.db"


@pytest.mark.parametrize("damage", [ruined, miscounted])
async def test_of_a_damaged_file_that_alone_is_said(closed: Path, damage: Callable[[Path], None]) -> None:
    damage(closed)
    assert {finding.flaw for finding in found_in(closed)} == {Flaw.DAMAGED}


@pytest.mark.parametrize("damage", [ruined, miscounted])
async def test_a_damaged_database_is_not_worked_with(closed: Path, damage: Callable[[Path], None]) -> None:
    damage(closed)
    with pytest.raises(DamagedDatabase):
        async with opened(closed):
            pass


@pytest.mark.parametrize("statement", ["SELECT 1", "CREATE TABLE theirs (x)", "PRAGMA user_version = 1"])
async def test_a_database_of_another_program_is_not_ours(tmp_path: Path, statement: str) -> None:
    tampered(tmp_path / "a.db", statement)
    with pytest.raises(OtherDatabase):
        found_in(tmp_path / "a.db")


async def test_a_database_of_another_program_is_not_written_to(tmp_path: Path) -> None:
    tampered(tmp_path / "a.db", "CREATE TABLE theirs (x)")
    with pytest.raises(OtherDatabase):
        async with opened(tmp_path / "a.db"):
            pass
    connection = sqlite3.connect(tmp_path / "a.db")
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    connection.close()


async def test_files_are_told_by_job(stage: Stage) -> None:
    delivered, waiting = (await stage.order()).job, (await stage.order()).job
    await stage.until(delivered, Phase.DELIVERED)
    with upkeep.looked_at(stage.database) as connection:
        assert {(job.job, job.phase, job.clip) for job in upkeep.filmed(connection)} == {
            (delivered, Phase.DELIVERED, "clip.mp4"),
            (waiting, Phase.ACCEPTED, None),
        }
        assert upkeep.census(connection) == (latest_version(), 2, 1)


def killed(path: Path) -> None:
    """What was committed last is still beside the file, as a killed process leaves it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("INSERT INTO people VALUES ('late', 0)")
    connection.commit()
    beside = path.with_name(f"{path.name}-wal")
    kept, content = beside.read_bytes(), path.read_bytes()
    connection.close()
    beside.write_bytes(kept)
    path.write_bytes(content)


def late_people(path: Path) -> int:
    with upkeep.looked_at(path) as connection:
        return int(connection.execute("SELECT count(*) FROM people WHERE id = 'late'").fetchone()[0])


async def test_what_is_replaced_is_kept_with_all_that_was_committed(closed: Path) -> None:
    copied, aside = closed.with_name("copied.db"), closed.with_name("aside.db")
    with upkeep.looked_at(closed) as connection:
        upkeep.copy(connection, copied)
    killed(closed)
    upkeep.replace(closed, copied, aside)
    assert (late_people(aside), late_people(closed)) == (1, 0)
    assert not copied.exists()


async def test_what_stands_beside_a_damaged_database_does_not_ruin_the_one_that_comes(closed: Path) -> None:
    copied, aside = closed.with_name("copied.db"), closed.with_name("aside.db")
    with upkeep.looked_at(closed) as connection:
        upkeep.copy(connection, copied)
    killed(closed)
    replaced(closed)
    upkeep.replace(closed, copied, aside)
    assert found_in(closed) == []
    assert late_people(closed) == 0
    assert aside.with_name("aside.db-wal").exists()


async def test_where_nothing_was_nothing_is_kept(tmp_path: Path, closed: Path) -> None:
    copied, database = tmp_path / "copied.db", tmp_path / "new.db"
    with upkeep.looked_at(closed) as connection:
        upkeep.copy(connection, copied)
    upkeep.replace(database, copied, tmp_path / "aside.db")
    assert found_in(database) == []
    assert not (tmp_path / "aside.db").exists()
