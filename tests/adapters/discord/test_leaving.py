"""Servers in which the bot may not be used."""

import pytest

from bot.access import Access
from bot.rules import Rules
from tests.adapters.discord.club import OLGA, Club
from tests.discord_api.faults import Fault

ELSEWHERE = "discord:1"


@pytest.fixture
def rules() -> Rules:
    access = Access(chats=frozenset({ELSEWHERE}), leaves=True)
    return Rules(owners=frozenset({f"discord:{OLGA}"}), access=access)


async def allow(club: Club, place: str, what: str = "allow") -> None:
    home = club.server.dm(club.olga)
    assert "**Done**" in await club.told(f"video_admin {what}", home, club.olga, words=f"chat discord:{place}")


async def test_a_server_that_is_not_listed_is_left_at_the_start(closed: Club) -> None:
    await closed.open()
    await closed.until(lambda: not closed.guild.has_bot)


async def test_a_server_that_adds_the_bot_is_left_unless_an_operator_allowed_it(club: Club) -> None:
    await club.until(lambda: not club.guild.has_bot)
    other = club.server.guild("Hare club", club.bob)
    await club.until(lambda: not other.has_bot)
    await allow(club, str(club.guild.id))
    club.server.invite(club.guild)
    await club.film()
    assert club.guild.has_bot


async def test_a_server_that_is_shut_out_meanwhile_is_left_with_the_next_order(club: Club) -> None:
    await club.until(lambda: not club.guild.has_bot)
    await allow(club, str(club.guild.id))
    club.server.invite(club.guild)
    await club.film()
    await allow(club, str(club.guild.id), "deny")
    assert "This bot may not be used here." in await club.told("video", prompt="a fox")
    await club.until(lambda: not club.guild.has_bot)


async def test_a_server_where_the_bot_is_but_with_a_member_is_not_left(club: Club) -> None:
    await club.until(lambda: not club.guild.has_bot)
    club.ann.has_installed = True
    assert "This bot may not be used here." in await club.told("video", prompt="a fox")
    await club.fence()
    assert len(club.server.called("leave_guild")) == 1


async def test_a_server_that_cannot_be_left_is_logged(closed: Club, caplog: pytest.LogCaptureFixture) -> None:
    closed.server.fault("leave_guild", Fault(status=400, code=50055, message="Invalid Guild"))
    await closed.open()
    await closed.until(lambda: closed.server.called("leave_guild"))
    await closed.until(lambda: closed.server.called("leave_guild")[0].status)
    home = closed.server.dm(closed.olga)
    await closed.told("privacy", home, closed.olga)
    assert f"server {closed.guild.id} could not be left: 400 50055: Invalid Guild" in caplog.text
