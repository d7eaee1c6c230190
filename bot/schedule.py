"""When to look at a generation, so that its end is seen soon and with few looks.

Where a look is worth c seconds of waiting, they are best placed as densely as the root of h / 2c, h being the hazard of
an end at that age (Keller 1974). Here c is whatever makes them as many as may be.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bot.card import Usual
from bot.course import Course
from bot.forecast import EDGES, WIDTHS, Forecast

EVERY = 15.0
"""Seconds. There may be as many looks as somebody makes who looks at once and then this often."""

USED = 0.995
"""This part of them is planned, for it is not always known in time that something takes longer or shorter."""

LEAST = 3.0
"""As many there may be in any case."""

FEW = 3
"""Below this many of a kind nobody can say what is usual."""

SHORTEST, LONGEST = 0.25, 90.0
"""Seconds between two looks, at least and at most."""

NEARLY_ALL, CALMING = 0.99, 0.1
"""From the age on by which this share was done, pauses grow by so much of each second: it may hang for long."""

FIRST, GROWTH, LONGEST_UNKNOWING = 0.5, 0.3, 15.0
"""While nothing is usual: soon at first, every 15 s in the end."""

CALM = 4.0
"""So much rarer are the looks at one that is queued: nobody waits for that to end, it only starts the clock."""

OFTEN, LATELY = 0.1, 20
"""A kind has two clocks where this share of so many was seen in the queue."""

REPAID, MOST_OWED = 0.1, 80.0
"""Which part of the looks that were too many the next job saves, and how many are remembered at most."""

_LAST_LOOK = 0.5
"""The look that sees the end comes half a look too late, so it is not among those that the density counts."""

_FEWEST = 2.0
"""With fewer before the end it would be missed by far."""

_NONE = 1e-9


class Schedule:
    """Of one kind of generation."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._whole, self._queue, self._rendering = Forecast(), Forecast(), Forecast()
        self._often_queued = 0.0
        self._spare = 0.0
        """Looks that were not made and may be."""
        self._plan: _Plan | None = None

    def learn(self, course: Course) -> None:
        self._whole.learn(course.not_by, course.by)
        self._often_queued += ((course.queued is not None) - self._often_queued) / min(self._whole.count, LATELY)
        began = course.began
        if self._often_queued >= OFTEN and course.rendering is not None and began is not None:
            self._queue.learn(course.queued or 0.0, course.rendering)
            self._rendering.learn(course.not_by - began, course.by - began)
        if course.looks is not None:
            spare = self._spare + self._allowed((course.not_by + course.by) / 2) - course.looks
            self._spare = max(-MOST_OWED, min(MOST_OWED, spare))
        self._plan = None

    def usual(self) -> Usual | None:
        return None if self._whole.count < FEW else Usual(self._whole.quantile(0.5), self._whole.quantile(0.9))

    def pause(self, course: Course, age: float) -> float:
        """Seconds until the next look at one of this age."""
        if self._whole.count < FEW:
            return min(LONGEST_UNKNOWING, FIRST + GROWTH * age)
        plan = self._plan = self._plan or self._planned()
        return min(LONGEST, max(SHORTEST, CALMING * (age - plan.end), plan.pause(course, age)))

    def _planned(self) -> "_Plan":
        allowed = self._allowed(self._whole.mean)
        looks = max(allowed / 2, allowed + REPAID * self._spare)
        end, whole = self._whole.quantile(NEARLY_ALL), _Density(self._whole.shares)
        if self._often_queued < OFTEN or self._rendering.count < FEW:
            return _Plan(end, whole, max(_FEWEST, looks - _LAST_LOOK) / whole.cost)
        queue, rendering = _Density(self._queue.shares), _Density(self._rendering.shares)
        rate = max(_FEWEST, looks - 2 * _LAST_LOOK) / (rendering.cost + queue.cost / CALM)
        return _Plan(end, whole, rate, queue, rendering)

    def _allowed(self, seconds: float) -> float:
        return max(LEAST, USED * (seconds / self._every + 1.5))


class _Density:
    """Where looks should be, up to a factor."""

    def __init__(self, shares: Sequence[float]) -> None:
        left, looks, self.cost = 1.0, 0.0, 0.0
        self._looks = [looks]
        """At each edge, how many there are up to there."""
        for share, width in zip(shares, WIDTHS, strict=True):
            hazard = share / width / max(_NONE, left - share / 2)
            more = width * math.sqrt(hazard)
            looks += more
            self.cost += more * (left - share / 2)
            self._looks.append(looks)
            left -= share

    def pause(self, age: float, rate: float) -> float:
        """Seconds until there is one more, at so many times this density."""
        step = min(bisect_right(EDGES, age), len(WIDTHS)) - 1
        wanted = self._looks[step] + self._slope(step) * (age - EDGES[step]) + 1 / rate
        then = min(bisect_right(self._looks, wanted), len(WIDTHS)) - 1
        return EDGES[then] + (wanted - self._looks[then]) / self._slope(then) - age

    def _slope(self, step: int) -> float:
        return (self._looks[step + 1] - self._looks[step]) / WIDTHS[step]


@dataclass(frozen=True, slots=True)
class _Plan:
    end: float
    """The age by which nearly all are done."""
    whole: _Density
    rate: float
    queue: _Density | None = None
    rendering: _Density | None = None
    """Both where there are two clocks."""

    def pause(self, course: Course, age: float) -> float:
        if self.queue and course.rendering is None:
            return self.queue.pause(age, self.rate / CALM)
        if self.rendering and course.began is not None:
            return self.rendering.pause(age - course.began, self.rate)
        return self.whole.pause(age, self.rate)
