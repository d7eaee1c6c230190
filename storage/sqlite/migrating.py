"""Brings a database to the present schema. A released migration never changes."""

import sqlite3
from collections.abc import Iterator
from importlib import resources


class NewerDatabase(Exception):
    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"the database has version {found}; this program knows versions up to {known}")


def migrate(connection: sqlite3.Connection) -> None:
    """Each migration is one transaction that also raises the version, so that a crash between two loses nothing."""
    scripts = _scripts()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(scripts):
        raise NewerDatabase(version, len(scripts))
    for number, script in enumerate(scripts[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        for statement in _statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


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
