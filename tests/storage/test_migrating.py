"""From nothing and from every older version, with data in it, to the present schema."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest

from bot.job import JobId, Phase
from bot.phrase import limit_of
from bot.rules import Rule, Rules, Scope, indexed
from storage.sqlite.migrating import NewerDatabase, migrate
from storage.sqlite.store import sqlite_store
from tests.ledger import ledger_in
from tests.stage import PSEUDONYM

MIGRATIONS = sorted(
    (file for file in (resources.files("storage.sqlite") / "migrations").iterdir() if file.name.endswith(".sql")),
    key=lambda file: file.name,
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    yield opened
    opened.close()


def version(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").fetchall()


def test_nothing_becomes_the_present_schema(connection: sqlite3.Connection) -> None:
    migrate(connection)
    assert version(connection) == len(MIGRATIONS)
    assert {"jobs", "ledger", "people"} <= {name for name, _ in schema(connection)}


def test_migrating_twice_changes_nothing(connection: sqlite3.Connection) -> None:
    migrate(connection)
    before = schema(connection)
    migrate(connection)
    assert schema(connection) == before


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    migrate(connection)
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    assert {name for name, strict in tables if not strict and not name.startswith("sqlite_")} == set()


def test_a_database_of_a_later_version_is_left_alone(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA user_version = 999")
    with pytest.raises(NewerDatabase, match="999"):
        migrate(connection)
    assert schema(connection) == []


def test_a_migration_that_fails_leaves_the_version_before(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.migrating._scripts", lambda: ["CREATE TABLE a (x);\nCREATE TABLE a (x);\n"])
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    connection.execute("ROLLBACK")
    assert (version(connection), schema(connection)) == (0, [])


DATA = """
INSERT INTO people VALUES ('p1', 0);
INSERT INTO identities VALUES ('web', 'ann', 'Ann', 'p1');
INSERT INTO jobs (
    number, id, person, platform, user, user_name, chat, request, offer, seed, price, ordered_at, phase, phase_since,
    revision, attempts, cancel_asked, ticket, clip, charged, notes, delivery, receipt
) VALUES (
    1, 'j1', 'p1', 'web', 'ann', 'Ann', 'lobby', '{"prompt": "a fox"}', 'fal/pixverse-v5.5', 7, 200000, 0, 'delivered',
    9, 5, 0, 0, 't', '{"name": "j1.mp4", "width": 1280, "height": 720, "seconds": 5.0, "size": 9}', 1, '[]', 'done',
    'm1'
);
INSERT INTO events VALUES ('web', 'e1', 1);
INSERT INTO transitions (job, phase, at) VALUES (1, 'accepted', 0);
INSERT INTO ledger (job, person, kind, amount, reason, at) VALUES (1, 'p1', 'reserve', 200000, 'ordered', 0);
INSERT INTO ledger (job, person, kind, amount, reason, at) VALUES (1, 'p1', 'settle', 200000, 'filmed', 9);
INSERT INTO durations (offer, resolution, seconds, audio, took) VALUES ('fal/pixverse-v5.5', '720p', 5, 0, 30.0);
"""
"""What the first version could hold, which every later one took over."""


@pytest.mark.parametrize("older", range(1, len(MIGRATIONS)))
async def test_an_older_database_keeps_its_jobs_and_its_ledger(tmp_path: Path, older: int) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    first, *later = (file.read_text() for file in MIGRATIONS[:older])
    connection.executescript("".join((first, DATA, *later)) + f"PRAGMA user_version = {older};")
    connection.close()
    async with sqlite_store(path, PSEUDONYM) as store:
        job = await store.job(JobId("j1"))
        assert job is not None
        assert (job.phase, job.request.prompt, job.refused_by, job.deleted) == (Phase.DELIVERED, "a fox", (), False)
        (course,) = await store.courses(job.offer, job.shot, 9)
        assert (course.by, course.looks) == (30, None)
        assert 20 < course.not_by < 30
        long_after = job.ordered_at + timedelta(minutes=1)
        found = await store.standing(job.identity, job.place, long_after, RULES)
        assert found.account.spent == 200_000
        assert [use.used for use in found.uses] == [200_000, 1, 1]
    assert ledger_in(path, "j1") == [("reserve", 200_000), ("settle", 200_000)]


RULES = Rules(
    limits=indexed(
        [
            Rule(scope=Scope.BOT, limit=limit_of("$9 a day")),
            Rule(scope=Scope.BOT, limit=limit_of("9 videos a day"), is_cap=True),
            Rule(scope=Scope.CHAT, subject="web:lobby", limit=limit_of("9 videos a day"), is_cap=True),
        ]
    )
)
"""What was filmed before there were limits counts for those of today."""


@pytest.mark.parametrize(
    ("platform", "user", "chat", "thread", "is_private"),
    [
        ("telegram", "7", "7", None, True),
        ("telegram", "7", "-100", None, False),
        # An admin who speaks in the name of the group.
        ("telegram", "-100", "-100", None, False),
        ("discord", "7", "50", "50", True),
        ("discord", "7", "50", "51", False),
        ("web", "ann", "lobby", None, False),
    ],
)
def test_what_was_ordered_where_nobody_else_is_can_be_told_of_older_orders(
    connection: sqlite3.Connection, platform: str, user: str, chat: str, thread: str | None, *, is_private: bool
) -> None:
    first, *_ = (file.read_text() for file in MIGRATIONS)
    connection.executescript(f"{first}{DATA}PRAGMA user_version = 1;")
    there = (platform, user, chat, thread)
    connection.execute("UPDATE jobs SET platform = ?, user = ?, chat = ?, thread = ?", there)
    migrate(connection)
    assert connection.execute("SELECT in_private FROM jobs").fetchone() == (is_private,)


async def test_a_schema_reached_step_by_step_is_the_one_reached_at_once(
    tmp_path: Path, connection: sqlite3.Connection
) -> None:
    migrate(connection)
    stepwise = sqlite3.connect(tmp_path / "stepwise.db", isolation_level=None)
    for number, file in enumerate(MIGRATIONS, 1):
        stepwise.executescript(file.read_text() + f"PRAGMA user_version = {number};")
    assert schema(stepwise) == schema(connection)
    stepwise.close()
