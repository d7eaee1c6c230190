"""Limits as operators write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.allowance import Limit, Unit
from bot.money import dollars
from bot.phrase import LONGEST, NoLimit, limit_of, spoken
from bot.window import Calendar, Rolling


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("5 videos a day", Limit(unit=Unit.VIDEOS, most=5, window=Calendar.DAY)),
        ("1 video an hour", Limit(unit=Unit.VIDEOS, most=1, window=Calendar.HOUR)),
        ("$3 a month", Limit(unit=Unit.MONEY, most=dollars("3"), window=Calendar.MONTH)),
        ("$0.50 per week", Limit(unit=Unit.MONEY, most=dollars("0.5"), window=Calendar.WEEK)),
        ("2 running", Limit(unit=Unit.RUNNING, most=2)),
        ("10  Videos in 24 hours", Limit(unit=Unit.VIDEOS, most=10, window=Rolling(timedelta(hours=24)))),
        ("$1 in 90 minutes", Limit(unit=Unit.MONEY, most=dollars("1"), window=Rolling(timedelta(minutes=90)))),
        ("0 videos a day", Limit(unit=Unit.VIDEOS, most=0, window=Calendar.DAY)),
    ],
)
def test_a_limit_is_read_as_it_is_spoken(words: str, limit: Limit) -> None:
    assert limit_of(words) == limit
    assert limit_of(spoken(limit)) == limit


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("5 vidoes a day", 'Did you mean "5 videos a day"?'),
        ("5 videos a dya", 'Did you mean "5 videos a day"?'),
        ("5 videos", "Write it like "),
        ("2 running a day", "Write it like "),
        ("5 videos in 0 hours", "Write it like "),
        ("5 videos in 99 weeks", "Write it like "),
        ("five videos a day", "Write it like "),
        ("$-1 a day", "Write it like "),
        ("", "Write it like "),
    ],
)
def test_what_is_no_limit_is_refused_with_what_would_be_one(words: str, remedy: str) -> None:
    with pytest.raises(NoLimit) as caught:
        limit_of(words)
    assert str(caught.value).startswith(remedy)


MINUTES = st.integers(1, LONGEST // timedelta(minutes=1)).map(lambda count: Rolling(timedelta(minutes=count)))
WINDOWS = st.sampled_from(Calendar) | MINUTES
LIMITS = (
    st.builds(Limit, unit=st.just(Unit.VIDEOS), most=st.integers(0, 999), window=WINDOWS)
    | st.builds(Limit, unit=st.just(Unit.MONEY), most=st.integers(0, 999_000).map(lambda n: n * 1000), window=WINDOWS)
    | st.builds(Limit, unit=st.just(Unit.RUNNING), most=st.integers(0, 999))
)


@given(LIMITS)
def test_every_limit_means_itself_when_it_is_read_aloud(limit: Limit) -> None:
    assert limit_of(spoken(limit)) == limit
