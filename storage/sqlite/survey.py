"""`bot.survey.Survey` on SQLite."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import groupby

from bot.allowance import Unit
from bot.job import EntryKind, Identity, Job, JobId, Phase
from bot.money import Micros
from bot.survey import By, ChatUse, Page, Person, Posting, Search, Step, Story, Stretch, Sum
from storage.sqlite import deciding, striking
from storage.sqlite.database import Database
from storage.sqlite.rows import job_of, micros, moment
from storage.sqlite.use import QUARTER

_PERSON = """(
    SELECT person FROM identities WHERE platform || ':' || user = :person
    UNION ALL SELECT id FROM people WHERE id = :person LIMIT 1
)"""

_CONDITIONS = {
    "phases": "phase IN (SELECT value FROM json_each(:phases))",
    "chat": "ordered_in = :chat",
    "person": f"person = {_PERSON}",
    "provider": "offer GLOB :provider || '/*'",
    "words": "(instr(folded(user_name || ' ' || json_extract(request, '$.prompt')), :words) OR id GLOB :words || '*')",
    "since": "ordered_at >= :since",
    "until": "ordered_at < :until",
    "has_clip": "phase = 'delivered' AND clip IS NOT NULL AND deleted = 0 AND swept = 0",
    "before": "number < :before",
}

_BEGINNING = "SELECT id FROM jobs WHERE id >= :named AND id < :named || '~' LIMIT 2"

_JOB = "SELECT * FROM jobs WHERE id = :id"

_STEPS = "SELECT phase, at FROM transitions WHERE job = :number ORDER BY number"

_POSTINGS = """
SELECT ledger.*, jobs.id,
    (SELECT name FROM identities WHERE identities.person = ledger.person ORDER BY rowid LIMIT 1) AS name
FROM ledger LEFT JOIN jobs ON jobs.number = coalesce(ledger.job, (SELECT refund_of FROM grants WHERE number = source))
"""

_OF_JOB = f"{_POSTINGS} WHERE jobs.number = :number ORDER BY ledger.number"

_OF_PERSON = f"{_POSTINGS} WHERE ledger.person = {_PERSON} ORDER BY ledger.number DESC LIMIT :limit"

_OF_ALL = f"{_POSTINGS} ORDER BY ledger.number DESC LIMIT :limit"

_IS_REFUNDED = "SELECT EXISTS (SELECT 1 FROM grants WHERE refund_of = :number)"

_SUMS = """
SELECT {key} AS key, {name} AS name, sum(charged) AS clips, sum(iif(charged, price, 0)) AS spent,
    sum(iif(charged, 0, price)) AS reserved
FROM jobs WHERE counts = 1 AND ordered_at >= :since AND ordered_at < :until GROUP BY {key} ORDER BY {order}
"""

_KEYS: Mapping[By, tuple[str, str]] = {
    By.PROVIDER: ("substr(offer, 1, instr(offer, '/') - 1)", "''"),
    By.CHAT: ("ordered_in", "''"),
    By.PERSON: ("person", "max(user_name)"),
}

_PEOPLE = """
SELECT people.id, people.since, count(jobs.number) AS orders, max(jobs.ordered_at) AS latest,
    coalesce(sum(iif(jobs.charged AND jobs.counts, jobs.price, 0)), 0) AS spent
FROM people LEFT JOIN jobs ON jobs.person = people.id
WHERE EXISTS (
    SELECT 1 FROM identities WHERE identities.person = people.id
    AND instr(folded(name || ' @' || handle || ' ' || platform || ':' || user), :words)
)
GROUP BY people.id ORDER BY latest DESC, people.id LIMIT :limit OFFSET :skip
"""

_IDENTITIES = "SELECT platform, user, name, handle FROM identities WHERE person = :person ORDER BY rowid"

_MARKS = """
SELECT * FROM marks WHERE subject IN (SELECT value FROM json_each(:keys)) AND is_over = 0
AND (until IS NULL OR until > :at) ORDER BY number
"""

_CHATS = """
WITH seen AS (
    SELECT ordered_in AS key, count(DISTINCT person) AS people, count(*) AS orders,
        sum(iif(charged AND counts, price, 0)) AS spent, max(ordered_at) AS latest
    FROM jobs WHERE ordered_in <> '' GROUP BY ordered_in
)
SELECT key, coalesce(people, 0) AS people, coalesce(orders, 0) AS orders, coalesce(spent, 0) AS spent, latest,
    (SELECT reason FROM pauses WHERE chat = key) AS paused
FROM (
    SELECT key FROM seen
    UNION SELECT chat FROM rules WHERE is_over = 0 AND chat <> ''
    UNION SELECT chat FROM marks WHERE is_over = 0 AND chat <> ''
    UNION SELECT chat FROM terms WHERE is_over = 0 AND chat <> ''
    UNION SELECT chat FROM pauses WHERE chat <> ''
) LEFT JOIN seen USING (key)
ORDER BY latest DESC, key LIMIT :limit OFFSET :skip
"""

_ABOUT_JOB = "SELECT * FROM audit WHERE instr(what, substr(:id, 1, 6)) ORDER BY number"

_UNDER_WAY = """
SELECT phase, delivery = 'given_up' AS is_stuck, count(*) AS jobs, min(phase_since) AS since,
    min(ordered_at) AS ordered_at
FROM jobs WHERE phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved') GROUP BY phase, is_stuck
"""

_TOOK_LATELY = """
SELECT substr(offer, 1, instr(offer, '/') - 1) AS provider, took FROM durations ORDER BY number DESC LIMIT :limit
"""


class SqliteSurvey:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def jobs(self, search: Search, limit: int, before: int | None = None) -> Page:
        return await self._database.read(lambda connection: _jobs(connection, search, limit, before))

    async def beginning(self, named: str) -> Sequence[JobId]:
        rows = await self._database.read(lambda c: c.execute(_BEGINNING, {"named": named}).fetchall())
        return [JobId(row["id"]) for row in rows]

    async def story(self, job_id: JobId) -> Story | None:
        return await self._database.read(lambda connection: _story(connection, job_id))

    async def sums(self, by: By, since: datetime, until: datetime, zone: tzinfo) -> Sequence[Sum]:
        values = {"since": micros(since), "until": micros(until)}
        if by is By.DAY:
            quarters = f"ordered_at / {QUARTER}"
            statement = _SUMS.format(key=quarters, name="''", order="key")
            rows = await self._database.read(lambda c: c.execute(statement, values).fetchall())
            return _days(rows, zone)
        key, name = _KEYS[by]
        statement = _SUMS.format(key=key, name=name, order="spent DESC, key")
        rows = await self._database.read(lambda c: c.execute(statement, values).fetchall())
        return [_sum(row["key"], row["name"], [row]) for row in rows]

    async def people(self, words: str, at: datetime, *, limit: int, skip: int = 0) -> Sequence[Person]:
        def found(connection: sqlite3.Connection) -> list[Person]:
            values = {"words": _folded(connection, words), "limit": limit, "skip": skip}
            return [_person(connection, row, at) for row in connection.execute(_PEOPLE, values).fetchall()]

        return await self._database.read(found)

    async def chats(self, *, limit: int, skip: int = 0) -> Sequence[ChatUse]:
        rows = await self._database.read(lambda c: c.execute(_CHATS, {"limit": limit, "skip": skip}).fetchall())
        return [
            ChatUse(
                key=row["key"],
                people=row["people"],
                orders=row["orders"],
                spent=Micros(row["spent"]),
                latest=None if row["latest"] is None else moment(row["latest"]),
                paused=row["paused"],
            )
            for row in rows
        ]

    async def postings(self, person: str, limit: int) -> Sequence[Posting]:
        statement, values = _OF_PERSON if person else _OF_ALL, {"person": person, "limit": limit}
        rows = await self._database.read(lambda c: c.execute(statement, values).fetchall())
        return [_posting(row) for row in rows]

    async def under_way(self) -> Sequence[Stretch]:
        rows = await self._database.read(lambda c: c.execute(_UNDER_WAY).fetchall())
        return [
            Stretch(
                phase=Phase(row["phase"]),
                is_stuck=bool(row["is_stuck"]),
                jobs=row["jobs"],
                since=moment(row["since"]),
                ordered_at=moment(row["ordered_at"]),
            )
            for row in rows
        ]

    async def took_lately(self, limit: int) -> Sequence[tuple[str, float]]:
        rows = await self._database.read(lambda c: c.execute(_TOOK_LATELY, {"limit": limit}).fetchall())
        return [(row["provider"], row["took"]) for row in rows]


def _jobs(connection: sqlite3.Connection, search: Search, limit: int, before: int | None) -> Page:
    given: dict[str, object] = {
        "phases": json.dumps(sorted(search.phases)) if search.phases else None,
        "chat": search.chat or None,
        "person": search.person or None,
        "provider": search.provider or None,
        "words": _folded(connection, search.words) if search.words else None,
        "since": micros(search.since) if search.since else None,
        "until": micros(search.until) if search.until else None,
        "has_clip": search.has_clip or None,
        "before": before,
    }
    wanted = " AND ".join(("forgotten = 0", *(_CONDITIONS[name] for name in given if given[name] is not None)))
    statement = f"SELECT * FROM jobs WHERE {wanted} ORDER BY number DESC LIMIT :limit"  # noqa: S608 - words of our own
    rows = connection.execute(statement, given | {"limit": limit + 1}).fetchall()
    return Page([_job(row) for row in rows[:limit]], rows[limit - 1]["number"] if len(rows) > limit else None)


def _story(connection: sqlite3.Connection, job_id: JobId) -> Story | None:
    row = connection.execute(_JOB, {"id": job_id}).fetchone()
    if row is None:
        return None
    known = {"number": row["number"], "id": job_id}
    return Story(
        job=_job(row),
        steps=[Step(Phase(step["phase"]), moment(step["at"])) for step in connection.execute(_STEPS, known)],
        postings=[_posting(line) for line in connection.execute(_OF_JOB, known)],
        decisions=[deciding.decision_of(line) for line in connection.execute(_ABOUT_JOB, known)],
        is_refunded=bool(connection.execute(_IS_REFUNDED, known).fetchone()[0]),
    )


def _job(row: sqlite3.Row) -> Job:
    job = job_of(row)
    return replace(job, place=replace(job.place, is_private=bool(row["in_private"])))


def _posting(row: sqlite3.Row) -> Posting:
    return Posting(
        at=moment(row["at"]),
        kind=EntryKind(row["kind"]),
        unit=Unit(row["unit"]),
        amount=row["amount"],
        reason=row["reason"],
        person=row["person"],
        name=row["name"] or "",
        job=None if row["id"] is None else JobId(row["id"]),
    )


def _days(rows: Iterable[sqlite3.Row], zone: tzinfo) -> list[Sum]:
    """A quarter of an hour is never on two days, whatever the zone."""

    def day(row: sqlite3.Row) -> str:
        return f"{moment(row['key'] * QUARTER).astimezone(zone):%Y-%m-%d}"

    return [_sum(date, "", list(quarters)) for date, quarters in groupby(rows, day)]


def _sum(key: str, name: str, rows: Sequence[sqlite3.Row]) -> Sum:
    def total(column: str) -> int:
        return sum(row[column] for row in rows)

    return Sum(
        key=key, name=name, clips=total("clips"), spent=Micros(total("spent")), reserved=Micros(total("reserved"))
    )


def _person(connection: sqlite3.Connection, row: sqlite3.Row, at: datetime) -> Person:
    identities = list(_identities(connection, row["id"]))
    keys = json.dumps([identity.key for identity in identities])
    marks = connection.execute(_MARKS, {"keys": keys, "at": micros(at)})
    return Person(
        id=row["id"],
        identities=identities,
        since=moment(row["since"]),
        orders=row["orders"],
        spent=Micros(row["spent"]),
        latest=None if row["latest"] is None else moment(row["latest"]),
        marks=[(mark["chat"], deciding.mark_of(mark)) for mark in marks],
        closed_until=striking.closed_until(connection, row["id"], at),
    )


def _identities(connection: sqlite3.Connection, person: str) -> Iterator[Identity]:
    for row in connection.execute(_IDENTITIES, {"person": person}):
        yield Identity(platform=row["platform"], user=row["user"], name=row["name"], handle=row["handle"])


def _folded(connection: sqlite3.Connection, words: str) -> str:
    """As the statements compare them: SQLite itself knows the capitals of English only."""
    connection.create_function("folded", 1, str.casefold, deterministic=True)
    return words.casefold()
