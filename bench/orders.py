"""Orders from their text to the durable row, two hundred at once, against bare `sqlite3` with the same statements."""

import asyncio
import gc
import sqlite3
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bench.table import Goal, Measure, Row, Taken
from bot.access import UNKNOWN, Presence
from bot.assembly import Core, Edges, Policy, assembled
from bot.books import Accepted
from bot.card import Order
from bot.catalogue import PROVIDERS
from bot.choosing import offers_at
from bot.job import Identity, Job, Place
from bot.meter import Meter
from bot.phrase import limit_of
from bot.ports import Chat
from bot.rules import Rules, Scope
from rushes.clock import SystemClock
from rushes.dice import Dice
from rushes.run import SWITCH_SECONDS
from storage.sqlite import jobs
from storage.sqlite.database import Database, opened
from storage.sqlite.in_force import in_force
from storage.sqlite.store import SqliteStore
from tests.stage import PSEUDONYM, HandLibrary, HandOperators, HandProvider

MEMBERS, ROUNDS = 200, 10
"""Everybody orders at once, and again as soon as all are answered."""

RULES = Rules(
    limits={
        ("", Scope.BOT, "", False): (limit_of("1000 videos a day"), limit_of("$1000 a month")),
        ("", Scope.BOT, "", True): (limit_of("$100000 a month"),),
    }
)

Statement = tuple[str, Mapping[str, object]]


class Noting(SqliteStore):
    """What it was asked to write down, for the other to do the same."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, PSEUDONYM)
        self.noted: list[tuple[Job, str, Presence]] = []

    async def accept(self, job: Job, event: str, rules: Rules, presence: Presence = UNKNOWN) -> Accepted:
        self.noted.append((job, event, presence))
        return await super().accept(job, event, rules, presence)


class Recorder(sqlite3.Connection):
    def __init__(self, path: Path) -> None:
        super().__init__(path, isolation_level=None)
        self.statements: list[Statement] = []

    def execute(self, sql: str, parameters: Mapping[str, object] = {}, /) -> sqlite3.Cursor:  # type: ignore[override]
        self.statements.append((sql, dict(parameters)))
        return super().execute(sql, parameters)


def _ordered(folder: Path) -> list[Taken]:
    return [_against_bare(folder / mode.lower(), mode) for mode in ("NORMAL", "FULL")]


def _against_bare(folder: Path, mode: str) -> Taken:
    folder.mkdir()
    rate, noted = asyncio.run(_ours(folder / "ours.db", mode))
    asyncio.run(_made(folder / "recorded.db"))
    asyncio.run(_made(folder / "bare.db"))
    return Taken(rate, _bare(folder / "bare.db", mode, _recorded(folder / "recorded.db", noted)))


async def _ours(path: Path, mode: str) -> tuple[float, Sequence[tuple[Job, str, Presence]]]:
    sys.setswitchinterval(SWITCH_SECONDS)
    async with opened(path) as database:
        await database.alone(lambda connection: connection.execute(f"PRAGMA synchronous = {mode}"))
        store = Noting(database)
        core = filming(store, {})
        gc.collect()
        begun = time.perf_counter()
        for number in range(ROUNDS):
            await asyncio.gather(*(core.studio.order(_order(member, number)) for member in range(MEMBERS)))
        return MEMBERS * ROUNDS / (time.perf_counter() - begun), store.noted


def filming(store: SqliteStore, chats: Mapping[str, Chat]) -> Core:
    """Everything but an engine that works on what was ordered."""
    clock = SystemClock()
    edges = Edges(
        clock=clock,
        store=store,
        rulebook=store.rulebook,
        survey=store.survey,
        errands=store.errands,
        providers={"fal": HandProvider()},
        library=HandLibrary(),
        chats=chats,
        operators=HandOperators(),
        dice=Dice(),
        meter=Meter(clock),
    )
    return assembled(edges, Policy(offers=offers_at(("fal",)), rules=RULES, room=dict.fromkeys(PROVIDERS, 50)))


def _order(member: int, number: int) -> Order:
    user = str(member)
    return Order(
        identity=Identity(platform="telegram", user=user, name=f"Member {user}"),
        place=Place(platform="telegram", chat=user, reply_to=str(number), is_private=True),
        event=f"{user}/{number}",
        text="/video a red fox in snow --ar 9:16 --res 360p",
        is_private=True,
    )


async def _made(path: Path) -> None:
    async with opened(path):
        pass


def _recorded(path: Path, noted: Sequence[tuple[Job, str, Presence]]) -> list[list[Statement]]:
    """What each order says to the database."""
    with closing(Recorder(path)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        found = []
        for job, event, presence in noted:
            force = in_force(connection, job.place.chat_key)
            connection.statements = []
            jobs.accept(connection, job, event, rules=RULES, pseudonym=PSEUDONYM, force=force, presence=presence)
            found.append(connection.statements)
        return found


def _bare(path: Path, mode: str, orders: Sequence[Sequence[Statement]]) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("foreign_keys = ON", f"synchronous = {mode}", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        begun = time.perf_counter()
        for statements in orders:
            connection.execute("BEGIN IMMEDIATE")
            for sql, parameters in statements:
                connection.execute(sql, parameters).fetchall()
            connection.execute("COMMIT")
        return len(orders) / (time.perf_counter() - begun)


MEASURE = Measure(
    take=_ordered,
    rows=(
        Row(
            what="orders a second from text to row, NORMAL, against bare sqlite3 with a commit each",
            goal=Goal(least=1),
        ),
        Row(
            what="the same, FULL, which is ours: a confirmed order must outlive a power cut",
            goal=Goal(least=2),
        ),
    ),
)
