"""How the operators hear of what they should know."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.card import Card
from bot.job import Identity
from bot.ports import Chat
from bot.speech import Languages, say
from bot.tongue import Tongues
from bot.trouble import Undeliverable
from rushes.languages import translated
from rushes.operators import Owners
from storage.sqlite.store import SqliteStore, sqlite_store
from tests.stage import NOON, PSEUDONYM, HandChat, HandClock

NEWS = Card(title="50 % of what the bot may use")


class Deaf(HandChat):
    async def tell(self, user: str, card: Card) -> None:
        raise Undeliverable(f"{user} has blocked the bot, and does not read “{card.title}”")


def news() -> Card:
    return NEWS


async def sent() -> None:
    """Whatever was on its way has arrived."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as opened:
        yield opened


def owners(store: SqliteStore, chats: dict[str, Chat], *names: str) -> Owners:
    return Owners(chats, names, Tongues(HandClock(), store, Languages(translated())))


async def test_every_operator_reads_it_where_they_are_and_it_stands_in_the_log(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    telegram, discord = HandChat(), HandChat()
    with caplog.at_level(logging.WARNING):
        chats: dict[str, Chat] = {"telegram": telegram, "discord": discord}
        owners(store, chats, "telegram:1", "discord:2", "telegram:3").tell(news)
    await sent()
    assert sorted(telegram.told) == [("1", NEWS), ("3", NEWS)]
    assert discord.told == [("2", NEWS)]
    assert NEWS.title in caplog.text


async def test_each_operator_reads_it_in_their_own_language_and_the_log_in_english(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = HandChat()
    await store.speak(Identity(platform="telegram", user="2"), "de", NOON)
    owners(store, {"telegram": telegram}, "telegram:1", "telegram:2").tell(
        lambda: Card(title=say("Many would like to order"))
    )
    await sent()
    assert {user: card.title for user, card in telegram.told} == {
        "1": "Many would like to order",
        "2": "Viele möchten bestellen",
    }
    assert "Many would like to order" in caplog.text
    assert "Viele" not in caplog.text


async def test_whoever_cannot_be_told_keeps_nobody_else_from_it(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    discord = HandChat()
    owners(store, {"telegram": Deaf(), "discord": discord}, "telegram:1", "discord:2").tell(news)
    await sent()
    assert discord.told == [("2", NEWS)]
    assert "an operator could not be told: 1 has blocked the bot" in caplog.text


async def test_an_operator_on_a_platform_that_is_off_is_left_to_the_log(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    owners(store, {}, "discord:2").tell(news)
    await sent()
    assert NEWS.title in caplog.text
