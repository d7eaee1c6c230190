"""Brings a database to the present schema. A released migration never changes."""

import sqlite3
from collections.abc import Iterator
from importlib import resources

_OURS = {"people", "jobs", "ledger"}
"""Tables that every version has."""


class NewerDatabase(Exception):
    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"the database has version {found}; this program knows versions up to {known}")


class OlderDatabase(Exception):
    """Which the program that works with it brings up to date, and nobody beside it."""

    def __init__(self, found: int) -> None:
        super().__init__(f"the database is of version {found}")


class OtherDatabase(Exception):
    """What another program keeps, which we must not write into."""

    def __init__(self) -> None:
        super().__init__("the database is not one of rushes")


def migrate(connection: sqlite3.Connection) -> None:
    """Each migration is one transaction that also raises the version, so that a crash between two loses nothing."""
    version = version_of(connection)
    for number, script in enumerate(_scripts()[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        for statement in _statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def version_of(connection: sqlite3.Connection) -> int:
    """0 for what is still empty. Raises `NewerDatabase` or `OtherDatabase`."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > latest_version():
        raise NewerDatabase(version, latest_version())
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not (tables >= _OURS if version else not tables):
        raise OtherDatabase
    return int(version)


def latest_version() -> int:
    return len(_scripts())


def _scripts() -> list[str]:
    folder = resources.files("storage.sqlite") / "migrations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [file.read_text() for file in files]


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
