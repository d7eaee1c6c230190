"""The ways in to the providers: how many jobs at a time, and whether it is worth knocking at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.job import JobId

BUSY, BUSY_AT_MOST = timedelta(seconds=2), timedelta(minutes=1)
"""How long a provider that is too busy, or cannot be reached, is left alone: at first, and at most."""

BROKE, BROKE_AT_MOST = timedelta(minutes=1), timedelta(minutes=15)
"""The same for one that needs its operator: the key is wrong, or the account is empty."""

PATIENCE = timedelta(seconds=1000)
"""After a provider took nothing for so long, those who wait for it are told and refunded."""


class State(Enum):
    OPEN = auto()
    FULL = auto()
    CLOSED = auto()
    HOPELESS = auto()
    """Closed, and those who come should not wait."""


class Gate:
    """A breaker with room. After a pause one job goes in as a probe, and only when it was answered do others follow."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._inside: set[JobId] = set()
        self._probe: JobId | None = None
        self._failures = 0
        self._closed_since: datetime | None = None
        self._opens_at: datetime | None = None
        self._needs_operator = False

    @property
    def inside(self) -> int:
        """How many jobs."""
        return len(self._inside)

    def state(self, now: datetime) -> State:
        if self._closed_since is None or (self._probe is None and self._is_rested(now)):
            return State.OPEN if self.inside < self.room else State.FULL
        if self._needs_operator or now - self._closed_since >= PATIENCE:
            return State.HOPELESS
        return State.CLOSED

    def opens_at(self, now: datetime) -> datetime | None:
        """When a gate that is closed lets the next probe in; `None` while it is open, or its probe under way."""
        closed = self._closed_since is not None and self._probe is None
        return self._opens_at if closed and not self._is_rested(now) else None

    def changes_at(self, now: datetime) -> datetime | None:
        """When it opens, or when those who wait should no longer, whichever comes first."""
        hopeless_at = None if self._closed_since is None else self._closed_since + PATIENCE
        return min((at for at in (self.opens_at(now), hopeless_at) if at and at > now), default=None)

    def enter(self, job_id: JobId) -> None:
        self._inside.add(job_id)
        if self._closed_since is not None:
            self._probe = job_id

    def leave(self, job_id: JobId) -> None:
        self._inside.discard(job_id)
        if self._probe == job_id:
            self._probe = None

    def answered(self) -> None:
        """The provider said something definite about an order: it is at work."""
        self._failures = 0
        self._closed_since = self._opens_at = self._probe = None
        self._needs_operator = False

    def busy(self, now: datetime, retry_after: float | None = None) -> None:
        self._close(now, BUSY, BUSY_AT_MOST, timedelta(seconds=retry_after or 0))

    def broke(self, now: datetime) -> None:
        self._needs_operator = True
        self._close(now, BROKE, BROKE_AT_MOST)

    def _close(self, now: datetime, first: timedelta, most: timedelta, asked: timedelta = timedelta(0)) -> None:
        """Those who were inside together fail together; that counts once."""
        if self._is_rested(now):
            self._failures += 1
        pause = min(first * (1 << min(self._failures - 1, 10)), most)
        self._closed_since = self._closed_since or now
        self._opens_at = max(now + max(pause, asked), self._opens_at or now)

    def _is_rested(self, now: datetime) -> bool:
        return self._opens_at is None or now >= self._opens_at


class Gates:
    """Every provider's, and which one somebody takes who could take several."""

    def __init__(self, room: Mapping[str, int], *, patient: bool = True) -> None:
        """Who is `patient` waits for the provider that comes first while it is full; else the next one is taken."""
        self._gates = {provider: Gate(count) for provider, count in room.items()}
        self._patient = patient

    def __getitem__(self, provider: str) -> Gate:
        return self._gates[provider]

    def way_in(self, providers: Iterable[str], now: datetime) -> str | None:
        for provider in providers:
            state = self._gates[provider].state(now)
            if state is State.OPEN:
                return provider
            if state is State.FULL and self._patient:
                return None
        return None

    def hopeful(self, providers: Sequence[str], now: datetime) -> str | None:
        """Where somebody would stand in line who comes now; `None` where that is nowhere."""
        standing = (p for p in providers if self._gates[p].state(now) is not State.HOPELESS)
        return self.way_in(providers, now) or next(standing, None)

    def states(self, now: datetime) -> dict[str, State]:
        return {provider: gate.state(now) for provider, gate in self._gates.items()}

    def leave(self, job_id: JobId) -> None:
        for gate in self._gates.values():
            gate.leave(job_id)

    def next_change(self, now: datetime) -> datetime | None:
        """When, without anything happening, somebody who waits may go in or is to be told that it is no use."""
        return min((at for gate in self._gates.values() if (at := gate.changes_at(now))), default=None)
