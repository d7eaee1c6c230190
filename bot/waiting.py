"""How long generations take, and when to look at one again."""

import statistics
from collections import deque

from bot.card import Usual
from bot.catalogue import Offer, Shot
from bot.ports import Store

Pause = float | None
"""Seconds until the next step of a job; `None` where nothing is left to do."""

REMEMBERED = 200
FEW = 3
"""Below this many clips of a kind nobody can say what is usual."""

FIRST_LOOK = 0.5
GROWTH = 1.3
LONGEST_PAUSE = 15.0

LONGEST_RETRY = 60.0
_DOUBLINGS = 6
"""Beyond these every pause is the longest one; after a day of tries the power would no longer be a float."""


def next_pause(age: float) -> float:
    """Seconds until the next look at a generation that is `age` seconds old: soon at first, every 15 s in the end."""
    return min(LONGEST_PAUSE, FIRST_LOOK + (GROWTH - 1) * age)


def retry_pause(attempt: int, jitter: float) -> float:
    """Seconds before the next try after `attempt` failed ones; `jitter` from 0 to 1 keeps many from coming at once."""
    return min(LONGEST_RETRY, 2.0 ** min(attempt, _DOUBLINGS)) * (0.5 + jitter / 2)


class Durations:
    """What is usual, per offer, resolution, length and sound."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, str, int, bool], deque[float]] = {}

    async def load(self, offer: Offer, shot: Shot) -> None:
        """Read the past of this kind of shot once, so that `usual` can answer without waiting."""
        key = _kind(offer, shot)
        if key not in self._known:
            past = await self._store.durations(offer, shot, REMEMBERED)
            self._known.setdefault(key, deque(reversed(past), maxlen=REMEMBERED))

    async def learn(self, offer: Offer, shot: Shot, seconds: float) -> None:
        await self.load(offer, shot)
        self._known[_kind(offer, shot)].append(seconds)
        await self._store.learn(offer, shot, seconds)

    def usual(self, offer: Offer, shot: Shot) -> Usual | None:
        known = self._known.get(_kind(offer, shot), ())
        if len(known) < FEW:
            return None
        tenths = statistics.quantiles(known, n=10, method="inclusive")
        return Usual(statistics.median(known), tenths[-1])


def _kind(offer: Offer, shot: Shot) -> tuple[str, str, int, bool]:
    return offer.id, shot.resolution, shot.seconds, shot.audio
