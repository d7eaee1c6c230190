"""What is not filmed, or not everywhere: words, words with an ending left open, and patterns between slashes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from bot.folding import folded, spelt_out, words_in
from bot.speech import listed, say, say_many

LONGEST = 200
"""Characters of one rule."""

MOST, MOST_PATTERNS = 500, 50
"""Rules that are laid down in one place: the file's for the bot, the file's for a chat, and so in the database."""

EXAMPLES = ('"gore"', '"blood bath"', '"behead*"', '"/kill(ing)? (him|her)/"')

_MOST_MEMORY = 1 << 18
_MOST_STEPS, MOST_STEPS_TOGETHER = 2000, 10_000
"""Of a pattern once it is compiled, and of all in one place. They bound what each character of a prompt can cost."""

_RUNS_ON = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF)),  # Thai, Lao, Burmese, Khmer
    *((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),  # Chinese and Japanese
    *((0x2600, 0x27BF), (0x1F000, 0x1FAFF)),  # small pictures
)
"""First and last of the signs that stand without a space between words."""


class Kind(StrEnum):
    BLOCK = "block"
    """Never filmed."""
    ADULT = "adult"
    """Filmed only in places that are marked age-restricted."""


class Outside(StrEnum):
    """What becomes of what is for adults in any other place."""

    BLOCK = "block"
    SPOILER = "spoiler"


class NoTaboo(ValueError):
    """The words are no rule; the text says what would be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taboo:
    spelling: str
    kind: Kind
    chat: str = ""
    """The key of the only chat where it holds; empty for everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taboos:
    """What the operator laid down."""

    each: tuple[Taboo, ...] = ()
    outside: Outside = Outside.BLOCK

    def in_chat(self, chat: str) -> tuple[Taboo, ...]:
        return tuple(taboo for taboo in self.each if taboo.chat in ("", chat))


NOTHING_FORBIDDEN = Taboos()


@dataclass(frozen=True, slots=True)
class Found:
    taboo: Taboo
    words: str
    """Of the prompt, for a pattern; otherwise the rule's own."""


class Prompt:
    """One that is looked through for many rules."""

    def __init__(self, prompt: str) -> None:
        self.text = folded(prompt)
        self.words = words_in(self.text)
        self.spelt_out = spelt_out(self.words)


def written(spelling: str) -> str:
    """The rule as it is kept, so that the same one is not kept twice. Raises `NoTaboo` for what is none."""
    tidy = " ".join(spelling.split())
    if len(tidy) > LONGEST:
        raise NoTaboo(
            say_many(
                "It has {n} character; the most is {most}",
                "It has {n} characters; the most is {most}",
                len(tidy),
                most=LONGEST,
            )
        )
    if not is_pattern(tidy):
        tidy = tidy.casefold()
    _finder(tidy)
    return tidy


def is_pattern(spelling: str) -> bool:
    return len(spelling) > 1 and spelling[0] == spelling[-1] == "/"


def must_be_few(spellings: Iterable[str]) -> None:
    """Raises `NoTaboo`."""
    all_of_them = list(spellings)
    if len(all_of_them) > MOST:
        raise NoTaboo(say_many("The most in one place is {n} rule", "The most in one place is {n} rules", MOST))
    if sum(map(is_pattern, all_of_them)) > MOST_PATTERNS:
        raise NoTaboo(
            say_many(
                "The most in one place is {n} pattern between slashes; words are cheaper",
                "The most in one place is {n} patterns between slashes; words are cheaper",
                MOST_PATTERNS,
            )
        )
    if sum(_compiled(each[1:-1]).steps for each in all_of_them if is_pattern(each)) > MOST_STEPS_TOGETHER:
        raise NoTaboo(say("The patterns are too large together: repeat less, or take some of them back"))


def worst(taboos: Iterable[Taboo], prompt: str) -> Found | None:
    """The first rule that the prompt breaks, and one that is never filmed before one that is only for adults."""
    in_turn = sorted(taboos, key=lambda each: each.kind is Kind.ADULT)
    if not in_turn:
        # To fold a long prompt takes a millisecond.
        return None
    looked_at = Prompt(prompt)
    for taboo in in_turn:
        if words := _finder(taboo.spelling)(looked_at):
            return Found(taboo, words)
    return None


_Finder = Callable[[Prompt], str]
"""The words that break a rule, or nothing."""


@lru_cache(maxsize=4096)
def _finder(spelling: str) -> _Finder:
    """Raises `NoTaboo`."""
    return _pattern(spelling[1:-1]) if is_pattern(spelling) else _phrase(spelling)


def _phrase(spelling: str) -> _Finder:
    is_open = spelling.endswith("*")
    words = words_in(folded(spelling.removesuffix("*"))).strip()
    if not words or "*" in spelling[:-1]:
        raise NoTaboo(say("Write it like {examples}", examples=listed(EXAMPLES, either=True)))
    before = "" if _runs_on(words[0]) else " "
    after = "" if is_open or _runs_on(words[-1]) else " "
    wanted, letters, told = f"{before}{words}{after}", words.replace(" ", ""), spelling.removesuffix("*")

    def find(prompt: Prompt) -> str:
        is_there = wanted in prompt.words or any(letters in spelt for spelt in prompt.spelt_out)
        return told if is_there else ""

    return find


def _runs_on(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _RUNS_ON)


def _pattern(inside: str) -> _Finder:
    _compiled(inside)
    # Not the pattern itself, so that only what is looked for lately takes its memory.
    return lambda prompt: _compiled(inside).search(prompt.text)


class _Compiled(NamedTuple):
    search: Callable[[str], str]
    steps: int


@lru_cache(maxsize=512)
def _compiled(inside: str) -> _Compiled:
    """Raises `NoTaboo`."""
    # RE2 takes a time that grows with the text alone, whatever the pattern. Who has none need not load it.
    import re2  # type: ignore[import-untyped] # noqa: PLC0415

    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, _MOST_MEMORY
    # What the prompt lost to folding a pattern loses too, all but its own signs.
    plain = "".join(sign if sign.isascii() else folded(sign) for sign in inside)
    try:
        compiled = re2.compile(plain, options)
    except re2.error as error:
        said = error.args[0].decode(errors="replace")
        raise NoTaboo(
            say(
                "RE2 does not understand the pattern: {said}. Write it like {examples}",
                said=said,
                examples=listed(EXAMPLES, either=True),
            )
        ) from None
    if compiled.programsize > _MOST_STEPS:
        raise NoTaboo(say("The pattern is too large: repeat less, or make several of it"))
    if compiled.search(""):
        raise NoTaboo(say("The pattern matches every prompt: make it longer"))

    def search(text: str) -> str:
        found = compiled.search(text)
        return str(found[0]) if found else ""

    return _Compiled(search, compiled.programsize)
