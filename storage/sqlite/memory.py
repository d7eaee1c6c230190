"""What was laid down, as it was read last: every order asks for it, and it seldom changes."""

import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

_CHANGE = tuple(
    f"{change} ON {table}"
    for table in ("rules", "marks", "terms", "pauses", "taboos", "tongues")
    for change in ("INSERT", "UPDATE", "DELETE")
)
# Two people become one, or one becomes two.
_JOIN = "UPDATE OF person ON identities"

_MOST = 5000
"""Chats or people of whom one thing is remembered."""


class Changes:
    """How often anything was laid down, whoever did it and by whatever statement."""

    def __init__(self) -> None:
        self.count = 0
        self._is_open = False
        self._version = 0

    def watch(self, connection: sqlite3.Connection) -> None:
        """The only one that writes here."""
        connection.create_function("laid_down", 0, self._begin)
        for number, change in enumerate((*_CHANGE, _JOIN)):
            connection.execute(f"CREATE TEMP TRIGGER watch_{number} AFTER {change} BEGIN SELECT laid_down(); END")

    def look_outside(self, connection: sqlite3.Connection) -> None:
        """Another process may have changed anything."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self.count += 1
            self._version = version

    def settle(self) -> None:
        """The transaction is over, whether it was kept or undone: now others see what came of it."""
        if self._is_open:
            self.count += 1
            self._is_open = False

    def _begin(self) -> None:
        # Whatever follows in the same transaction sees it already.
        self.count += 1
        self._is_open = True


class Memory(Generic[T]):
    """One thing of each chat, and the count of changes before it was read: with another count it means nothing."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._known: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()

    def at_hand(self, whose: Hashable, read: Callable[[], T]) -> T:
        known, count = self._known.get(whose), self._changes.count
        return known[1] if known and known[0] == count else self._keep(whose, count, read())

    async def of(self, whose: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        known, count = self._known.get(whose), self._changes.count
        return known[1] if known and known[0] == count else self._keep(whose, count, await read())

    def _keep(self, whose: Hashable, count: int, found: T) -> T:
        self._known[whose] = count, found
        self._known.move_to_end(whose)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found
