"""What is foretold of how long something takes."""

import random

import pytest

from bot.forecast import EDGES, LAST, Forecast


def seen(*seconds: float) -> Forecast:
    forecast = Forecast()
    for each in seconds:
        forecast.learn(each - 1, each + 1)
    return forecast


@pytest.mark.parametrize(("share", "expected"), [(0.1, 82), (0.5, 93), (0.9, 106)])
def test_many_that_were_seen_tell_how_many_take_how_long(share: float, expected: float) -> None:
    dice = random.Random(1)  # noqa: S311 - the same in every run
    assert seen(*(93 * dice.lognormvariate(0, 0.1) for _ in range(300))).quantile(share) == pytest.approx(
        expected, rel=0.04
    )


def test_the_mean_is_that_of_those_that_were_seen() -> None:
    assert seen(*[40, 80] * 100).mean == pytest.approx(60, rel=0.02)


def test_everything_is_foretold_once() -> None:
    assert sum(seen(30, 40, 50).shares) == pytest.approx(1)
    assert sum(seen(0, LAST, 5 * LAST).shares) == pytest.approx(1)


def test_anything_may_still_happen_after_many_of_the_same() -> None:
    shares = seen(*[60.0] * 200).shares
    assert min(shares) > 0
    assert sum(share for share, edge in zip(shares, EDGES, strict=False) if edge > 120) > 0.001


def test_where_it_ended_between_two_looks_is_told_by_the_others() -> None:
    forecast = seen(*[60.0] * 20)
    for _ in range(10):
        forecast.learn(0, 90)
    assert forecast.quantile(0.1) > 55
    assert forecast.quantile(0.9) < 65


def test_after_a_change_what_is_new_counts_soon() -> None:
    assert seen(*[60.0] * 200, *[120.0] * 12).quantile(0.5) == pytest.approx(120, rel=0.03)


def test_one_odd_clip_among_many_changes_next_to_nothing() -> None:
    forecast = seen(*[60.0, 63.0, 57.0] * 60, 600.0, 60.0)
    assert forecast.quantile(0.5) == pytest.approx(60, rel=0.03)
    assert forecast.quantile(0.9) < 70


def test_an_end_at_once_and_one_between_two_equal_ages_can_be_learnt() -> None:
    forecast = Forecast()
    forecast.learn(0, 0)
    forecast.learn(5, 5)
    assert forecast.quantile(0.9) == pytest.approx(5, rel=0.1)
