"""How long a guesser of the token has to wait."""

from datetime import timedelta

import pytest

from adapters.operator_page.guessing import FORGOTTEN_AFTER, MOST_REMEMBERED, WITH_ALL, WITH_ONE, Guessing
from tests.stage import HandClock

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def guessing(clock: HandClock) -> Guessing:
    return Guessing(clock)


def test_a_guesser_never_waits_longer_than_a_quarter_of_an_hour() -> None:
    assert WITH_ONE.pause(4) == SECOND
    assert WITH_ONE.pause(10_000) == timedelta(minutes=15)


def test_guessers_from_everywhere_keep_the_operator_out_for_half_a_minute_at_most(
    guessing: Guessing, clock: HandClock
) -> None:
    for number in range(1000):
        guessing.wrong(f"192.0.{number // 250}.{number % 250}")
    assert guessing.wait("198.51.100.1") == WITH_ALL.longest == timedelta(seconds=30)
    clock.forward(30)
    assert guessing.wait("198.51.100.1") == timedelta(0)


def test_some_thirty_tries_of_all_together_cost_nobody_else_time(guessing: Guessing) -> None:
    for number in range(WITH_ALL.free):
        guessing.wrong(f"192.0.2.{number}")
    assert guessing.wait("198.51.100.1") == timedelta(0)
    guessing.wrong("192.0.2.99")
    assert guessing.wait("198.51.100.1") == SECOND


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("a socket", "a socket", True),
    ],
)
def test_addresses_of_one_network_are_one_guesser(guessing: Guessing, first: str, second: str, *, is_one: bool) -> None:
    for _ in range(4):
        guessing.wrong(first)
    assert (guessing.wait(second) > timedelta(0)) == is_one


def test_the_right_token_wipes_the_slate_clean(guessing: Guessing) -> None:
    for _ in range(3):
        guessing.wrong("192.0.2.1")
    guessing.right("192.0.2.1")
    assert guessing.wrong("192.0.2.1") == timedelta(0)


def test_an_hour_without_a_try_wipes_it_clean_as_well(guessing: Guessing, clock: HandClock) -> None:
    for _ in range(8):
        guessing.wrong("192.0.2.1")
    clock.forward(FORGOTTEN_AFTER.total_seconds())
    assert guessing.wrong("192.0.2.1") == timedelta(0)


def test_setting_the_clock_shortens_no_wait(guessing: Guessing, clock: HandClock) -> None:
    for _ in range(5):
        guessing.wrong("192.0.2.1")
    clock.jump(3600)
    assert guessing.wait("192.0.2.1") == 2 * SECOND


def test_very_many_addresses_fill_no_memory(guessing: Guessing) -> None:
    for number in range(MOST_REMEMBERED + 10):
        guessing.wrong(f"2001:db8:{number // 5000:x}:{number % 5000:x}::1")
    assert len(guessing._by_address) == MOST_REMEMBERED  # noqa: SLF001 - what nobody outside can see
