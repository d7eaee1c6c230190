"""`bot.ports.Store` on SQLite."""

import secrets
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.catalogue import Offer, Shot
from bot.job import Entry, EntryKind, Identity, Job, JobId
from bot.money import Micros
from bot.ports import Account, LinkAttempt, Overtaken
from storage.sqlite import statements
from storage.sqlite.database import Database, opened
from storage.sqlite.rows import job_of, micros, row_of


class SqliteStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, job: Job, event: str) -> tuple[Job, bool]:
        return await self._database.write(lambda connection: _accept(connection, job, event))

    async def save(self, job: Job, entry: Entry | None = None) -> Job:
        return await self._database.write(lambda connection: _save(connection, job, entry))

    async def job(self, job_id: JobId) -> Job | None:
        row = await self._database.read(lambda c: c.execute(statements.JOB, (job_id,)).fetchone())
        return None if row is None else job_of(row)

    async def unfinished(self) -> Sequence[Job]:
        rows = await self._database.read(lambda c: c.execute(statements.UNFINISHED).fetchall())
        return [job_of(row) for row in rows]

    async def ordered_with(self, platform: str, event: str) -> Job | None:
        known = {"platform": platform, "event": event}
        row = await self._database.read(lambda c: c.execute(statements.EVENT_SEEN, known).fetchone())
        return None if row is None else job_of(row)

    async def untold(self, platform: str) -> Sequence[Job]:
        rows = await self._database.read(lambda c: c.execute(statements.UNTOLD, (platform,)).fetchall())
        return [job_of(row) for row in rows]

    async def jobs_in(self, platform: str, chat: str, limit: int) -> Sequence[Job]:
        values = (platform, chat, limit)
        rows = await self._database.read(lambda c: c.execute(statements.LATEST_IN_CHAT, values).fetchall())
        return [job_of(row) for row in rows]

    async def latest_of(self, identity: Identity, limit: int) -> Sequence[Job]:
        values = (identity.platform, identity.user, limit)
        rows = await self._database.read(lambda c: c.execute(statements.LATEST_OF_PERSON, values).fetchall())
        return [job_of(row) for row in rows]

    async def account(self, identity: Identity) -> Account:
        return await self._database.read(lambda connection: _account(connection, identity))

    async def remember(self, platform: str, event: str, job_id: JobId) -> None:
        known = {"platform": platform, "event": event, "id": job_id}
        await self._database.write(lambda c: c.execute(statements.REMEMBER_ABOUT, known))

    async def person_of(self, identity: Identity) -> str | None:
        known = {"platform": identity.platform, "user": identity.user}
        row = await self._database.read(lambda c: c.execute(statements.PERSON_OF, known).fetchone())
        return None if row is None else str(row["person"])

    async def withdraw_link(self, code: str) -> None:
        await self._database.write(lambda c: c.execute(statements.WITHDRAW_LINK, {"code": code}))

    async def offer_link(self, identity: Identity, code: str, now: datetime, until: datetime) -> None:
        def offered(connection: sqlite3.Connection) -> None:
            person = _person(connection, identity, now)
            connection.execute(statements.NEW_LINK, {"person": person, "code": code, "until": micros(until)})

        await self._database.write(offered)

    async def redeem_link(
        self, identity: Identity, code: str, now: datetime, *, since: datetime, most_tries: int
    ) -> LinkAttempt:
        def redeemed(connection: sqlite3.Connection) -> LinkAttempt:
            known = {"platform": identity.platform, "user": identity.user, "since": micros(since), "at": micros(now)}
            connection.execute(statements.FORGET_WRONG_CODES, known | {"all": False})
            if connection.execute(statements.WRONG_CODES, known).fetchone()[0] >= most_tries:
                return LinkAttempt.LOCKED
            offered = connection.execute(statements.OFFERED_LINK, {"code": code}).fetchone()
            if offered is None or offered["until"] < micros(now):
                connection.execute(statements.NEW_WRONG_CODE, known)
                return LinkAttempt.WRONG
            connection.execute(statements.FORGET_WRONG_CODES, known | {"all": True})
            person = _person(connection, identity, now)
            if person == offered["person"]:
                return LinkAttempt.SAME
            connection.execute(statements.WITHDRAW_LINK, {"code": code})
            return _joined(connection, offered["person"], person)

        return await self._database.write(redeemed)

    async def learn(self, offer: Offer, shot: Shot, seconds: float) -> None:
        values = (*_kind(offer, shot), seconds)
        await self._database.write(lambda c: c.execute(statements.NEW_DURATION, values))

    async def durations(self, offer: Offer, shot: Shot, limit: int) -> Sequence[float]:
        values = (*_kind(offer, shot), limit)
        rows = await self._database.read(lambda c: c.execute(statements.DURATIONS, values).fetchall())
        return [row["took"] for row in rows]


@asynccontextmanager
async def sqlite_store(path: Path) -> AsyncIterator[SqliteStore]:
    """Raises `NewerDatabase` for a file that a later version wrote, `sqlite3.Error` for one that is none."""
    async with opened(path) as database:
        yield SqliteStore(database)


def _kind(offer: Offer, shot: Shot) -> tuple[str, str, int, bool]:
    return offer.id, shot.resolution.value, shot.seconds, shot.audio


def _accept(connection: sqlite3.Connection, job: Job, event: str) -> tuple[Job, bool]:
    known = {"platform": job.place.platform, "event": event}
    if earlier := connection.execute(statements.EVENT_SEEN, known).fetchone():
        return job_of(earlier), False
    job = replace(job, person=_person(connection, job.identity, job.ordered_at))
    number = connection.execute(statements.NEW_JOB, row_of(job)).lastrowid
    connection.execute(statements.REMEMBER_EVENT, known | {"job": number})
    _note_phase(connection, job, number)
    _write_line(connection, job, number, Entry(EntryKind.RESERVE, job.price, "ordered"))
    return job, True


def _save(connection: sqlite3.Connection, job: Job, entry: Entry | None) -> Job:
    changed = connection.execute(statements.CHANGE_JOB, row_of(job)).fetchone()
    if changed is None:
        raise Overtaken
    _note_phase(connection, job, changed["number"])
    if entry is not None:
        _write_line(connection, job, changed["number"], entry)
    return replace(job, revision=job.revision + 1)


def _account(connection: sqlite3.Connection, identity: Identity) -> Account:
    known = {"platform": identity.platform, "user": identity.user}
    row = connection.execute(statements.PERSON_OF, known).fetchone()
    sums = connection.execute(statements.ACCOUNT, {"person": row["person"] if row else None}).fetchone()
    return Account(
        clips=sums["clips"], spent=Micros(sums["spent"]), running=sums["running"], reserved=Micros(sums["reserved"])
    )


def _joined(connection: sqlite3.Connection, person: str, other: str) -> LinkAttempt:
    for statement in statements.JOIN_PEOPLE:
        connection.execute(statement, {"person": person, "other": other})
    return LinkAttempt.JOINED


def _person(connection: sqlite3.Connection, identity: Identity, now: datetime) -> str:
    """The person behind the identity, who comes into being when first needed."""
    known = {"platform": identity.platform, "user": identity.user, "name": identity.name}
    row = connection.execute(statements.PERSON_OF, known).fetchone()
    person: str = row["person"] if row else f"p{secrets.token_hex(10)}"
    if row is None:
        connection.execute(statements.NEW_PERSON, {"person": person, "at": micros(now)})
    connection.execute(statements.KNOWN_AS, known | {"person": person})
    return person


def _note_phase(connection: sqlite3.Connection, job: Job, number: int | None) -> None:
    """Writes one line a phase, however often the job is saved while it lasts."""
    phase = {"job": number, "phase": job.phase.value, "at": micros(job.phase_since)}
    connection.execute(statements.ENTERED_PHASE, phase)


def _write_line(connection: sqlite3.Connection, job: Job, number: int | None, entry: Entry) -> None:
    line = {"kind": entry.kind.value, "amount": entry.amount, "reason": entry.reason}
    owner = {"job": number, "person": job.person, "at": micros(job.phase_since)}
    connection.execute(statements.LEDGER_LINE, line | owner)
