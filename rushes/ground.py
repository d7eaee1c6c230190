"""Whether the database on which this process works still lies under its name.

Somebody may put another one there, or take it away, and nothing of it would be noticed: what is open stays open, and is
gone with the process.
"""

import asyncio
import logging
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bot.ports import Clock
from storage.sqlite.store import SqliteStore

EVERY = 5.0
"""Seconds between two looks."""

log = logging.getLogger(__name__)


class Ground:
    def __init__(self, database: Path, store: SqliteStore, clock: Clock) -> None:
        """The store has the database open by now."""
        self._database = database
        self._store = store
        self._clock = clock
        self._file = _number(database.stat())

    async def lost(self) -> None:
        """Returns when another file lies there, or none."""
        while self._lies_there():
            await self._clock.wait(asyncio.Event(), EVERY)
        log.error("%s was replaced or taken away while it is in use: stopping", self._database)

    def _lies_there(self) -> bool:
        """The file is not opened for this: to close it again would end the locks that SQLite has on it."""
        try:
            return _number(self._database.stat()) == self._file
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            # The disk does not tell. Whether anything can be written down, whoever writes will see.
            return True

    async def keep(self) -> None:
        """What was written down under that name, beside it, once nobody writes any more."""
        aside = self._database.with_name(f"{self._database.name}.{datetime.now(UTC):%Y-%m-%d-%H%M%S}")
        try:
            await self._store.copy(aside)
        except (OSError, sqlite3.Error) as error:
            log.error("what was written down until now could not be kept: %s", error)  # noqa: TRY400 - the operator needs no trace
        else:
            log.error("what was written down until now is kept; to go on with it: rushes db restore %s", aside)


def _number(file: os.stat_result) -> tuple[int, int]:
    """Which file it is, wherever it lies."""
    return file.st_dev, file.st_ino
