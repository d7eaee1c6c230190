"""`bot.errands.Errands` on SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.desk import Deed
from bot.errands import Answer, Errand
from bot.job import Identity
from storage.sqlite.database import Database
from storage.sqlite.rows import micros, moment

_LEAVE = """
INSERT INTO errands (deed, about, reason, platform, user, user_name, at)
VALUES (:deed, :about, :reason, :platform, :user, :user_name, :at)
"""

_THERE_ARE = "SELECT EXISTS (SELECT 1 FROM errands WHERE begun = 0)"

_THROW_AWAY = "DELETE FROM errands WHERE at < :since"

_BEGIN = "UPDATE errands SET begun = 1 WHERE begun = 0 RETURNING *"

_ANSWER = "UPDATE errands SET is_done = :is_done, answer = :answer WHERE number = :number"

_ANSWERED = "DELETE FROM errands WHERE number = :number AND answer IS NOT NULL RETURNING is_done, answer"

_WITHDRAW = "DELETE FROM errands WHERE number = :number AND begun = 0"


class SqliteErrands:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def leave(self, errand: Errand) -> int:
        values = {
            "deed": errand.deed.value,
            "about": errand.about,
            "reason": errand.reason,
            "platform": errand.by.platform,
            "user": errand.by.user,
            "user_name": errand.by.name,
            "at": micros(errand.at),
        }
        return await self._database.write(lambda c: c.execute(_LEAVE, values).lastrowid or 0)

    async def begin(self, since: datetime) -> Sequence[tuple[int, Errand]]:
        # Whoever leaves an errand may have laid something down as well.
        await self._database.look_outside()
        # Looked for several times a second, and hardly ever found: whoever writes waits for nothing.
        there_are = await self._database.read(lambda c: c.execute(_THERE_ARE).fetchone()[0])
        return await self._database.write(lambda connection: _begun(connection, since)) if there_are else ()

    async def answer(self, number: int, answer: Answer) -> None:
        values = {"number": number, "is_done": answer.is_done, "answer": json.dumps(answer.lines)}
        await self._database.write(lambda c: c.execute(_ANSWER, values))

    async def answered(self, number: int) -> Answer | None:
        row = await self._database.write(lambda c: c.execute(_ANSWERED, {"number": number}).fetchone())
        return None if row is None else Answer(is_done=bool(row["is_done"]), lines=tuple(json.loads(row["answer"])))

    async def withdraw(self, number: int) -> bool:
        return await self._database.write(lambda c: c.execute(_WITHDRAW, {"number": number}).rowcount == 1)


def _begun(connection: sqlite3.Connection, since: datetime) -> list[tuple[int, Errand]]:
    connection.execute(_THROW_AWAY, {"since": micros(since)})
    return [(row["number"], _errand(row)) for row in connection.execute(_BEGIN).fetchall()]


def _errand(row: sqlite3.Row) -> Errand:
    return Errand(
        deed=Deed(row["deed"]),
        about=row["about"],
        reason=row["reason"],
        by=Identity(platform=row["platform"], user=row["user"], name=row["user_name"]),
        at=moment(row["at"]),
    )
