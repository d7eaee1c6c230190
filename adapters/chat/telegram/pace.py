"""How much Telegram takes of one bot, and what it is spent on.

Telegram does not publish its limits: a group takes about twenty messages and edits a minute, a private chat about one a
second in short bursts, everybody together about thirty a second. Whoever asks for more is shut out for a time that
Telegram names, so that what tells how a job goes on must leave room for what ends it.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from bot.ports import Clock

OVERALL = 25
"""Calls a second, of the thirty."""

MOST_CHATS = 2000
"""More than can have calls that still count; beyond it the others are forgotten."""


class Lane(Enum):
    """The share of a chat's room that a call may take: what ends a job takes all of it."""

    PROGRESS = 0.4
    REPLY = 0.75
    FINAL = 1.0


@dataclass(frozen=True, slots=True)
class Room:
    calls: int
    seconds: float
    between_edits: float


GROUP = Room(20, 60.0, 6.0)
PRIVATE = Room(5, 5.0, 3.0)


def is_private(chat: str) -> bool:
    return not chat.startswith("-")


def room_of(chat: str) -> Room:
    return PRIVATE if is_private(chat) else GROUP


@dataclass(slots=True)
class _Spent:
    """The calls to one chat that still count; those under way have no moment yet."""

    moments: deque[datetime] = field(default_factory=deque)
    under_way: int = 0
    closed_until: datetime | None = None
    next_edit: datetime | None = None


class Pace:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._chats: defaultdict[str, _Spent] = defaultdict(_Spent)
        self._overall = _Spent()

    def __len__(self) -> int:
        """How many chats are remembered."""
        return len(self._chats)

    def wait(self, chat: str, lane: Lane) -> float:
        """Seconds until such a call may be made; 0 where it may be made now."""
        now, room, spent = self._clock.steady(), room_of(chat), self._chats[chat]
        closed = (spent.closed_until - now).total_seconds() if spent.closed_until else 0.0
        edit = (spent.next_edit - now).total_seconds() if lane is Lane.PROGRESS and spent.next_edit else 0.0
        full = _full(spent, int(room.calls * lane.value), room.seconds, now)
        return max(0.0, closed, edit, full, _full(self._overall, OVERALL, 1.0, now))

    @contextmanager
    def call(self, chat: str, lane: Lane) -> Iterator[None]:
        """A call counts from the moment in which it was answered: only by then has Telegram counted it for certain."""
        if len(self._chats) > MOST_CHATS:
            self._forget_quiet_chats()
        spent = self._chats[chat]
        for each in (spent, self._overall):
            each.under_way += 1
        try:
            yield
        finally:
            now = self._clock.steady()
            for each in (spent, self._overall):
                each.under_way -= 1
                each.moments.append(now)
            if lane is Lane.PROGRESS:
                spent.next_edit = now + timedelta(seconds=room_of(chat).between_edits)

    def wait_overall(self, lane: Lane = Lane.FINAL) -> float:
        """Seconds until any call may be made that counts for no chat."""
        return _full(self._overall, int(OVERALL * lane.value), 1.0, self._clock.steady())

    async def room_overall(self, lane: Lane) -> None:
        """Returns when such a call may be made."""
        while (wait := self.wait_overall(lane)) > 0:
            await self._clock.wait(asyncio.Event(), wait)

    @contextmanager
    def any_call(self) -> Iterator[None]:
        self._overall.under_way += 1
        try:
            yield
        finally:
            self._overall.under_way -= 1
            self._overall.moments.append(self._clock.steady())

    def close(self, chat: str, seconds: float) -> None:
        """Telegram wants to hear nothing for this chat for so long."""
        spent, until = self._chats[chat], self._clock.steady() + timedelta(seconds=seconds)
        spent.closed_until = max(until, spent.closed_until or until)

    def _forget_quiet_chats(self) -> None:
        now = self._clock.steady()
        for chat, spent in list(self._chats.items()):
            _drop_past(spent, room_of(chat).seconds, now)
            is_open = spent.closed_until is None or spent.closed_until <= now
            if is_open and not spent.moments and not spent.under_way:
                del self._chats[chat]


def _full(spent: _Spent, calls: int, seconds: float, now: datetime) -> float:
    """Seconds until there are fewer than so many calls in the window."""
    _drop_past(spent, seconds, now)
    free = calls - spent.under_way
    if len(spent.moments) < free:
        return 0.0
    if free <= 0:
        # Whoever is under way may be done at any moment.
        return seconds / calls
    return (spent.moments[-free] - now).total_seconds() + seconds


def _drop_past(spent: _Spent, seconds: float, now: datetime) -> None:
    while spent.moments and (now - spent.moments[0]).total_seconds() >= seconds:
        spent.moments.popleft()
