"""Transactions that share a commit, and files that cannot be used."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.refusal import NotWritten
from storage.sqlite.database import opened
from storage.sqlite.store import sqlite_store
from tests.full_disk import no_file_larger_than
from tests.stage import PSEUDONYM


def insert(person: str) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute("INSERT INTO people VALUES (?, 0)", (person,))


def refuse_after(person: str) -> Callable[[sqlite3.Connection], object]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO people VALUES (?, 0)", (person,))
        raise LookupError(person)

    return work


def people(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute("SELECT id FROM people ORDER BY id")]
    finally:
        connection.close()


async def test_one_refusal_undoes_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with opened(path) as database:
        outcomes = await asyncio.gather(
            database.write(insert("a")),
            database.write(refuse_after("b")),
            database.write(insert("c")),
            return_exceptions=True,
        )
    assert isinstance(outcomes[1], LookupError)
    assert people(path) == ["a", "c"]


async def test_transactions_that_wait_share_a_commit(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as database:
        commits: list[str] = []
        await database.write(lambda connection: connection.set_trace_callback(commits.append))
        commits.clear()
        await asyncio.gather(*(database.write(insert(f"p{n}")) for n in range(50)))
        assert 1 <= commits.count("COMMIT") < 10


async def test_a_caller_that_goes_away_leaves_its_transaction_done(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with opened(path) as database:
        leaving = asyncio.create_task(database.write(insert("a")))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        await database.write(insert("b"))
    assert people(path) == ["a", "b"]


async def test_when_the_commit_fails_everyone_who_shared_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storage.sqlite.database.BUSY_SECONDS", 0.0)
    path = tmp_path / "a.db"
    async with opened(path) as database:
        intruder = sqlite3.connect(path, isolation_level=None)
        intruder.execute("BEGIN IMMEDIATE")
        try:
            outcomes = await asyncio.gather(
                *(database.write(insert(f"p{n}")) for n in range(3)), return_exceptions=True
            )
        finally:
            intruder.close()
        assert all(isinstance(outcome, NotWritten) for outcome in outcomes)
        assert [record.message for record in caplog.records] == ["the database cannot be used: database is locked"]
        await database.write(insert("after"))
    assert people(path) == ["after"]


async def test_what_a_full_disk_does_not_take_is_undone_and_said_to_whoever_shared_the_commit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.db"
    async with opened(path) as database:

        def fill(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT INTO people VALUES (?, 0)", ((f"{n:>1000}",) for n in range(4000)))

        with no_file_larger_than(1 << 16):
            outcomes = await asyncio.gather(
                database.write(insert("a")), database.write(fill), database.write(insert("b")), return_exceptions=True
            )
        assert isinstance(outcomes[1], NotWritten)
        await database.write(insert("after"))
    written = [name for name, outcome in zip("ab", outcomes[::2], strict=True) if not isinstance(outcome, NotWritten)]
    assert people(path) == sorted(["after", *written])
    assert "the database cannot be used: d" in caplog.text


async def test_a_file_that_is_damaged_while_it_is_in_use_is_said_to_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.db"
    async with opened(path) as database:
        await database.alone(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        path.write_bytes(b"hello" * 10_000)
        with pytest.raises(NotWritten):
            await database.read(lambda connection: connection.execute("SELECT * FROM jobs").fetchall())
    assert "the database cannot be used" in caplog.text


async def test_a_transaction_that_sqlite_itself_rolls_back_takes_its_batch_along(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with opened(path) as database:

        def ruin(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO people VALUES ('lost', 0)")
            connection.execute("ROLLBACK")

        with pytest.raises(sqlite3.OperationalError):
            await database.write(ruin)
        await database.write(insert("after"))
    assert people(path) == ["after"]


async def test_a_commit_that_breaks_a_promise_between_tables_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with opened(path) as database:

        def orphan(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA defer_foreign_keys = ON")
            connection.execute(
                "INSERT INTO identities (platform, user, name, person) VALUES ('web', 'u', 'n', 'nobody')"
            )

        with pytest.raises(sqlite3.IntegrityError):
            await database.write(orphan)
        await database.write(insert("after"))
    assert people(path) == ["after"]


async def test_the_reader_cannot_write(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as database:
        with pytest.raises(NotWritten) as refusal:
            await database.read(insert("a"))
    assert "readonly" in refusal.value.cause


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"hello" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        async with sqlite_store(path, PSEUDONYM):
            pass
    assert path.read_bytes().startswith(b"hello")
