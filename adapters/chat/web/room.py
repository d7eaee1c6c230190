"""The room that every browser looks into: `bot.ports.Chat` for the web."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.card import Card, JobCard
from bot.job import Job, JobId
from bot.trouble import Undeliverable

PLATFORM = "web"
ROOM = "lobby"

HEARTBEAT = 15.0
"""Seconds of silence after which a browser is told that the line still stands."""

MOST_WAITING = 100
"""Cards that a slow browser may be behind; beyond that it is sent the whole history instead."""

REMEMBERED = 1000
"""Jobs whose newest revision is known, so that a card which comes late does not replace a newer one."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened since the last look. `mark` names the moment up to which this is everything."""

    mark: str
    cards: tuple[JobCard, ...] = ()
    is_behind: bool = False
    """Too much was missed to tell it one by one: the whole history is due."""


class Seat:
    """One browser's place in the room. It keeps the newest card of each job that its browser was not sent yet."""

    def __init__(self, *, is_behind: bool) -> None:
        self.wake = asyncio.Event()
        self._cards: dict[JobId, JobCard] = {}
        self._is_behind = is_behind
        if is_behind:
            self.wake.set()

    def put(self, card: JobCard) -> None:
        self._cards[card.job] = card
        if len(self._cards) > MOST_WAITING:
            self._cards.clear()
            self._is_behind = True
        self.wake.set()

    def take(self, mark: str) -> News:
        self.wake.clear()
        news = News(mark, tuple(self._cards.values()), self._is_behind)
        self._cards.clear()
        self._is_behind = False
        return news


class WebChat:
    def __init__(self, *, heartbeat: float = HEARTBEAT) -> None:
        """`heartbeat` is in seconds."""
        self._heartbeat = heartbeat
        self._seats: set[Seat] = set()
        self._revisions: dict[JobId, int] = {}
        self._run = secrets.token_hex(4)
        self._number = 0
        self._is_closed = False

    @property
    def mark(self) -> str:
        """Names this moment. A browser that has seen everything up to it misses nothing that was shown before."""
        return f"{self._run}.{self._number}"

    async def tell(self, user: str, card: Card) -> None:
        raise Undeliverable(f"nobody is called {user} here, so nobody reads “{card.title}”")

    def show(self, job: Job, card: JobCard) -> None:
        if job.place.chat != ROOM or job.revision < self._revisions.get(job.id, 0):
            return
        self._remember(job)
        self._number += 1
        for seat in self._seats:
            seat.put(card)

    async def deliver(self, job: Job, card: JobCard, *, maybe_sent: bool) -> str:  # noqa: ARG002 - nothing is sent
        """On the web a clip is delivered by being shown."""
        return job.id

    def keeps(self, job: Job) -> bool:  # noqa: ARG002 - the port
        """The page shows our own file."""
        return False

    @contextmanager
    def seat(self, seen: str | None) -> Iterator[Seat]:
        """`seen` is the mark up to which the browser knows everything, or `None`."""
        seat = Seat(is_behind=seen != self.mark)
        self._seats.add(seat)
        try:
            yield seat
        finally:
            self._seats.discard(seat)

    async def news(self, seat: Seat) -> News | None:
        """Wait for something to tell. News without cards is a heartbeat; `None` means that the room is closed."""
        try:
            async with asyncio.timeout(self._heartbeat):
                if not self._is_closed:
                    await seat.wake.wait()
        except TimeoutError:
            pass
        return None if self._is_closed else seat.take(self.mark)

    def close(self) -> None:
        """End every stream, now and from now on: a server waits for its open answers before it goes."""
        self._is_closed = True
        for seat in self._seats:
            seat.wake.set()

    def _remember(self, job: Job) -> None:
        self._revisions.pop(job.id, None)
        self._revisions[job.id] = job.revision
        if len(self._revisions) > REMEMBERED:
            del self._revisions[next(iter(self._revisions))]
