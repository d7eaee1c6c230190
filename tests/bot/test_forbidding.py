"""What admins forbid and permit from the chat."""

import pytest

from bot.access import ADULT, NO, YES
from bot.admin_words import NotUnderstood
from bot.card import Card
from bot.decision import DecidedByOperators
from bot.forbidding import NotForbidden
from bot.job import Identity, Place
from bot.moderation import NotFilmed
from bot.strike import CoolingDown
from bot.taboo import MOST_PATTERNS, Kind, Taboo, Taboos
from tests.stage import ANN, LOBBY, Stage

CELLAR = Place(platform="web", chat="cellar")
ADAM = Identity(platform="web", user="adam", name="Adam")


async def yes() -> bool:
    return True


async def says(stage: Stage, words: str, **about: object) -> Card:
    """An admin of the lobby, in the lobby."""
    return await stage.say(f"/video_admin {words}", ADAM, is_admin=yes, **about)


async def test_what_is_forbidden_holds_at_once_and_until_it_is_permitted(stage: Stage) -> None:
    assert (await says(stage, "forbid  GORE ")).lines == ("“gore” is not filmed here.",)
    with pytest.raises(NotFilmed):
        await stage.order("gore")
    assert (await says(stage, "permit Gore")).lines == (
        "“gore” may be filmed here, as far as the operators permit it.",
    )
    await stage.order("gore")


async def test_what_is_only_for_adults_is_said_so(stage: Stage) -> None:
    assert (await says(stage, "forbid adults bikini")).lines == (
        "“bikini” is not filmed here, except in places that are marked age-restricted.",
    )
    with pytest.raises(NotFilmed):
        await stage.order("bikini")
    assert (await says(stage, "adult on")).lines == ("This chat is for adults.",)
    await stage.order("bikini")
    assert (await says(stage, "adult off")).lines == ("This chat is for everybody.",)
    said = await stage.store.rulebook.said(LOBBY.chat_key)
    assert said[LOBBY.chat_key, ADULT] == NO != YES
    for words in ("adult", "adult perhaps"):
        with pytest.raises(NotUnderstood):
            await says(stage, words)
    with pytest.raises(NotUnderstood):
        await stage.say("/video_admin everywhere adult on")


async def test_what_is_forbidden_is_shown_with_the_rules(stage: Stage) -> None:
    in_file = Taboo(spelling="blood", kind=Kind.BLOCK)
    stage.core.terms.taboos = Taboos(each=(in_file, Taboo(spelling="x", kind=Kind.BLOCK, chat="web:cellar")))
    await says(stage, "forbid adults gore")
    await stage.say("/video_admin everywhere forbid /g.re/")
    await says(stage, "adult on")
    lines = (await says(stage, "rules")).lines
    assert lines[1:4] == ("For adults.", "Not filmed: blood, /g.re/.", "Only for adults: gore.")
    assert "gore" not in "\n".join((await stage.say("/video_admin everywhere rules")).lines)


async def test_a_chat_cannot_permit_what_is_forbidden_everywhere(stage: Stage) -> None:
    await stage.say("/video_admin everywhere forbid gore")
    with pytest.raises(NotForbidden, match="No admin has forbidden “gore” here"):
        await says(stage, "permit gore")
    await says(stage, "forbid adults gore")
    await says(stage, "adult on")
    with pytest.raises(NotFilmed):
        await stage.order("gore")


async def test_what_an_operator_forbids_in_a_chat_its_admins_do_not_permit(stage: Stage) -> None:
    await stage.say("/video_admin forbid gore")
    for words in ("permit gore", "forbid adults gore"):
        with pytest.raises(DecidedByOperators):
            await says(stage, words)
    with pytest.raises(NotFilmed):
        await stage.order("gore")


async def test_what_stands_in_the_file_is_permitted_there_alone(stage: Stage) -> None:
    stage.core.terms.taboos = Taboos(each=(Taboo(spelling="gore", kind=Kind.BLOCK),))
    with pytest.raises(NotForbidden, match="operator's file"):
        await says(stage, "permit gore")


async def test_what_is_no_rule_is_refused_with_what_would_be_one(stage: Stage) -> None:
    with pytest.raises(NotUnderstood, match=r"RE2 does not understand the pattern: missing \): \(a\. Write it like"):
        await says(stage, "forbid /(a/")
    with pytest.raises(NotUnderstood, match="Write it like"):
        await says(stage, "permit *")


async def test_a_chat_has_no_more_patterns_than_can_be_looked_through(stage: Stage) -> None:
    for number in range(MOST_PATTERNS):
        await says(stage, f"forbid /gore{number}/")
    with pytest.raises(NotUnderstood, match=f"{MOST_PATTERNS} patterns"):
        await says(stage, "forbid /blood/")
    await says(stage, "forbid adults /gore1/")
    await stage.say("/video_admin everywhere forbid /blood/")


async def test_an_admin_ends_a_pause_that_came_of_what_was_ordered_there(stage: Stage) -> None:
    await says(stage, "forbid gore")
    for _ in range(3):
        with pytest.raises(NotFilmed):
            await stage.order("gore")
    with pytest.raises(CoolingDown):
        await stage.order()
    await stage.say("/video_admin unban", ADAM, is_admin=yes, about=ANN, place=CELLAR)
    with pytest.raises(CoolingDown):
        await stage.order()
    await says(stage, "unban", about=ANN)
    await stage.order()
    with pytest.raises(NotFilmed, match=r"order again\.$"):
        await stage.order("gore")
