"""`bot.rulebook.Rulebook` on SQLite."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.access import AccessRequest, Said
from bot.books import Grant
from bot.decision import Decision, Mark, Ruling
from bot.job import Identity, JobId
from bot.money import Micros
from bot.pseudonyms import Pseudonym
from bot.rulebook import Spender, Tally
from bot.rules import Rule
from bot.taboo import Taboo
from storage.sqlite import asking, deciding, forbidding, granting, moving, statements
from storage.sqlite.database import Database
from storage.sqlite.memory import Memory
from storage.sqlite.people import person_of
from storage.sqlite.rows import micros

TALLY = """
SELECT count(*) AS clips, coalesce(sum(price), 0) AS spent, count(DISTINCT person) AS people
FROM jobs WHERE charged = 1 AND counts = 1 AND ordered_at >= :since AND (:chat = '' OR ordered_in = :chat)
"""
"""What is charged counts, and of what counts the latest is found without looking at all of it."""

SPENDERS = """
SELECT max(user_name) AS name, count(*) AS clips, sum(price) AS spent
FROM jobs WHERE charged = 1 AND counts = 1 AND ordered_at >= :since AND (:chat = '' OR ordered_in = :chat)
GROUP BY +person ORDER BY spent DESC, person LIMIT :limit
"""


class SqliteRulebook:
    def __init__(self, database: Database, pseudonym: Pseudonym) -> None:
        self._database = database
        self._pseudonym = pseudonym
        self._taboos = Memory[Sequence[Taboo]](database.changes)
        self._circles = Memory[frozenset[str]](database.changes)

    async def decide(self, ruling: Ruling, decision: Decision) -> None:
        await self._noted(lambda connection: deciding.decide(connection, ruling, decision), decision)

    async def decided(self, chat: str) -> Sequence[Rule]:
        return await self._database.read(lambda connection: deciding.rules_for(connection, chat))

    async def marks_of(self, subject: str, chat: str) -> Sequence[tuple[str, Mark]]:
        return await self._database.read(lambda connection: deciding.marks_of(connection, [subject], chat))

    async def said(self, chat: str) -> Said:
        return await self._database.read(lambda connection: deciding.said(connection, chat))

    async def taboos(self, chat: str) -> Sequence[Taboo]:
        work = partial(forbidding.taboos, chat=chat)
        return await self._taboos.of(chat, lambda: self._database.read(work))

    async def pause(self, reason: str, decision: Decision) -> None:
        await self._noted(lambda connection: deciding.pause(connection, reason, decision), decision)

    async def resume(self, decision: Decision) -> None:
        await self._noted(lambda connection: deciding.resume(connection, decision), decision)

    async def why_paused(self, chat: str) -> str | None:
        return await self._database.read(lambda connection: deciding.why_paused(connection, chat))

    async def grant(self, identity: Identity, grant: Grant, decision: Decision) -> None:
        def granted(connection: sqlite3.Connection) -> None:
            person = person_of(connection, identity, decision.at, self._pseudonym)
            granting.give(connection, person, grant, decision.at)

        await self._noted(granted, decision)

    async def refund(self, job_id: JobId, reason: str, decision: Decision) -> None:
        await self._noted(lambda c: granting.pay_back(c, job_id, reason, decision.at), decision)

    async def note(self, decision: Decision) -> None:
        await self._database.write(lambda connection: deciding.note(connection, decision))

    async def audited(self, chat: str, limit: int) -> Sequence[Decision]:
        return await self._database.read(lambda connection: deciding.audited(connection, chat, limit))

    async def ask(self, request: AccessRequest) -> AccessRequest:
        return await self._database.write(lambda connection: asking.ask(connection, request))

    async def waiting(self, chat: str) -> Sequence[AccessRequest]:
        return await self._database.read(lambda connection: asking.waiting(connection, chat))

    async def waiting_anywhere(self) -> Sequence[AccessRequest]:
        return await self._database.read(asking.waiting_anywhere)

    async def names(self, keys: Sequence[str]) -> dict[str, str]:
        def found(connection: sqlite3.Connection) -> dict[str, str]:
            rows = connection.execute(statements.NAMES, {"keys": json.dumps(keys)}).fetchall()
            return {row["key"]: row["name"] for row in rows}

        return await self._database.read(found)

    async def asked(self, request: str) -> AccessRequest | None:
        return await self._database.read(lambda connection: asking.asked(connection, request))

    async def answer(self, request: str, subject: str, mark: Mark, answer: str, decision: Decision) -> AccessRequest:
        def answered(connection: sqlite3.Connection) -> AccessRequest:
            found = asking.answer(connection, request, answer)
            deciding.decide(connection, Ruling(marks=((subject, mark),)), decision)
            deciding.note(connection, decision)
            return found

        return await self._database.write(answered)

    async def moved(self, before: str, now: str) -> bool:
        return await self._database.write(lambda connection: moving.move(connection, before, now))

    async def moves(self) -> Sequence[tuple[str, str]]:
        return await self._database.read(moving.moves)

    async def circles(self, platform: str, chat: str) -> frozenset[str]:
        work = partial(deciding.marked_circles, platform=platform, chat=chat)
        return await self._circles.of((platform, chat), lambda: self._database.read(work))

    async def called(self, platform: str, handle: str) -> Identity | None:
        known = {"platform": platform, "handle": handle}
        row = await self._database.read(lambda c: c.execute(statements.CALLED, known).fetchone())
        if row is None:
            return None
        return Identity(platform=row["platform"], user=row["user"], name=row["name"], handle=row["handle"])

    async def tally(self, chat: str, since: datetime) -> Tally:
        values = {"chat": chat, "since": micros(since)}
        row = await self._database.read(lambda c: c.execute(TALLY, values).fetchone())
        return Tally(row["clips"], Micros(row["spent"]), row["people"])

    async def spenders(self, chat: str, since: datetime, limit: int) -> Sequence[Spender]:
        values = {"chat": chat, "since": micros(since), "limit": limit}
        rows = await self._database.read(lambda c: c.execute(SPENDERS, values).fetchall())
        return [Spender(row["name"], row["clips"], Micros(row["spent"])) for row in rows]

    async def _noted(self, work: Callable[[sqlite3.Connection], None], decision: Decision) -> None:
        def whole(connection: sqlite3.Connection) -> None:
            work(connection)
            deciding.note(connection, decision)

        await self._database.write(whole)
