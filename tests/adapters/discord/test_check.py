"""What the operator is told of the bot, and where the bot is told that Discord is."""

import httpx
import pytest

from adapters.chat.discord.address import point_to
from adapters.chat.discord.check import check
from bot.trouble import Passing, TokenRefused
from tests.adapters.discord.club import Club
from tests.discord_api.faults import Fault


async def test_a_bot_that_is_known_comes_with_its_invitation(closed: Club) -> None:
    async with httpx.AsyncClient() as client:
        told = await check(client, closed.server.token, f"{closed.server.api_url}/")
    assert told.startswith("Rushes; invite it with https://discord.com/oauth2/authorize?")
    assert f"client_id={closed.server.bot.id}&scope=bot+applications.commands&permissions=" in told


async def test_a_wrong_token_is_told_from_a_discord_that_cannot_be_asked(closed: Club) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(TokenRefused):
            await check(client, "wrong", closed.server.api_url)
        closed.server.fault("get_oauth2_application", Fault(cut=True))
        with pytest.raises(Passing, match="RUSHES_DISCORD_API_URL"):
            await check(client, closed.server.token, closed.server.api_url)


async def test_the_bot_goes_where_it_is_pointed_to(closed: Club) -> None:
    api, gateway = closed.server.api_url, closed.server.gateway_url
    point_to("http://127.0.0.1:9", "ws://127.0.0.1:9")
    point_to(f"{api}/", gateway)
    await closed.open()
    await closed.film()
