"""What can stand behind a flag: how it is read, written, and told when it is wrong."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.refusal import Refusal
from bot.request import Choice, tidied
from bot.speech import listed, say, unsaid

SHOWN = 40
"""Characters of what was typed that a refusal repeats."""


class BadValue(Refusal):
    title = unsaid("Unknown value")

    def __init__(self, flag: str, typed: str, accepted: str, nearest: str | None = None) -> None:
        super().__init__(
            say("“{typed}” does not go with --{flag}.", typed=legible(typed), flag=flag) + guess(nearest),
            _usage(flag, accepted),
        )


class MissingValue(Refusal):
    title = unsaid("A value is missing")

    def __init__(self, flag: str, accepted: str) -> None:
        super().__init__(say("Nothing stands after --{flag}.", flag=flag), _usage(flag, accepted))


def legible(typed: str) -> str:
    """What a refusal repeats of what was typed: cut, and without characters that no chat can show."""
    cut = typed if len(typed) <= SHOWN else typed[: SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cut)


def _usage(flag: str, accepted: str) -> str:
    return say("Write --{flag} with {accepted}.", flag=flag, accepted=accepted)


def guess(nearest: str | None) -> str:
    """One more sentence, or nothing."""
    return " " + say("Did you mean {nearest}?", nearest=nearest) if nearest else ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A closed set of values with every spelling that is understood; the first spelling is the canonical one."""

    spellings: Mapping[str, Choice | None]

    @property
    def values(self) -> Sequence[str]:
        """Canonical spellings, one a value."""
        first: dict[Choice | None, str] = {}
        for spelling, value in self.spellings.items():
            first.setdefault(value, spelling)
        return tuple(first.values())

    @property
    def accepted(self) -> str:
        return listed(self.values, either=True)

    def read(self, flag: str, typed: str) -> Choice | None:
        folded = typed.casefold()
        if folded not in self.spellings:
            near = difflib.get_close_matches(folded[:SHOWN], self.spellings, n=1)
            raise BadValue(flag, typed, self.accepted, near[0] if near else None)
        return self.spellings[folded]

    def write(self, value: Choice | None) -> str:
        return next(spelling for spelling, meaning in self.spellings.items() if meaning == value)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from 0, or a word for "any"."""

    most: int
    any_word: str

    @property
    def values(self) -> Sequence[str]:
        return (self.any_word,)

    @property
    def accepted(self) -> str:
        return say("a whole number from 0 to {most}, or {word}", most=self.most, word=self.any_word)

    def read(self, flag: str, typed: str) -> int | None:
        if typed.casefold() == self.any_word:
            return None
        if not re.fullmatch("[0-9]{1,10}", typed) or int(typed) > self.most:
            raise BadValue(flag, typed, self.accepted)
        return int(typed)

    def write(self, value: Choice | None) -> str:
        return self.any_word if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Words:
    """Free text up to the next flag, or in quotes."""

    @property
    def values(self) -> Sequence[str]:
        return ()

    @property
    def accepted(self) -> str:
        return say("any words, up to the next option or in quotes")

    def read(self, flag: str, typed: str) -> str:
        text = tidied(typed, flag)
        if not text:
            raise MissingValue(flag, self.accepted)
        return text

    def write(self, value: Choice | None) -> str:
        escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Switch:
    """On by being there; `--audio=off` turns off."""

    words: ClassVar[Mapping[str, bool]] = {
        "on": True,
        "yes": True,
        "true": True,
        "1": True,
        "off": False,
        "no": False,
        "false": False,
        "0": False,
    }

    @property
    def values(self) -> Sequence[str]:
        return ()

    @property
    def accepted(self) -> str:
        return say("on or off; alone it means on")

    def read(self, flag: str, typed: str) -> bool:
        folded = typed.casefold()
        if folded and folded not in self.words:
            raise BadValue(flag, typed, self.accepted)
        return self.words.get(folded, True)

    def write(self, value: Choice | None) -> str:
        return "" if value else "off"


Values = OneOf | Whole | Words | Switch
