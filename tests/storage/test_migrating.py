"""From nothing and from every older version, with data in it, to the present schema."""

import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from storage.sqlite.migrating import NewerDatabase, migrate

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
