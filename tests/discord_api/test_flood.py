from pathlib import Path

import discord
import httpx
import pytest

from tests.discord_api.bot import Bot, running
from tests.discord_api.conftest import Ask
from tests.discord_api.faults import Fault
from tests.discord_api.people import Channel, Guild
from tests.discord_api.pointing import pointed_at
from tests.discord_api.server import DiscordServer, discord_api
from tests.telegram_api.clock import Clock, HeldClock


@pytest.fixture
def path(channel: Channel) -> str:
    return f"/channels/{channel.id}/messages"


async def test_a_channel_takes_so_many_messages_and_tells_how_many_are_left(
    server: DiscordServer, ask: Ask, guild: Guild, path: str, clock: HeldClock
) -> None:
    server.limit("create_message", 2, 5)
    first, second = [await ask("POST", path, content="x") for _ in range(2)]
    left = "x-ratelimit-remaining"
    assert (first.headers[left], second.headers[left], second.headers["x-ratelimit-limit"]) == ("1", "0", "2")
    assert first.headers["x-ratelimit-bucket"] == second.headers["x-ratelimit-bucket"]
    clock.advance(2)
    refused = await ask("POST", path, content="x")
    assert refused.status == 429
    assert round(refused.body["retry_after"], 3) == 3
    assert (refused.headers["via"], refused.headers["x-ratelimit-scope"]) == ("1.1 google", "user")
    elsewhere = server.channel(guild, "other")
    assert (await ask("POST", f"/channels/{elsewhere.id}/messages", content="x")).status == 200
    clock.advance(3)
    assert (await ask("POST", path, content="x")).status == 200
    assert server.throttled == {"create_message": 1}


async def test_all_calls_together_have_a_limit_but_interactions_are_exempt(
    server: DiscordServer, ask: Ask, path: str
) -> None:
    server.limit("*", 1, 1)
    assert (await ask("POST", path, content="x")).status == 200
    refused = await ask("GET", "/users/@me")
    assert (refused.body["global"], refused.headers["x-ratelimit-global"]) == (True, "true")
    assert (await ask("POST", "/interactions/1/x/callback", type=5)).code == 10062


async def test_the_library_waits_and_is_not_refused(tmp_path: Path) -> None:
    async with discord_api(tmp_path, clock=Clock(1000)) as hurried:
        channel = hurried.channel(hurried.guild("Film club"), "general")
        hurried.limit("create_message", 1, 60)
        hurried.fault("create_message", Fault(status=429, retry_after=0.01))
        with pointed_at(hurried):
            async with running(hurried, Bot()) as bot:
                for words in ("Queued", "Done"):
                    await bot.get_partial_messageable(channel.id).send(words)
        assert [message.text for message in hurried.messages(channel)] == ["Queued", "Done"]
        first, second = hurried.messages(channel)
    assert second.at - first.at >= 60
    assert hurried.throttled == {"create_message": 1}


async def test_cloudflare_is_an_end_without_a_second_try(
    server: DiscordServer, client: httpx.AsyncClient, channel: Channel, path: str
) -> None:
    server.fault("create_message", Fault(by_cloudflare=True), times=2)
    refused = await client.post(f"{server.api_url}{path}", json={"content": "x"})
    assert (refused.status_code, "via" in refused.headers) == (429, False)
    async with running(server, Bot()) as bot:
        with pytest.raises(discord.HTTPException, match="429"):
            await bot.get_partial_messageable(channel.id).send("x")
    assert len(server.called("create_message")) == 2
