"""Moments within a sentence, which every reader's own clock can show."""

from datetime import datetime, timedelta, tzinfo
from typing import Self

_SOON = timedelta(days=1)


class Timed(str):
    """A sentence with one moment in it.

    As a string it names the moment by the clocks of the chat. A platform that can show it by the clock of each reader
    puts `at` between `before` and `after` in its own way.
    """

    __slots__ = ("after", "at", "before", "words")

    before: str
    at: datetime
    words: str
    after: str

    def __new__(cls, before: str, at: datetime, words: str, after: str = ".") -> Self:
        made = super().__new__(cls, f"{before}{words}{after}")
        made.before, made.at, made.words, made.after = before, at, words, after
        return made


def clock_words(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """`at 00:00`, and with the day where that is not within a day."""
    here = moment.astimezone(zone)
    return f"at {here:%H:%M}" if moment - now <= _SOON else f"on {here.day} {here:%B at %H:%M}"
