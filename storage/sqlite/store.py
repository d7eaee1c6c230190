"""`bot.ports.Store` on SQLite."""

import sqlite3
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.access import LANGUAGE, UNKNOWN, Presence
from bot.archive import UnlinkAttempt
from bot.books import Accepted, Standing
from bot.catalogue import Offer, Shot
from bot.course import Course
from bot.histogram import Histogram
from bot.job import Entry, Identity, Job, JobId, Place
from bot.ports import LinkAttempt
from bot.pseudonyms import Pseudonym
from bot.reading import UnderWay
from bot.rules import Rules
from bot.strike import Struck
from storage.sqlite import forgetting, gauging, jobs, keeping, statements, striking, upkeep
from storage.sqlite.database import Database, opened
from storage.sqlite.errands import SqliteErrands
from storage.sqlite.in_force import InForce, in_force
from storage.sqlite.memory import Memory
from storage.sqlite.people import joined, known_person, parted, person_of, standing
from storage.sqlite.rows import course_of, heard_as, job_of, micros, spoken_by
from storage.sqlite.rulebook import SqliteRulebook
from storage.sqlite.survey import SqliteSurvey
from storage.sqlite.use import Books


class SqliteStore:
    def __init__(self, database: Database, pseudonym: Pseudonym) -> None:
        self._database = database
        self._pseudonym = pseudonym
        self._in_force = Memory[InForce](database.changes)
        """As the writer sees it."""
        self._languages = Memory[str](database.changes)
        self.rulebook = SqliteRulebook(database, pseudonym)
        self.survey = SqliteSurvey(database)
        self.errands = SqliteErrands(database)

    async def accept(self, job: Job, event: str, rules: Rules, presence: Presence = UNKNOWN) -> Accepted:
        chat = job.place.chat_key

        def accepted(connection: sqlite3.Connection) -> Accepted:
            force = self._in_force.at_hand(chat, lambda: in_force(connection, chat))
            return jobs.accept(
                connection, job, event, rules=rules, pseudonym=self._pseudonym, force=force, presence=presence
            )

        return await self._database.write(accepted)

    async def welcome(self, identity: Identity, place: Place, at: datetime, rules: Rules) -> None:
        known, chat = spoken_by(identity, self._pseudonym), place.chat_key

        def welcomed(connection: sqlite3.Connection) -> None:
            person = known_person(connection, known)
            books = Books(connection=connection, person=person, chat=chat, at=at, rules=rules)
            jobs.welcomed(identity, books=books, force=in_force(connection, chat))

        await self._database.read(welcomed)

    async def language_of(self, identity: Identity, chat: str) -> str:
        values = {"platform": identity.platform, "user": identity.user, "chat": chat, "name": LANGUAGE}

        async def chosen() -> str:
            row = await self._database.read(lambda c: c.execute(statements.LANGUAGE_OF, values).fetchone())
            return str(row["language"])

        return await self._languages.of((identity.key, chat), chosen)

    async def speak(self, identity: Identity, language: str, at: datetime) -> None:
        def chosen(connection: sqlite3.Connection) -> None:
            person = person_of(connection, identity, at, self._pseudonym)
            statement = statements.SPEAK if language else statements.SPEAK_AS_TOLD
            connection.execute(statement, {"person": person, "language": language})

        await self._database.write(chosen)

    async def save(self, job: Job, entry: Entry | None = None) -> Job:
        return await self._database.write(lambda connection: jobs.save(connection, job, entry))

    async def adjust(self, job: Job, entry: Entry, rules: Rules) -> Job:
        return await self._database.write(lambda connection: jobs.adjust(connection, job, entry, rules))

    async def job(self, job_id: JobId) -> Job | None:
        row = await self._database.read(lambda c: c.execute(statements.JOB, (job_id,)).fetchone())
        return None if row is None else job_of(row)

    async def unfinished(self) -> Sequence[Job]:
        # Read there and one by one: there may be thousands.
        return await self._database.read(lambda c: [job_of(row) for row in c.execute(statements.UNFINISHED)])

    async def ordered_with(self, platform: str, event: str) -> Job | None:
        known = heard_as(platform, event, self._pseudonym)
        row = await self._database.read(lambda c: c.execute(statements.EVENT_SEEN, known).fetchone())
        return None if row is None else job_of(row)

    async def untold(self, platform: str) -> Sequence[Job]:
        # Thousands of them are read where nobody waits for it.
        return await self._database.read(lambda c: [job_of(row) for row in c.execute(statements.UNTOLD, (platform,))])

    async def jobs_in(self, platform: str, chat: str, limit: int) -> Sequence[Job]:
        values = (platform, chat, limit)
        rows = await self._database.read(lambda c: c.execute(statements.LATEST_IN_CHAT, values).fetchall())
        return [job_of(row) for row in rows]

    async def latest_of(self, identity: Identity, limit: int) -> Sequence[Job]:
        values = (identity.platform, identity.user, limit)
        rows = await self._database.read(lambda c: c.execute(statements.LATEST_OF_PERSON, values).fetchall())
        return [job_of(row) for row in rows]

    async def standing(
        self, identity: Identity, place: Place, at: datetime, rules: Rules, *, presence: Presence = UNKNOWN
    ) -> Standing:
        def stood(connection: sqlite3.Connection) -> Standing:
            return standing(connection, identity, place, at, rules=rules, pseudonym=self._pseudonym, presence=presence)

        return await self._database.write(stood)

    async def strike(self, identity: Identity, chat: str, cause: str, at: datetime) -> Struck:
        def struck(connection: sqlite3.Connection) -> Struck:
            person = person_of(connection, identity, at, self._pseudonym)
            return striking.strike(connection, person, chat=chat, cause=cause, at=at)

        return await self._database.write(struck)

    async def note_alert(self, cap: str, since: datetime, share: int) -> bool:
        values = {"cap": cap, "since": micros(since), "share": share}
        return await self._database.write(lambda c: c.execute(statements.NEW_ALERT, values).rowcount == 1)

    async def remember(self, platform: str, event: str, job_id: JobId) -> None:
        known = {"platform": platform, "event": event, "id": job_id}
        await self._database.write(lambda c: c.execute(statements.REMEMBER_ABOUT, known))

    async def person_of(self, identity: Identity) -> str | None:
        known = spoken_by(identity, self._pseudonym)
        return await self._database.read(lambda connection: known_person(connection, known))

    async def withdraw_link(self, code: str) -> None:
        await self._database.write(lambda c: c.execute(statements.WITHDRAW_LINK, {"code": code}))

    async def offer_link(self, identity: Identity, code: str, now: datetime, until: datetime) -> None:
        def offered(connection: sqlite3.Connection) -> None:
            person = person_of(connection, identity, now, self._pseudonym)
            connection.execute(statements.NEW_LINK, {"person": person, "code": code, "until": micros(until)})

        await self._database.write(offered)

    async def redeem_link(
        self, identity: Identity, code: str, now: datetime, *, since: datetime, most_tries: int
    ) -> LinkAttempt:
        def redeemed(connection: sqlite3.Connection) -> LinkAttempt:
            known = spoken_by(identity, self._pseudonym) | {"since": micros(since), "at": micros(now)}
            connection.execute(statements.FORGET_WRONG_CODES, known | {"all": False})
            if connection.execute(statements.WRONG_CODES, known).fetchone()[0] >= most_tries:
                return LinkAttempt.LOCKED
            offered = connection.execute(statements.OFFERED_LINK, {"code": code}).fetchone()
            if offered is None or offered["until"] < micros(now):
                connection.execute(statements.NEW_WRONG_CODE, known)
                return LinkAttempt.WRONG
            connection.execute(statements.FORGET_WRONG_CODES, known | {"all": True})
            person = person_of(connection, identity, now, self._pseudonym)
            if person == offered["person"]:
                return LinkAttempt.SAME
            connection.execute(statements.WITHDRAW_LINK, {"code": code})
            return joined(connection, offered["person"], person)

        return await self._database.write(redeemed)

    async def forget(self, identity: Identity, at: datetime, until: datetime) -> Sequence[JobId]:
        return await self._database.write(
            lambda connection: forgetting.forget(connection, identity, at=at, until=until, pseudonym=self._pseudonym)
        )

    async def unlink(self, identity: Identity, at: datetime) -> UnlinkAttempt:
        return await self._database.write(lambda connection: parted(connection, identity, at, self._pseudonym))

    async def sweep_clips(self, before: datetime, limit: int) -> Sequence[JobId]:
        return await self._database.write(lambda connection: keeping.sweep_clips(connection, before, limit))

    async def erase_prompts(self, before: datetime, limit: int) -> int:
        return await self._database.write(lambda connection: keeping.erase_prompts(connection, before, limit))

    async def end_memories(self, at: datetime, limit: int) -> int:
        return await self._database.write(lambda connection: forgetting.end_memories(connection, at, limit))

    async def drop_events(self, before: datetime, limit: int) -> int:
        return await self._database.write(lambda connection: forgetting.drop_events(connection, before, limit))

    async def without_clip(self, jobs: Collection[JobId]) -> Sequence[JobId]:
        return await self._database.read(lambda connection: keeping.without_clip(connection, jobs))

    async def scrub(self) -> bool:
        return await self._database.alone(keeping.scrub)

    async def copy(self, target: Path) -> None:
        """Everything that was written down, in a file that must not be there yet. Raises `OSError`, `sqlite3.Error`."""
        await self._database.alone(lambda connection: upkeep.copy(connection, target))

    async def learn(self, offer: Offer, shot: Shot, course: Course) -> None:
        values = (*_kind(offer, shot), course.by, course.not_by, course.queued, course.rendering, course.looks)
        await self._database.write(lambda c: c.execute(statements.NEW_COURSE, values))

    async def courses(self, offer: Offer, shot: Shot, limit: int) -> Sequence[Course]:
        values = (*_kind(offer, shot), limit)
        rows = await self._database.read(lambda c: c.execute(statements.COURSES, values).fetchall())
        return [course_of(row) for row in rows]

    @property
    def commits(self) -> Histogram:
        return self._database.commits

    @property
    def writers_waiting(self) -> int:
        return self._database.waiting

    async def under_way(self) -> Sequence[UnderWay]:
        return await self._database.read(gauging.under_way)

    async def probe(self) -> None:
        """Raises `NotWritten` where nothing can be written."""
        await self._database.write(gauging.probe)


@asynccontextmanager
async def sqlite_store(path: Path, pseudonym: Pseudonym, *, is_beside: bool = False) -> AsyncIterator[SqliteStore]:
    """`pseudonym` makes names that the database alone does not give away. Raises what `opened` does."""
    async with opened(path, is_beside=is_beside) as database:
        yield SqliteStore(database, pseudonym)


def _kind(offer: Offer, shot: Shot) -> tuple[str, str, int, bool]:
    return offer.id, shot.resolution.value, shot.seconds, shot.audio
