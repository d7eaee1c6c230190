import re

import pytest

from bot.catalogue import MODELS, PROVIDERS
from bot.flags import BY_OPTION, FLAGS, SPELLINGS, Flag
from bot.grammar import parse
from bot.request import SEED_LIMIT, Ratio, Resolution, Style, Thinking
from bot.values import OneOf, Switch, Whole, Words, legible

by_name = pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)


def spellings_of(option: str) -> OneOf:
    values = BY_OPTION[option].values
    assert isinstance(values, OneOf)
    return values


def test_no_word_names_two_flags() -> None:
    words = [word for flag in FLAGS for word in (flag.name, *flag.aliases, *(flag.fixed or {}))]
    assert sorted(words) == sorted(SPELLINGS)


@by_name
def test_every_spelling_of_a_flag_can_be_typed(flag: Flag) -> None:
    for word in (flag.name, *flag.aliases, *(flag.fixed or {})):
        assert re.fullmatch("[a-z]+(-[a-z]+)*", word)


@by_name
def test_the_example_of_every_flag_is_understood(flag: Flag) -> None:
    command = parse(f"a fox {flag.example}")
    assert command.price_only or flag.option in dict(command.request.chosen())


@by_name
def test_help_has_a_short_line_for_every_flag(flag: Flag) -> None:
    assert flag.summary[0].isupper()
    assert not flag.summary.endswith(".")
    assert len(f"{flag.example} {flag.summary} {flag.values.accepted}") < 120


@pytest.mark.parametrize(
    ("option", "meanings"),
    [
        ("ratio", set(Ratio)),
        ("resolution", set(Resolution)),
        ("seconds", {5, 8, 10}),
        ("style", {*Style, None}),
        ("thinking", set(Thinking)),
        ("model", set(MODELS)),
        ("provider", set(PROVIDERS)),
    ],
)
def test_everything_that_can_be_filmed_can_be_said(option: str, meanings: set[object]) -> None:
    assert set(spellings_of(option).spellings.values()) == meanings


@pytest.mark.parametrize("option", ["ratio", "resolution", "seconds", "style", "thinking", "model", "provider"])
def test_what_is_written_is_read_as_the_same_value(option: str) -> None:
    values = spellings_of(option)
    for typed, value in values.spellings.items():
        assert values.read(option, typed.upper()) == value
        assert values.read(option, values.write(value)) == value
    assert len(values.values) == len(set(values.spellings.values()))


@pytest.mark.parametrize(
    ("option", "accepted"),
    [
        ("ratio", "16:9, 9:16, 1:1, 4:3 or 3:4"),
        ("resolution", "360p, 540p, 720p or 1080p"),
        ("seconds", "5, 8 or 10"),
        ("negative", "any words, up to the next option or in quotes"),
        ("style", "anime, 3d, clay, comic, cyberpunk or none"),
        ("seed", "a whole number from 0 to 2147483647, or random"),
        ("audio", "on or off; alone it means on"),
        ("multi_clip", "on or off; alone it means on"),
        ("thinking", "auto, on or off"),
        ("model", "v5.5 or v5"),
        ("provider", "fal, aimlapi, shortapi or pixverse"),
        ("price_only", "on or off; alone it means on"),
    ],
)
def test_what_is_accepted_reads_as_a_phrase(option: str, accepted: str) -> None:
    assert BY_OPTION[option].values.accepted == accepted


def test_a_single_choice_is_listed_without_an_or() -> None:
    assert OneOf({"only": 1}).accepted == "only"


@pytest.mark.parametrize(
    ("values", "completions"),
    [
        (spellings_of("resolution"), ("360p", "540p", "720p", "1080p")),
        (Whole(SEED_LIMIT, "random"), ("random",)),
        (Words(), ()),
        (Switch(), ()),
    ],
)
def test_completion_offers_the_words_of_closed_sets_only(
    values: OneOf | Whole | Words | Switch, completions: tuple[str, ...]
) -> None:
    assert tuple(values.values) == completions


@pytest.mark.parametrize(("typed", "seed"), [("0", 0), ("007", 7), ("2147483647", SEED_LIMIT), ("Random", None)])
def test_a_seed_is_a_whole_number_or_left_to_chance(typed: str, seed: int | None) -> None:
    assert Whole(SEED_LIMIT, "random").read("seed", typed) == seed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
        ("a\x00b\udfffc\u202e", "a�b�c�"),
        ("狐狸 🦊", "狐狸 🦊"),
    ],
)
def test_what_was_typed_is_repeated_short_and_legible(typed: str, shown: str) -> None:
    assert legible(typed) == shown
