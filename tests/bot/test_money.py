from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.money import Micros, dollars, shown


@pytest.mark.parametrize(
    ("amount", "micros"),
    [
        ("0.20", 200_000),
        ("0.1275", 127_500),
        (Decimal(3), 3_000_000),
        ("0.0000004", 0),
        ("0.0000005", 1),
        ("-0.20", -200_000),
    ],
)
def test_dollars_are_counted_in_millionths(amount: str | Decimal, micros: int) -> None:
    assert dollars(amount) == micros


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "$0.00"),
        (200_000, "$0.20"),
        (128_000, "$0.128"),
        (127_500, "$0.128"),
        (127_499, "$0.127"),
        (199_500, "$0.20"),
        (1_000_000, "$1.00"),
        (1_234_567_890_000, "$1,234,567.89"),
        (400, "$0.00"),
        (500, "$0.001"),
    ],
)
def test_money_is_shown_in_cents_and_in_tenths_where_they_matter(micros: int, text: str) -> None:
    assert shown(Micros(micros)) == text


@settings(derandomize=True, deadline=None, database=None)
@given(st.integers(0, 10**15))
def test_what_is_shown_is_never_off_by_more_than_half_a_tenth_of_a_cent(micros: int) -> None:
    assert abs(dollars(shown(Micros(micros)).strip("$").replace(",", "")) - micros) <= 500
