"""How the operators hear of what they should know."""

import asyncio
import logging

import pytest

from bot.card import Card
from bot.trouble import Undeliverable
from rushes.operators import Owners
from tests.stage import HandChat

NEWS = Card(title="50 % of what the bot may use")


class Deaf(HandChat):
    async def tell(self, user: str, card: Card) -> None:
        raise Undeliverable(f"{user} has blocked the bot, and does not read “{card.title}”")


async def sent() -> None:
    """Whatever was on its way has arrived."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others)


async def test_every_operator_reads_it_where_they_are_and_it_stands_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram, discord = HandChat(), HandChat()
    owners = Owners({"telegram": telegram, "discord": discord}, ["telegram:1", "discord:2", "telegram:3"])
    with caplog.at_level(logging.WARNING):
        owners.tell(NEWS)
    await sent()
    assert (telegram.told, discord.told) == ([("1", NEWS), ("3", NEWS)], [("2", NEWS)])
    assert NEWS.title in caplog.text


async def test_whoever_cannot_be_told_keeps_nobody_else_from_it(caplog: pytest.LogCaptureFixture) -> None:
    discord = HandChat()
    Owners({"telegram": Deaf(), "discord": discord}, ["telegram:1", "discord:2"]).tell(NEWS)
    await sent()
    assert discord.told == [("2", NEWS)]
    assert "an operator could not be told: 1 has blocked the bot" in caplog.text


async def test_an_operator_on_a_platform_that_is_off_is_left_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    Owners({}, ["discord:2"]).tell(NEWS)
    await sent()
    assert NEWS.title in caplog.text
