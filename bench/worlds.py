"""Made-up providers, and who waits for them in no time at all."""

import asyncio
import math
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bot.course import UNSEEN
from bot.schedule import EVERY, Schedule

MEDIAN = 93.0
"""Seconds that a clip takes in the provider's own example."""

JOBS = 1000


class Job(NamedTuple):
    begins: float
    """When its turn in the queue has come, in seconds after its submission."""
    ends: float


class Waited(NamedTuple):
    """For one job, or on average."""

    lag: float
    """Seconds from the end until it was seen."""
    looks: float


World = Callable[[random.Random, int], Job]
"""The job with this number."""


def spread(sigma: float, median: float = MEDIAN) -> World:
    return lambda dice, _: Job(0.0, median * dice.lognormvariate(0, sigma))


def drifting(dice: random.Random, number: int) -> Job:
    """Twice as long after every five hundred, from a minute on."""
    return Job(0.0, 60 * 2 ** (number / 500) * dice.lognormvariate(0, 0.12))


def in_two_heaps(dice: random.Random, _: int) -> Job:
    return Job(0.0, dice.choice((45, 140)) * dice.lognormvariate(0, 0.1))


def with_a_long_tail(dice: random.Random, _: int) -> Job:
    return Job(0.0, 60 + dice.expovariate(1 / (20 if dice.random() < 0.9 else 120)))  # noqa: PLR2004 - one in ten


def queueing(dice: random.Random, _: int) -> Job:
    begins = 30 * dice.lognormvariate(0, 0.8)
    return Job(begins, begins + MEDIAN * dice.lognormvariate(0, 0.08))


def jobs_of(world: World, seed: int, count: int = JOBS) -> Iterator[Job]:
    dice = random.Random(seed)  # noqa: S311 - the same jobs in every run
    return (world(dice, number) for number in range(count))


def learning(jobs: Iterator[Job], every: float = EVERY) -> Waited:
    """What the product does, which knows nothing at first."""
    schedule = Schedule(every)
    return _mean(_watched(schedule, job) for job in jobs)


def looping(jobs: Iterator[Job], every: float = EVERY) -> Waited:
    """What the providers' examples do: look at once, and then so often."""
    return _mean(
        Waited(math.ceil(job.ends / every) * every - job.ends, math.ceil(job.ends / every) + 1) for job in jobs
    )


def _watched(schedule: Schedule, job: Job) -> Waited:
    course, age = UNSEEN, 0.0
    while (age := age + schedule.pause(course, age)) < job.ends:
        course = course.seen_queued(age) if age < job.begins else course.seen_rendering(age)
    course = course.ended(age)
    schedule.learn(course)
    return Waited(age - job.ends, course.looks or 0)


def _mean(each: Iterator[Waited]) -> Waited:
    lags, looks = zip(*each, strict=True)
    return Waited(sum(lags) / len(lags), sum(looks) / len(looks))


class InstantLoop(asyncio.SelectorEventLoop):
    """Does not wait: when there is nothing left to do, it is as late as the next thing is due."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self._now = max(self._now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]
