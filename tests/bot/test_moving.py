"""A chat that goes on under another number."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.access import Access
from bot.card import Order
from bot.moving import renumber
from bot.phrase import limit_of
from bot.rules import Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from bot.taboo import Kind, Taboo, Taboos
from bot.terms import Terms
from tests.stage import ANN, LOBBY, Stage, staged

CLUB = replace(LOBBY, chat="club")
BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")


def of_chat(chat: str, words: str) -> Rule:
    return Rule(scope=Scope.CHAT, subject=chat, limit=limit_of(words), is_cap=True)


FILE = Rules(
    limits=indexed([of_chat("web:lobby", "1 video a day"), Rule(scope=Scope.BOT, limit=limit_of("9 videos a day"))]),
    members={"crew": ("web:admins:lobby", "web:ann", "web:admins:roof")},
    zones={"web:lobby": BERLIN},
    access=Access(
        people=frozenset({"web:members:lobby"}),
        chats=frozenset({"web:lobby", "web:lobbyist"}),
        not_in=frozenset({"web:lobby/7"}),
    ),
)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, rules=FILE) as opened:
        yield opened


def renumbered(rules: Rules, *taboos: Taboo) -> Terms:
    terms = Terms(offers=(), rules=rules, taboos=Taboos(each=taboos))
    renumber(terms, [("web:lobby", "web:club")])
    return terms


def test_the_file_means_the_new_number_with_the_old_one() -> None:
    terms = renumbered(FILE, *(Taboo(spelling="gore", kind=Kind.BLOCK, chat=chat) for chat in ("", "web:lobby")))
    assert [taboo.chat for taboo in terms.taboos.each] == ["", "web:club"]
    rules = terms.rules
    assert set(rules.limits) == {("", Scope.CHAT, "web:club", True), ("", Scope.BOT, "", False)}
    assert rules.members == {"crew": ("web:admins:club", "web:ann", "web:admins:roof")}
    assert rules.zones == {"web:club": BERLIN}
    assert rules.access.people == {"web:members:club"}
    assert rules.access.chats == {"web:club", "web:lobbyist"}
    assert rules.access.not_in == {"web:club/7"}
    assert rules.moves == (("web:lobby", "web:club"),)


def test_what_the_file_says_of_the_new_number_goes_before() -> None:
    both = indexed([of_chat("web:club", "5 videos a day"), of_chat("web:lobby", "1 video a day")])
    rules = renumbered(Rules(limits=both, zones={"web:club": TOKYO, "web:lobby": BERLIN})).rules
    assert rules.limits == indexed([of_chat("web:club", "5 videos a day")])
    assert rules.zones == {"web:club": TOKYO}


async def test_what_the_file_says_of_a_chat_holds_on_and_operators_are_told_once(stage: Stage) -> None:
    for _ in range(2):
        await stage.studio.moved("web", "lobby", "club")
    [told] = stage.operators.cards
    assert (told.title, *told.lines) == (
        "web:lobby is web:club from now on",
        "What the file says of the chat goes on to hold.",
        "Write its new number there in time.",
    )
    await stage.studio.order(Order(identity=ANN, place=CLUB, event="1", text="a fox"))
    with pytest.raises(LimitReached, match="1 of 1 video"):
        await stage.studio.order(Order(identity=ANN, place=CLUB, event="2", text="a fox"))


async def test_a_chat_that_the_file_does_not_name_moves_in_silence(stage: Stage) -> None:
    await stage.studio.moved("web", "yard", "garden")
    assert stage.operators.cards == []
    assert stage.core.terms.rules.moves == (("web:yard", "web:garden"),)
