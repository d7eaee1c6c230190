"""One writer that runs whole transactions and lets those that wait share a commit; one reader apart from it."""

import logging
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Generic, TypeVar

import aiosqlite

from bot.histogram import Histogram
from bot.refusal import NotWritten
from storage.sqlite.memory import Changes
from storage.sqlite.migrating import OlderDatabase, latest_version, migrate, version_of

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_OUTSIDE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)
"""What the disk, another program or the file itself stands in the way with, and no mistake of ours."""

BUSY_SECONDS = 5.0
"""How long another process may hold the database before a write fails."""

COMMIT_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
"""Seconds."""


class DamagedDatabase(Exception):
    """Found before anything is done that costs."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"the database is damaged: {detail}")


class _Thread(aiosqlite.Connection):
    """A connection in a thread of its own, which runs a whole piece of work there instead of one statement a call."""

    async def run(self, work: Work[T]) -> T:
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return result


class _Transaction(Generic[T]):
    """Work that waits for the writer, and afterwards what came of it."""

    def __init__(self, work: Work[T]) -> None:
        self._work = work
        self._result: T | None = None
        self.error: Exception | None = None

    def run(self, connection: sqlite3.Connection) -> None:
        """Refusals and mishaps undo only this transaction and are raised to whoever asked for it."""
        connection.execute("SAVEPOINT one")
        try:
            self._result = self._work(connection)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not connection.in_transaction:
                # SQLite has undone the whole batch, and everybody in it is to hear why.
                raise
            self.error = _named(error)
            connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return self._result  # type: ignore[return-value] # there is no error, so the work has run


class Database:
    def __init__(self, writer: _Thread, reader: _Thread, changes: Changes) -> None:
        self.changes = changes
        self._writer = writer
        self._reader = reader
        self._waiting: deque[_Transaction[object]] = deque()
        self.commits = Histogram(COMMIT_BOUNDS)
        """Seconds that transactions took which shared a commit, from the first one's begin to the end of all."""

    @property
    def waiting(self) -> int:
        """How many transactions stand in line for the writer."""
        return len(self._waiting)

    async def write(self, work: Work[T]) -> T:
        """Run the work in a transaction, durable on return. It happens even if the caller is cancelled meanwhile."""
        transaction = _Transaction(_in_our_language(work))
        self._waiting.append(transaction)  # type: ignore[arg-type] # the deque holds transactions of every result
        await self._writer.run(self._drain)
        return transaction.result()

    async def read(self, work: Work[T]) -> T:
        with _naming():
            return await self._reader.run(_in_our_language(work))

    async def alone(self, work: Work[T]) -> T:
        """Between transactions, for what cannot be part of one; whoever writes waits."""
        return await self._writer.run(work)

    async def look_outside(self) -> None:
        """Another process may have laid something down; without this it is noticed with the next transaction."""
        with _naming():
            await self._writer.run(self.changes.look_outside)

    def _drain(self, connection: sqlite3.Connection) -> None:
        """Everything that waits goes into one commit; whoever comes to drain afterwards finds its work done."""
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not batch:
            return
        begun = time.perf_counter()
        try:
            connection.execute("BEGIN IMMEDIATE")
            self.changes.look_outside(connection)
            for transaction in batch:
                transaction.run(connection)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            named = _named(error)
            for transaction in batch:
                transaction.error = named
        finally:
            self.changes.settle()
        self.commits.note(time.perf_counter() - begun)


def _in_our_language(work: Work[T]) -> Work[T]:
    """A refusal that is raised in the thread is written there, and read by whoever asked."""
    context = copy_context()
    return lambda connection: context.run(work, connection)


@contextmanager
def _naming() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _named(error) from error


def _named(error: Exception) -> Exception:
    """What nobody here is to blame for is said to be so. What Python itself objects to has no code."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _OUTSIDE:
        return error
    log.error("the database cannot be used: %s", error)
    unwritten = NotWritten(str(error))
    unwritten.__cause__ = error
    return unwritten


@asynccontextmanager
async def opened(path: Path, *, is_beside: bool = False) -> AsyncIterator[Database]:
    """Create the file and bring it to the present schema if need be.

    Beside the program that works with it, which did so, the file is taken as it is and must be there.
    Raises `DamagedDatabase`, `NewerDatabase`, `OlderDatabase`, `OtherDatabase` or `sqlite3.Error`.
    """
    writer, reader, changes = _thread(path), _thread(path), Changes()
    async with writer:
        await writer.run(_join if is_beside else _prepare)
        await writer.run(changes.watch)
        async with reader:
            await reader.run(lambda connection: connection.execute("PRAGMA query_only = ON"))
            yield Database(writer, reader, changes)


def _thread(path: Path) -> _Thread:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    return _Thread(connect, iter_chunk_size=64)


def _prepare(connection: sqlite3.Connection) -> None:
    # Some six seconds for a million jobs.
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DamagedDatabase(" ".join(found.split()))
    connection.execute("PRAGMA journal_mode = WAL")
    _write_safely(connection)
    migrate(connection)


def _join(connection: sqlite3.Connection) -> None:
    if (version := version_of(connection)) < latest_version():
        raise OlderDatabase(version)
    _write_safely(connection)


def _write_safely(connection: sqlite3.Connection) -> None:
    # A commit that was reported must survive a power cut: it stands for money.
    connection.execute("PRAGMA synchronous = FULL")
    # What is deleted must not stay readable in the file; it costs next to nothing.
    connection.execute("PRAGMA secure_delete = ON")
