"""What people read, said in their language.

The code is in English, and so is whatever is said where nobody chose: an English sentence is its own name in the
catalogues of the other languages. Which one is spoken is a context, set where somebody is answered or a card is shown,
so that whatever is said further in follows it without being told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from typing import Protocol

_HOLE = "\0"
"""Stands in no text."""

_ENDS = ("?", "!", "\u3002", "\uff1f", "\uff01", "\u061f")
"""Of sentences, but for the full stop: Chinese and Arabic ones besides."""


class Language(Protocol):
    @property
    def code(self) -> str:
        """As browsers and platforms write it: `de`, `pt-BR`."""
        ...

    @property
    def name(self) -> str:
        """As those call it who speak it."""
        ...

    @property
    def is_from_right_to_left(self) -> bool: ...

    def text(self, english: str) -> str:
        """With the same names in braces, each of them where it belongs."""
        ...

    def texts(self, one: str, many: str, count: int) -> str: ...

    def number(self, amount: int) -> str: ...

    def dollars(self, amount: Decimal) -> str:
        """With as many decimals as it has."""
        ...

    def day(self, at: datetime) -> str:
        """Day and month, the day with two digits where that is the custom."""
        ...

    def short_day(self, at: datetime) -> str: ...

    def date(self, at: datetime) -> str:
        """Day, month and year."""
        ...

    def listed(self, parts: Sequence[str], *, either: bool = False) -> str:
        """The last after "and", or after "or" where it is either of them."""
        ...

    def continued(self, words: str) -> str:
        """As they go on within a sentence."""
        ...


def unsaid(words: str) -> str:
    """Words that are said later, to whoever reads them then."""
    return words


class English:
    code = "en"
    name = unsaid("English")
    is_from_right_to_left = False

    def text(self, english: str) -> str:
        return english

    def texts(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def number(self, amount: int) -> str:
        return f"{amount:,}"

    def dollars(self, amount: Decimal) -> str:
        return f"${amount:,}"

    def day(self, at: datetime) -> str:
        return f"{at:%d %B}"

    def short_day(self, at: datetime) -> str:
        return f"{at:%d %b}"

    def date(self, at: datetime) -> str:
        return f"{at:%d %B %Y}"

    def listed(self, parts: Sequence[str], *, either: bool = False) -> str:
        *others, last = parts
        return f"{', '.join(others)} {'or' if either else 'and'} {last}" if others else last

    def continued(self, words: str) -> str:
        return words[:1].lower() + words[1:]


ENGLISH: Language = English()

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


class Languages:
    """All that can be spoken here."""

    def __init__(self, others: Mapping[str, Callable[[], Language]] | None = None) -> None:
        """By their codes; each is learnt when somebody first speaks it."""
        self._others = others or {}
        self._learnt = {ENGLISH.code: ENGLISH}

    def __iter__(self) -> Iterator[Language]:
        return map(self.named, self._codes)

    @property
    def _codes(self) -> tuple[str, ...]:
        return ENGLISH.code, *self._others

    def named(self, code: str) -> Language:
        """English for one that is not spoken here."""
        if code not in self._learnt and code in self._others:
            self._learnt[code] = self._others[code]()
        return self._learnt.get(code, ENGLISH)

    def nearest(self, told: str) -> Language | None:
        """The one that is called so, whatever the country; `None` where there is none."""
        folded = told.casefold().replace("_", "-")
        same = (code for code in self._codes if code.casefold() == folded)
        near = (code for code in self._codes if _family(code) == _family(folded))
        found = next(same, None) or next(near, None)
        return self.named(found) if found else None


def current() -> Language:
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def say(words: str, /, **parts: object) -> str:
    """What the words mean, with the parts where their names stand in braces."""
    found = current().text(words)
    return found.format_map(parts) if parts else found


def say_many(one: str, many: str, /, n: int, **parts: object) -> str:
    """`one` or `many` of something, as there are `n`."""
    return current().texts(one, many, n).format_map({"n": number(n), **parts})


def pieces(words: str, /, *holes: str, **parts: object) -> list[str]:
    """What was said, cut at the holes: words, the name of a hole, words, and so on, with words at both ends."""
    return say(words, **parts, **{hole: f"{_HOLE}{hole}{_HOLE}" for hole in holes}).split(_HOLE)


def number(amount: int) -> str:
    return current().number(amount)


def listed(parts: Sequence[str], *, either: bool = False) -> str:
    return current().listed(parts, either=either)


def continued(words: str) -> str:
    return current().continued(words)


def sentence(words: str) -> str:
    """With its full stop, unless it has one, or a sign like it."""
    return words if words.endswith(_ENDS) else say("{sentence}.", sentence=words.rstrip("."))


def gettext(words: str) -> str:
    """For templates, which put the parts into the words by themselves."""
    return current().text(words)


def ngettext(one: str, many: str, count: int) -> str:
    return current().texts(one, many, count)


def _family(code: str) -> str:
    return code.casefold().partition("-")[0]
