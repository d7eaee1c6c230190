"""How long generations take, and when to try again what failed."""

from collections.abc import Sequence

from bot.card import Usual
from bot.catalogue import Offer, Shot
from bot.course import Course
from bot.ports import Store
from bot.schedule import EVERY, Schedule

Pause = float | None
"""Seconds until the next step of a job; `None` where nothing is left to do."""

REMEMBERED = 400
"""Earlier ones would hardly count."""

LONGEST_RETRY = 60.0
_DOUBLINGS = 6
"""Beyond these every pause is the longest one; after a day of tries the power would no longer be a float."""


def retry_pause(attempt: int, jitter: float) -> float:
    """Seconds before the next try after `attempt` failed ones; `jitter` from 0 to 1 keeps many from coming at once."""
    return min(LONGEST_RETRY, 2.0 ** min(attempt, _DOUBLINGS)) * (0.5 + jitter / 2)


class Schedules:
    """What was learnt, per offer, resolution, length and sound."""

    def __init__(self, store: Store, every: float = EVERY) -> None:
        """`every` is how many seconds there are between two looks on average, if they are made evenly."""
        self._store = store
        self._every = every
        self._known: dict[tuple[str, str, int, bool], Schedule] = {}

    async def load(self, offer: Offer, shot: Shot) -> Schedule:
        """Read the past of this kind of shot once, so that `usual` can answer without waiting."""
        key = _kind(offer, shot)
        if key not in self._known:
            past = await self._store.courses(offer, shot, REMEMBERED)
            if key not in self._known:
                self._known[key] = self._taught(past)
        return self._known[key]

    async def learn(self, offer: Offer, shot: Shot, course: Course) -> None:
        (await self.load(offer, shot)).learn(course)
        await self._store.learn(offer, shot, course)

    def usual(self, offer: Offer, shot: Shot) -> Usual | None:
        known = self._known.get(_kind(offer, shot))
        return known.usual() if known else None

    def _taught(self, past: Sequence[Course]) -> Schedule:
        schedule = Schedule(self._every)
        for course in reversed(past):
            schedule.learn(course)
        return schedule


def _kind(offer: Offer, shot: Shot) -> tuple[str, str, int, bool]:
    return offer.id, shot.resolution, shot.seconds, shot.audio
