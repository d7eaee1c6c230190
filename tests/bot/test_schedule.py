"""How soon an end is seen, and with how many looks, in made-up worlds."""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.course import UNCOUNTED, UNSEEN, Course
from bot.schedule import EVERY, LONGEST, SHORTEST, Schedule

World = Callable[[random.Random], tuple[float, float]]
"""When the queue is left, and when it is done."""


def steady(dice: random.Random) -> tuple[float, float]:
    return 0.0, 93 * dice.lognormvariate(0, 0.1)


def two_kinds(dice: random.Random) -> tuple[float, float]:
    return 0.0, dice.choice((45, 140)) * dice.lognormvariate(0, 0.1)


def queueing(dice: random.Random) -> tuple[float, float]:
    queued = 30 * dice.lognormvariate(0, 0.8)
    return queued, queued + 93 * dice.lognormvariate(0, 0.08)


def watched(schedule: Schedule, queued: float, took: float) -> Course:
    course, age = UNSEEN, 0.0
    while (age := age + schedule.pause(course, age)) < took:
        course = course.seen_queued(age) if age < queued else course.seen_rendering(age)
    return course.ended(age)


def lags(world: World, jobs: int) -> tuple[float, float]:
    """How many times later, and with how many times the looks, somebody sees it who looks every 15 s."""
    dice, schedule = random.Random(5), Schedule()  # noqa: S311 - the same in every run
    ours = theirs = looks = others = 0.0
    for _ in range(jobs):
        queued, took = world(dice)
        course = watched(schedule, queued, took)
        schedule.learn(course)
        ours, looks = ours + course.by - took, looks + (course.looks or 0)
        theirs, others = theirs + EVERY - took % EVERY, others + took // EVERY + 2
    return theirs / ours, others / looks


@pytest.mark.parametrize(("world", "times"), [(steady, 4.5), (two_kinds, 2.1), (queueing, 4)])
def test_the_end_is_seen_several_times_sooner_with_no_more_looks(world: World, times: float) -> None:
    sooner, fewer = lags(world, 300)
    assert sooner > times
    assert fewer > 0.98


def test_while_nothing_is_known_the_looks_become_rarer_up_to_fifteen_seconds() -> None:
    schedule, ages = Schedule(), [0.0]
    assert schedule.pause(UNSEEN, 0) == 0.5
    while ages[-1] < 1000:
        ages.append(ages[-1] + schedule.pause(UNSEEN, ages[-1]))
    pauses = [later - earlier for earlier, later in pairwise(ages)]
    assert pauses == pytest.approx(sorted(pauses))
    assert pauses[-1] == 15
    assert len(pauses) < 80


def taught(*seconds: float, every: float = EVERY) -> Schedule:
    schedule = Schedule(every)
    for each in seconds:
        schedule.learn(Course(not_by=each - 1, by=each, looks=5))
    return schedule


def test_nothing_is_usual_before_three_clips() -> None:
    assert taught(30.0, 40.0).usual() is None
    usual = taught(30.0, 40.0, 50.0).usual()
    assert usual is not None
    assert (usual.median, usual.ninety) == pytest.approx((39.5, 49.5), rel=0.05)


def test_no_pause_is_longer_or_shorter_than_is_good() -> None:
    late, soon = taught(*[300.0] * 50, every=1000), taught(*[0.1] * 50)
    assert late.pause(UNSEEN, 0) == LONGEST
    assert soon.pause(UNSEEN, 0.05) == SHORTEST
    assert all(SHORTEST <= soon.pause(UNSEEN, age) <= LONGEST for age in (0.2, 5, 100, 2000, 1e6))


def test_one_that_hangs_is_looked_at_ever_more_rarely() -> None:
    schedule, age, looks = taught(*[60.0] * 50), 65.0, 0
    while age < 1000:
        age, looks = age + schedule.pause(UNSEEN, age), looks + 1
    assert looks < 1000 / EVERY


def test_who_looks_more_often_sees_it_sooner() -> None:
    often, seldom = taught(*[60.0, 90.0] * 50, every=5), taught(*[60.0, 90.0] * 50)
    assert often.pause(UNSEEN, 58) < seldom.pause(UNSEEN, 58)


def test_looks_that_were_too_many_are_saved_later() -> None:
    def after(looks: int | None) -> float:
        schedule = Schedule()
        for _ in range(20):
            schedule.learn(Course(not_by=59, by=60, looks=looks))
        return schedule.pause(UNSEEN, 58)

    assert after(looks=3) < after(looks=None) < after(looks=50) == after(looks=500)


def test_one_whose_turn_in_the_queue_nobody_saw_is_looked_at_as_if_there_were_none() -> None:
    schedule, dice = Schedule(), random.Random(2)  # noqa: S311 - the same in every run
    for _ in range(50):
        schedule.learn(watched(schedule, *queueing(dice)))
    resumed = UNCOUNTED.seen_rendering(100)
    assert resumed.began is None
    assert schedule.pause(resumed, 100) != schedule.pause(UNSEEN.seen_queued(99).seen_rendering(100), 100)
    assert UNCOUNTED.seen_queued(50).seen_rendering(60).began == 55
