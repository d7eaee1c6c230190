"""Moments within a sentence, which every reader's own clock can show."""

from datetime import datetime, timedelta, tzinfo
from typing import Self

from bot.speech import current, pieces, say

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

    @classmethod
    def saying(cls, sentence: str, at: datetime, words: str, **parts: object) -> Self:
        """The sentence, with the moment where `{when}` stands in it."""
        before, _, after = pieces(sentence, "when", **parts)
        return cls(before, at, words, after)


def clock_words(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """`at 00:00`, and with the day where that is not within a day."""
    here = moment.astimezone(zone)
    time = f"{here:%H:%M}"
    if moment - now <= _SOON:
        return say("at {time}", time=time)
    return say("on {day} at {time}", day=current().day(here).lstrip("0"), time=time)
