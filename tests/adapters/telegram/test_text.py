"""Formatted text, counted as Telegram counts."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.telegram.text import Text, cut, units

steady = settings(derandomize=True, deadline=None, database=None)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
WORDS = st.lists(st.sampled_from(["fox", "🦊", "snow", "é", "👩‍🚀"]), min_size=1, max_size=20).map(" ".join)
AT = datetime(2026, 1, 2, 15, 4, tzinfo=UTC)


@steady
@given(ANY, st.integers(0, 40))
def test_what_is_cut_never_exceeds(words: str, most: int) -> None:
    assert units(cut(words, most)) <= most


@steady
@given(ANY)
def test_what_fits_is_not_cut(words: str) -> None:
    assert cut(words, units(words)) == words


@steady
@given(WORDS, st.integers(10, 60))
def test_a_cut_ends_after_a_whole_word_with_an_ellipsis(words: str, most: int) -> None:
    shown = cut(words, most)
    if shown != words:
        assert shown.endswith("…")
        assert words.startswith(f"{shown[:-1]} ")


def test_lines_are_words_too() -> None:
    assert cut("a red fox\nruns\nthrough", 14) == "a red fox…"
    assert cut("fox\nruns", 6) == "fox…"


def test_a_single_long_word_is_cut_inside() -> None:
    assert cut("x" * 20, 5) == "xxxx…"


def test_no_emoji_is_torn_in_two() -> None:
    assert cut("🦊🦊🦊", 4) == "🦊…"
    assert cut("🦊🦊🦊", 1) == "…"


def test_entities_are_placed_in_units_and_not_in_characters() -> None:
    text = Text().add("🦊 ").bold("fox").line().code("--ar 1:1")
    assert [(e.type, e.offset, e.length) for e in text.entities] == [("bold", 3, 3), ("code", 7, 8)]


@steady
@given(
    st.lists(st.tuples(st.sampled_from(["add", "bold", "code", "block", "link", "line", "moment"]), ANY), max_size=12)
)
def test_whatever_is_put_together_fits_and_no_entity_reaches_beyond_it(parts: list[tuple[str, str]]) -> None:
    text = Text(64)
    for kind, words in parts:
        match kind:
            case "line":
                text.line()
            case "link":
                text.link(words, "https://bot.example")
            case "moment":
                text.moment(AT, "then").since(AT)
            case _:
                getattr(text, kind)(words)
    assert units(str(text)) <= 64
    assert all(e.length > 0 and e.offset + e.length <= units(str(text)) for e in text.entities)


def test_a_moment_is_given_whole_or_not_at_all() -> None:
    assert str(Text(5).since(AT)) == str(Text(5).moment(AT, "at some time")) == ""
    assert str(Text().since(AT)) == "15:04 UTC"
    assert str(Text().moment(AT, "at some time")) == "at some time"


def test_the_first_line_is_not_empty() -> None:
    assert str(Text().line().add("fox")) == "fox"
