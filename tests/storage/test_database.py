"""Transactions that share a commit, and files that cannot be used."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.sqlite.database import opened
from storage.sqlite.store import sqlite_store
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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
        assert all(isinstance(outcome, sqlite3.OperationalError) for outcome in outcomes)
        await database.write(insert("after"))
    assert people(path) == ["after"]


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
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await database.read(insert("a"))


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"hello" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        async with sqlite_store(path, PSEUDONYM):
            pass
    assert path.read_bytes().startswith(b"hello")
