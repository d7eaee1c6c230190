"""For how long clips and prompts are kept, as it is read aloud: `30 days`, `1 year`, `forever`."""

import difflib
import re
from dataclasses import dataclass
from datetime import timedelta

from bot.speech import say, say_many

ERASED = "(erased)"
"""What stands where words stood."""

EXAMPLES = '"30 days", "1 year" or "forever"'

_FOREVER = "forever"
_DAYS = {"day": 1, "week": 7, "year": 365}
_WORDS = (_FOREVER, *_DAYS, *(f"{span}s" for span in _DAYS))
_SPAN = re.compile(r"(?P<count>\d{1,4}) (?P<span>day|week|year)s?")
_LONGEST = timedelta(days=100 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Counted from when a job ended; `None` is for good."""

    clips: timedelta | None = timedelta(days=30)
    prompts: timedelta | None = None


USUAL = Keep()


class NoSpan(ValueError):
    """The words say no length of time; the text says what would."""


def span_of(words: str) -> timedelta | None:
    """At least a day, or `None` for good. Raises `NoSpan`."""
    folded = " ".join(words.replace(",", "").split()).lower()
    span = _span(folded)
    if span is None and folded != _FOREVER:
        raise NoSpan(_remedy(folded))
    return span


def span_words(span: timedelta) -> str:
    """In English the words that `span_of` reads as this."""
    years, rest = divmod(span.days, _DAYS["year"])
    return say_many("{n} day", "{n} days", span.days) if rest else say_many("{n} year", "{n} years", years)


def kept_words(span: timedelta | None) -> str:
    return say("for good") if span is None else say("for {span}", span=span_words(span))


def _span(words: str) -> timedelta | None:
    found = _SPAN.fullmatch(words)
    span = timedelta(days=int(found["count"]) * _DAYS[found["span"]]) if found else timedelta(0)
    return span if timedelta(0) < span <= _LONGEST else None


def _remedy(words: str) -> str:
    near = " ".join(
        next(iter(difflib.get_close_matches(word, _WORDS, n=1)), word) if word.isalpha() else word
        for word in words.split()
    )
    if near == _FOREVER:
        return f'Did you mean "{near}"?'
    span = _span(near)
    return f'Did you mean "{span_words(span)}"?' if span else f"Write it like {EXAMPLES}"
