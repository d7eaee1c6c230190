"""Limits as they are read aloud: `5 videos a day`, `$3 a month`, `2 running`, `10 videos in 24 hours`."""

import difflib
import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import assert_never

from bot.allowance import Limit, Unit
from bot.money import Micros, dollars, shown
from bot.speech import ENGLISH, listed, say, say_many, speaking, unsaid
from bot.window import Calendar, Rolling, Window

EXAMPLES = ('"5 videos a day"', '"$3 a month"', '"2 running"', '"10 videos in 24 hours"')
"""As it is typed, in whatever language it is spoken of."""

SPANS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
LONGEST = timedelta(days=366)

_LIMIT = re.compile(
    r"""
    (?: \$ (?P<dollars>\d{1,9}(?:\.\d{1,6})?) | (?P<count>\d{1,9}) \s+ (?P<noun>videos?|running) )
    (?: \s+ (?:an?|per|each|every) \s+ (?P<calendar>hour|day|week|month)
      | \s+ in \s+ (?P<length>\d{1,6}) \s+ (?P<span>minute|hour|day|week)s? )?
    """,
    re.VERBOSE | re.IGNORECASE,
)

_PER: Mapping[Calendar, str] = MappingProxyType(
    {
        Calendar.HOUR: unsaid("{amount} an hour"),
        Calendar.DAY: unsaid("{amount} a day"),
        Calendar.WEEK: unsaid("{amount} a week"),
        Calendar.MONTH: unsaid("{amount} a month"),
    }
)

_WORDS = ("video", "videos", "running", "a", "an", "in", "month", *SPANS, *(f"{span}s" for span in SPANS))


class NoLimit(ValueError):
    """The words are no limit; the text says what would be one."""


def limit_of(words: str) -> Limit:
    """Raises `NoLimit`."""
    found = _LIMIT.fullmatch(" ".join(words.replace(",", "").split()))
    limit = found and _limit(found)
    if limit is None:
        raise NoLimit(_remedy(words))
    return limit


def spoken(limit: Limit) -> str:
    """The words that `limit_of` reads as this limit, whoever listens."""
    with speaking(ENGLISH):
        return limit_words(limit)


def limit_words(limit: Limit) -> str:
    amount = _amount(limit)
    match limit.window:
        case None:
            return amount
        case Rolling(length):
            return say("{amount} in {span}", amount=amount, span=length_words(length))
        case calendar:
            return say(_PER[calendar], amount=amount)


def length_words(length: timedelta) -> str:
    """Up to two days in hours, because that is how they are spoken of."""
    weeks, rest = divmod(length, SPANS["week"])
    if not rest and weeks > 1:
        return say_many("{n} week", "{n} weeks", weeks)
    days, rest = divmod(length, SPANS["day"])
    if not rest and days > 1:
        return say_many("{n} day", "{n} days", days)
    hours, rest = divmod(length, SPANS["hour"])
    if not rest:
        return say_many("{n} hour", "{n} hours", hours)
    return say_many("{n} minute", "{n} minutes", length // SPANS["minute"])


def counted_videos(count: int) -> str:
    return say_many("{n} video", "{n} videos", count)


def _amount(limit: Limit) -> str:
    match limit.unit:
        case Unit.MONEY:
            return shown(Micros(limit.most))
        case Unit.VIDEOS:
            return counted_videos(limit.most)
        case Unit.RUNNING:
            return say_many("{n} running", "{n} running", limit.most)
        case _:
            assert_never(limit.unit)


def _limit(found: re.Match[str]) -> Limit | None:
    """`None` for words that go together and yet mean nothing: `2 running a day`, `5 videos`."""
    window = _window(found)
    if (found["noun"] or "").lower() == "running":
        return None if window else Limit(unit=Unit.RUNNING, most=int(found["count"]))
    if window is None or (isinstance(window, Rolling) and not timedelta(0) < window.length <= LONGEST):
        return None
    if found["dollars"]:
        return Limit(unit=Unit.MONEY, most=dollars(Decimal(found["dollars"])), window=window)
    return Limit(unit=Unit.VIDEOS, most=int(found["count"]), window=window)


def _window(found: re.Match[str]) -> Window | None:
    if found["calendar"]:
        return Calendar(found["calendar"].lower())
    return Rolling(int(found["length"]) * SPANS[found["span"].lower()]) if found["length"] else None


def _remedy(words: str) -> str:
    near = " ".join(
        next(iter(difflib.get_close_matches(word.lower(), _WORDS, n=1)), word) if word.isalpha() else word
        for word in words.split()
    )
    found = _LIMIT.fullmatch(near)
    if found and _limit(found):
        return say('Did you mean "{near}"?', near=near)
    return say("Write it like {examples}", examples=listed(EXAMPLES, either=True))
