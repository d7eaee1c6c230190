"""A database seen from beside the program that works with it: copied whole, and looked through for what is wrong."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from bot.job import JobId, Phase
from storage.sqlite.database import BUSY_SECONDS
from storage.sqlite.migrating import OtherDatabase, version_of
from storage.sqlite.use import QUARTER


class Flaw(StrEnum):
    """What must never be seen in a database."""

    DAMAGED = "damaged"
    LOOSE = "loose"
    """A row that names another one which is not there."""
    RESERVED = "reserved"
    """A job that has not exactly one reservation."""
    ENDED = "ended"
    """A job that is paid for or over and has not exactly one ending, or any other that has one."""
    PRICED = "priced"
    """A job of which the ledger says last what it does not cost."""
    TAKEN = "taken"
    """A job that took of grants what it says nothing of, or the other way round."""
    GRANTED = "granted"
    """A grant of which more, or less, is left, used and expired than was given."""
    SUMMED = "summed"
    """A quarter of an hour of a chat, or of all, whose sums are not those of its jobs."""


class Finding(NamedTuple):
    flaw: Flaw
    about: str
    """What it was seen in: a job, a grant, a place in the file."""


class Filmed(NamedTuple):
    """A job as far as files go."""

    job: JobId
    phase: Phase
    clip: str | None
    """The name of the file, where there is to be one."""


class Census(NamedTuple):
    """How many jobs there are, and how many of them still wait for a provider."""

    version: int
    jobs: int
    waiting: int


_BOOKS: Mapping[Flaw, str] = {
    Flaw.RESERVED: """
SELECT 'job ' || id FROM jobs WHERE (SELECT count(*) FROM ledger WHERE job = jobs.number AND kind = 'reserve') <> 1
""",
    Flaw.ENDED: """
SELECT 'job ' || id FROM jobs
WHERE (SELECT count(*) FROM ledger WHERE job = jobs.number AND kind IN ('settle', 'refund'))
    <> (phase NOT IN ('accepted', 'submitting', 'rendering', 'fetching'))
""",
    Flaw.PRICED: """
SELECT 'job ' || id FROM jobs
WHERE (SELECT amount FROM ledger WHERE job = jobs.number ORDER BY ledger.number DESC LIMIT 1) <> price * counts
""",
    Flaw.TAKEN: """
SELECT 'job ' || id FROM jobs WHERE (granted_videos, granted_money) <> (
    SELECT coalesce(sum(grant_uses.amount) FILTER (WHERE unit = 'videos'), 0),
        coalesce(sum(grant_uses.amount) FILTER (WHERE unit = 'money'), 0)
    FROM grant_uses JOIN grants ON grants.number = source WHERE job = jobs.number
)
""",
    Flaw.GRANTED: """
SELECT 'grant ' || number || ' to person ' || person FROM grants WHERE amount <> remaining
    + (SELECT coalesce(sum(amount), 0) FROM grant_uses WHERE source = grants.number)
    + (SELECT coalesce(sum(amount), 0) FROM ledger WHERE source = grants.number AND kind = 'expire')
""",
    Flaw.SUMMED: """
SELECT iif(ordered_in = '', 'all chats', ordered_in) || ' at ' || datetime(quarter * :quarter / 1000000, 'unixepoch')
FROM (
    SELECT ordered_in, quarter, videos, money FROM use_of_all
    UNION ALL SELECT ordered_in, ordered_at / :quarter, -1, -price FROM jobs WHERE counts = 1 AND ordered_in <> ''
    UNION ALL SELECT '', ordered_at / :quarter, -1, -price FROM jobs WHERE counts = 1
)
GROUP BY ordered_in, quarter HAVING sum(videos) <> 0 OR sum(money) <> 0
""",
}

_FILMED = "SELECT id, phase, iif(deleted OR swept, NULL, json_extract(clip, '$.name')) FROM jobs ORDER BY number"

_CENSUS = "SELECT count(*), coalesce(sum(phase = 'accepted'), 0) FROM jobs"


@contextmanager
def looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    """As it is at one moment, whoever writes to it meanwhile.

    Raises `NewerDatabase`, `OtherDatabase` or `sqlite3.Error`.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        if not version_of(connection):
            raise OtherDatabase
        yield connection


def findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """In a database of the latest version. Of a file that is damaged nothing more is said."""
    broken = list(damages(connection))
    yield from (Finding(Flaw.DAMAGED, damage) for damage in broken)
    if broken:
        return
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Finding(Flaw.LOOSE, f"row {row} of {table} names one of {parent}")
    for flaw, statement in _BOOKS.items():
        yield from (Finding(flaw, about) for (about,) in connection.execute(statement, {"quarter": QUARTER}))


def damages(connection: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with the file itself. Some of it keeps SQLite from looking any further."""
    try:
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield " ".join(line.split())
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise
        yield str(error)


def filmed(connection: sqlite3.Connection) -> Sequence[Filmed]:
    return [Filmed(JobId(job), Phase(phase), clip) for job, phase, clip in connection.execute(_FILMED)]


def census(connection: sqlite3.Connection) -> Census:
    return Census(version_of(connection), *connection.execute(_CENSUS).fetchone())


def copy(connection: sqlite3.Connection, target: Path) -> None:
    """Everything, in one file for this user alone, which must not be there yet; on the disk when this returns."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(target, isolation_level=None)) as copied:
        # In one step: between two, whatever is written would have it begin anew.
        connection.backup(copied)
        # Else the copy would need other files beside it to be read.
        copied.execute("PRAGMA journal_mode = DELETE")
    sync(target)


def cancel_what_waits(copied: Path) -> None:
    """What had not been handed to a provider may have been since, and must not be filmed twice."""
    with closing(sqlite3.connect(copied)) as connection, connection:
        connection.execute("UPDATE jobs SET cancel_asked = 1, revision = revision + 1 WHERE phase = 'accepted'")


def replace(database: Path, copied: Path, aside: Path) -> None:
    """`copied` becomes the database; the one before it, if any, is kept under the other name with what belongs to it.

    Nobody may have it open. A crash in between leaves either the one or the other.
    """
    if database.exists():
        _gather(database)
        for ending in ("-wal", "-shm"):
            # What could not be gathered stays with its own file: read with another one it would ruin that.
            beside = database.with_name(f"{database.name}{ending}")
            if beside.exists():
                beside.rename(aside.with_name(f"{aside.name}{ending}"))
        os.link(database, aside)
    copied.replace(database)
    sync(database.parent)


def sync(path: Path) -> None:
    """A file, or the names in a folder."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _gather(database: Path) -> None:
    """Take what was committed beside the database into it, where it is sound enough for that."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return
