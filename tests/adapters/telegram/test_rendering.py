"""Cards as text."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.telegram.rendering import MOST_ALERT, alert, caption, card_text, draft_text, link_text, status_text
from adapters.chat.telegram.text import MOST, MOST_CAPTION, Text, units
from bot.card import Card, DraftCard, JobCard, Tone, Usual
from bot.job import Identity, JobId, Phase
from bot.ports import Link
from bot.wording import draft_card, help_card, welcome_card
from tests.stage import CLIP, NOON

steady = settings(derandomize=True, deadline=None, database=None)
ANN = Identity(platform="telegram", user="5", name="Ann")
CARD = JobCard(
    title="Ready",
    lines=("1280×720, 5 s, $0.20",),
    tone=Tone.GOOD,
    job=JobId("1"),
    phase=Phase.DELIVERED,
    by=ANN,
    prompt="a red fox",
    flags="--ar 16:9",
    command="/video a red fox",
    ordered_at=NOON,
    changed_at=NOON,
    clip=CLIP,
)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=3000)
LONG = st.integers(0, 2048).flatmap(
    lambda size: st.sampled_from(["x", "🦊", "fox ", "🦊 ", "\n"]).map(lambda s: s * size)
)


def shown(text: Text) -> list[tuple[str, str]]:
    """Kind and words of each entity."""
    words = str(text).encode("utf-16-le")
    return [(e.type, words[e.offset * 2 : (e.offset + e.length) * 2].decode("utf-16-le")) for e in text.entities]


@steady
@given(
    prompt=st.one_of(ANY, LONG),
    flags=st.one_of(ANY, LONG),
    notes=st.lists(st.one_of(ANY, LONG), max_size=5),
    name=st.text(st.sampled_from("Ann🦊 "), max_size=64),
    user=st.sampled_from(["5", "-100"]),
    is_mentioned=st.booleans(),
)
def test_a_caption_fits_whatever_it_says(  # noqa: PLR0917 - each is drawn
    prompt: str,
    flags: str,
    notes: list[str],
    name: str,
    user: str,
    is_mentioned: bool,  # noqa: FBT001 - drawn
) -> None:
    by = Identity(platform="telegram", user=user, name=name)
    card = replace(CARD, prompt=prompt, flags=flags, lines=tuple(notes), by=by)
    text = caption(card, mention=is_mentioned, note="The group can't be reached.")
    assert units(str(text)) <= MOST_CAPTION
    assert all(e.length > 0 and e.offset + e.length <= units(str(text)) for e in text.entities)
    if is_mentioned and name:
        assert str(text).endswith(f"for {name}")


def test_a_caption_is_the_order_and_what_became_of_it() -> None:
    text = caption(CARD, mention=True, note="The group can't be reached.")
    assert str(text).splitlines() == [
        "a red fox",
        "--ar 16:9",
        "1280×720, 5 s, $0.20",
        "The group can't be reached.",
        "for Ann",
    ]
    assert shown(text) == [("bold", "a red fox"), ("code", "--ar 16:9"), ("text_link", "Ann")]


def test_whoever_has_no_name_is_not_mentioned() -> None:
    assert "for" not in str(caption(replace(CARD, by=replace(ANN, name="")), mention=True))


def test_a_channel_is_named_without_a_link() -> None:
    text = caption(replace(CARD, by=replace(ANN, user="-100")), mention=True)
    assert str(text).endswith("for Ann")
    assert "text_link" not in dict(shown(text))


@steady
@given(prompt=st.one_of(ANY, LONG), line=st.one_of(ANY, LONG), phase=st.sampled_from(Phase), tone=st.sampled_from(Tone))
def test_a_status_fits_whatever_it_says(prompt: str, line: str, phase: Phase, tone: Tone) -> None:
    text = status_text(replace(CARD, prompt=prompt, lines=(line,), phase=phase, tone=tone, usual=Usual(20, 40)))
    assert units(str(text)) <= MOST
    assert str(text) == str(text).lstrip()


def test_a_status_says_since_when_and_how_long_it_usually_takes() -> None:
    card = replace(CARD, title="Filming", phase=Phase.RENDERING, tone=Tone.BUSY, usual=Usual(20, 40), lines=())
    assert str(status_text(card)).splitlines() == [
        "🎬 Filming · ordered 12:00 UTC, usually 20–40 s",
        "",
        "a red fox",
        "--ar 16:9",
    ]


@pytest.mark.parametrize("is_mentioned", [True, False])
def test_a_link_says_until_when_it_works(*, is_mentioned: bool) -> None:
    text = link_text(CARD, Link("https://bot.example/1.mp4", NOON), mention=is_mentioned)
    assert "Watch the clip until 01 January, 12:00 UTC" in str(text)
    assert str(text).endswith("for Ann") is is_mentioned


@steady
@given(st.one_of(ANY, LONG), st.lists(ANY, max_size=3))
def test_an_alert_fits_whatever_it_says(title: str, lines: list[str]) -> None:
    assert units(alert(Card(title=title, lines=tuple(lines)))) <= MOST_ALERT


def test_what_can_be_typed_can_be_copied_with_a_tap() -> None:
    assert ("code", "/video a red fox in snow") in shown(card_text(welcome_card()))
    assert [words for kind, words in shown(card_text(help_card())) if kind == "code"][:2] == [
        "/video a red fox in snow --ar 9:16 --dur 8",
        "--ar 9:16",
    ]


def test_what_is_bad_is_marked() -> None:
    assert str(card_text(Card(title="No", lines=("Why.",), tone=Tone.BAD))) == "⚠️ No\nWhy."


def test_a_draft_is_a_block_of_its_own() -> None:
    card = draft_card("/video a fox")
    assert isinstance(card, DraftCard)
    assert ("pre", "/video a fox") in shown(card_text(card))
    assert shown(draft_text(card, ANN, mention=True)) == [("text_link", "Ann"), ("pre", "/video a fox")]
    assert shown(draft_text(card, ANN, mention=False)) == [("pre", "/video a fox")]
