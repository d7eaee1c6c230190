"""Cards in Discord's Markdown, within two thousand characters whatever is in them."""

from dataclasses import replace

import pytest
from discord.utils import escape_mentions
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.discord.rendering import (
    MOST,
    called_text,
    card_text,
    code,
    link_text,
    plain,
    result_text,
    status_text,
)
from bot.card import Card, JobCard, Tone, Usual
from bot.job import Identity, JobId, Phase
from bot.ports import Link
from tests.stage import NOON

CARD = JobCard(
    title="Ready",
    job=JobId("0123"),
    phase=Phase.DELIVERED,
    by=Identity(platform="discord", user="123456789012345678", name="Ann"),
    prompt="a fox",
    flags="--ar 16:9",
    command="/video a fox",
    ordered_at=NOON,
    changed_at=NOON,
)
LINK = Link(f"https://bot.example/{'x' * 100}", NOON)
WORDS = st.text(max_size=5000) | st.text(alphabet="_*`@<>#~|\\ \nx", max_size=5000)

job_cards = st.builds(
    replace,
    st.just(CARD),
    title=st.text(min_size=1, max_size=100),
    prompt=WORDS,
    flags=WORDS,
    lines=st.lists(WORDS, max_size=5).map(tuple),
    tone=st.sampled_from(Tone),
    phase=st.sampled_from(Phase),
)
cards = st.builds(Card, title=st.text(min_size=1), lines=st.lists(WORDS, max_size=12).map(tuple))


@given(card=job_cards)
def test_no_message_about_a_job_is_longer_than_discord_takes(card: JobCard) -> None:
    for text in (status_text(card), result_text(card), called_text(card), link_text(card, LINK), card_text(card)):
        assert 0 < len(text) <= MOST


@given(card=cards)
def test_no_answer_is_longer_than_discord_takes(card: Card) -> None:
    assert 0 < len(card_text(card)) <= MOST


@given(card=job_cards)
def test_whoever_ordered_is_called_whatever_the_order_was(card: JobCard) -> None:
    assert f"<@{card.by.user}>" in result_text(card)
    assert called_text(card).startswith(f"<@{card.by.user}> ")
    assert LINK.url in link_text(card, LINK)


@given(words=WORDS)
def test_nothing_that_was_typed_calls_anybody(words: str) -> None:
    assert escape_mentions(plain(words)) == plain(words)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a _fox_ **runs** ~~off~~ ||now|| `x` 1*2", r"a \_fox\_ \*\*runs\*\* \~\~off\~\~ \|\|now\|\| \`x\` 1\*2"),
        ("# fox\n  - hare\n> owl\n-# mole", "\\# fox\n  \\- hare\n\\> owl\n\\-# mole"),
        ("a-b #c 1 > 0", "a-b #c 1 > 0"),
        ("[free](https://evil.example)", r"\[free\](<https://evil.example)>"),
        ("[a [free](https://evil.example)](b)", r"\[a \[free\](<https://evil.example)](b)>"),
        ("[free\nfox](https://evil.example)", "\\[free\nfox\\](<https://evil.example)>"),
        (r"\[free](x)", r"\\\[free\](x)"),
        ("<t:0> <#1> <:fox:1> </video:1>", r"\<t:0> \<#1> \<:fox:1> \</video:1>"),
        ("see https://a.example/_x_ and <https://b.example>", "see <https://a.example/_x_> and <https://b.example>"),
    ],
)
def test_what_was_typed_is_shown_as_it_was_typed(words: str, shown: str) -> None:
    assert plain(words) == shown


def test_no_text_takes_long_to_show() -> None:
    """With the library's own search this one takes minutes, in which nobody else is served."""
    assert plain("[](" * 5000) == r"\[\](" * 5000


@given(words=WORDS)
def test_what_stands_in_code_does_not_end_it(words: str) -> None:
    assert code(words).count("`") == 2


@pytest.mark.parametrize("prompt", ["狐" * 1000, "a " + "狐" * 1000, "a fox in the snow " * 100])
def test_most_of_a_long_prompt_is_shown_in_any_language(prompt: str) -> None:
    shown = status_text(replace(CARD, prompt=prompt)).partition("**\n`")[0]
    assert len(shown) > 100
    assert shown.endswith("…")


def test_a_long_prompt_ends_after_a_word() -> None:
    assert "fox…**" in status_text(replace(CARD, prompt="fox " * 500))


def test_how_long_it_usually_takes_stands_beside_when_it_was_ordered() -> None:
    card = replace(CARD, title="Filming", phase=Phase.RENDERING, tone=Tone.BUSY, usual=Usual(60, 90))
    head = status_text(card).splitlines()[0]
    assert head.startswith(f"🎬 **Filming** · ordered <t:{int(NOON.timestamp())}:R>, usually")


def test_a_note_stands_under_the_clip() -> None:
    assert result_text(replace(CARD, lines=("1280×720", "The last --ar counts."))).splitlines()[-2:] == [
        "1280×720",
        "The last --ar counts.",
    ]


def test_what_can_be_typed_stands_apart() -> None:
    card = Card(title="Help", lines=("/video a_fox", "--ar 9:16 — shape_of it", "--ar and nothing else", "a — b"))
    assert card_text(card).splitlines()[1:] == [
        "`/video a_fox`",
        "`--ar 9:16` — shape\\_of it",
        "\\--ar and nothing else",
        "a — b",
    ]


def test_where_there_is_too_much_each_line_has_its_share() -> None:
    """The history of somebody whose prompts are long: each has a button below, so each must be seen."""
    card = Card(title="Your latest orders", lines=tuple(f"{number}. {'fox ' * 500}" for number in range(1, 11)))
    lines = card_text(card).splitlines()[1:]
    assert [line.partition(".")[0] for line in lines] == [str(number) for number in range(1, 11)]
    assert all(line.endswith("fox…") for line in lines)


def test_what_is_bad_is_signed() -> None:
    assert card_text(Card(title="No", tone=Tone.BAD)) == "⚠️ **No**"
