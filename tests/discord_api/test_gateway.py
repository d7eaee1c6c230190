"""Connections that come and go, with the real discord.py and by hand."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.discord_api.bot import Bot, Interaction, running
from tests.discord_api.conftest import Ask
from tests.discord_api.people import Channel, Guild, Member
from tests.discord_api.server import DiscordServer
from tests.discord_api.sessions import Intent

READ_SECONDS = 5


@pytest.fixture
def bot(server: DiscordServer) -> Bot:
    made = Bot()

    @made.tree.command(description="Say so")
    async def hello(interaction: Interaction) -> None:
        await interaction.response.send_message("Hello", ephemeral=True)

    assert server.token
    return made


@pytest.fixture
async def socket(server: DiscordServer) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as opened:
        assert (await read(opened))["op"] == 10
        yield opened


async def read(socket: aiohttp.ClientWebSocketResponse) -> Any:  # noqa: ANN401  # JSON of many shapes
    return await socket.receive_json(timeout=READ_SECONDS)


async def closing(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    frame = await socket.receive(READ_SECONDS)
    assert frame.type is aiohttp.WSMsgType.CLOSE
    return socket.close_code


def identity(token: str, intents: object = 1, **more: object) -> dict[str, object]:
    return {"op": 2, "d": {"token": token, "intents": intents, "properties": {}} | more}


async def test_what_happened_meanwhile_is_told_on_resumption(
    server: DiscordServer, bot: Bot, ann: Member, channel: Channel
) -> None:
    async with running(server, bot):
        [session] = server.world.sessions.all
        server.gateway.drop()
        asked = await server.commands(ann, channel, "hello")
        assert (asked.dispatched, session.connection) == (1, None)
        await server.until(lambda: asked.is_acknowledged)
        assert session.resumed == 1
    assert server.world.sessions.all == [session]
    assert server.messages(channel)[0].is_ephemeral


async def test_nothing_is_told_twice_on_resumption(
    server: DiscordServer, bot: Bot, ann: Member, channel: Channel
) -> None:
    async with running(server, bot):
        await answered(server, ann, channel)
        server.gateway.drop()
        await bot.wait_for("resumed", timeout=READ_SECONDS)
        await answered(server, ann, channel)
    assert [call.status for call in server.called("respond")] == [200, 200]


async def test_an_interaction_told_again_is_refused_a_second_answer(
    server: DiscordServer, bot: Bot, ann: Member, channel: Channel
) -> None:
    async with running(server, bot):
        asked = await server.commands(ann, channel, "hello")
        server.redeliver(asked)
        await server.until(lambda: len([call for call in server.called("respond") if call.status]) == 2)
    assert (asked.dispatched, [call.code for call in server.called("respond")]) == (2, [0, 40060])
    assert len(server.messages(channel)) == 1


async def test_the_bot_comes_back_when_it_is_asked_to(server: DiscordServer, bot: Bot) -> None:
    async with running(server, bot):
        server.gateway.reconnect()
        await bot.wait_for("resumed", timeout=READ_SECONDS)
        server.gateway.invalidate(resumable=True)
        await bot.wait_for("resumed", timeout=READ_SECONDS)
        server.gateway.invalidate(resumable=False)
        await server.until(lambda: len(server.world.sessions.all) == 2)
    assert [session.resumed for session in server.world.sessions.all] == [2, 0]


async def test_a_forgotten_session_begins_anew(server: DiscordServer, bot: Bot, ann: Member, channel: Channel) -> None:
    async with running(server, bot):
        server.gateway.forget()
        server.gateway.drop()
        lost = await server.commands(ann, channel, "hello")
        await server.until(lambda: len(server.world.sessions.connected) == 1)
        await answered(server, ann, channel)
    assert (lost.dispatched, server.unacknowledged) == (0, [lost])


async def test_each_shard_hears_of_its_own_guilds(server: DiscordServer, ann: Member) -> None:
    server.world.shards = 2
    guilds = [server.guild(f"Club {number}", ann) for number in range(2)]
    guilds[1].id += (1 << 22) * (1 - ((guilds[1].id >> 22) + (guilds[0].id >> 22)) % 2)
    async with running(server, Bot()) as bot:
        await server.online(2)
        await bot.wait_until_ready()
        assert {bot_guild.shard_id for bot_guild in bot.guilds} == {0, 1}


async def test_an_outage_is_no_farewell(server: DiscordServer, bot: Bot, guild: Guild) -> None:
    async with running(server, bot):
        await bot.wait_until_ready()
        server.outage(guild)
        await bot.wait_for("guild_unavailable", timeout=READ_SECONDS)
        server.outage_ends(guild)
        assert (await bot.wait_for("guild_available", timeout=READ_SECONDS)).id == guild.id
        server.kick(guild)
        await bot.wait_for("guild_remove", timeout=READ_SECONDS)
        server.invite(guild)
        assert (await bot.wait_for("guild_join", timeout=READ_SECONDS)).name == "Film club"


async def test_without_the_intent_there_is_no_guild_to_hear_of(
    server: DiscordServer, guild: Guild, socket: aiohttp.ClientWebSocketResponse
) -> None:
    await socket.send_json(identity(server.token, intents=0))
    ready = await read(socket)
    assert (ready["t"], ready["s"], ready["d"]["shard"]) == ("READY", 1, [0, 1])
    assert ready["d"]["guilds"] == [{"id": str(guild.id), "unavailable": True}]
    await socket.send_json({"op": 1, "d": 1})
    assert (await read(socket))["op"] == 11
    [session] = server.world.sessions.all
    assert (session.intents, session.heard, session.heartbeats) == (Intent.NONE, 1, 1)


async def test_messages_are_heard_by_who_asked_for_them_but_not_read(
    server: DiscordServer, ann: Member, channel: Channel, socket: aiohttp.ClientWebSocketResponse
) -> None:
    await socket.send_json(identity(server.token, intents=1 << 9 | 1 << 12))
    await read(socket)
    await server.says(ann, channel, "hello")
    await server.says(ann, server.dm(ann), "psst")
    heard = [(await read(socket))["d"]["content"] for _ in range(2)]
    assert heard == ["", "psst"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"op": 3, "d": {}}, 4003),
        (identity("stranger"), 4004),
        (identity("TOKEN", intents=None), 4013),
        (identity("TOKEN", intents=1 << 40), 4013),
        (identity("TOKEN", intents=1 | 1 << 15), 4014),
        (identity("TOKEN", shard=[2, 2]), 4010),
        (identity("TOKEN", presence="x" * 5000), 4002),
        ({"op": 6, "d": {"token": "stranger", "session_id": "x", "seq": 1}}, 4004),
        ({"op": "x", "d": {}}, 4002),
    ],
)
async def test_a_connection_is_closed_with_the_reason(
    server: DiscordServer, socket: aiohttp.ClientWebSocketResponse, frame: dict[str, Any], code: int
) -> None:
    if frame["d"].get("token") == "TOKEN":
        frame = frame | {"d": frame["d"] | {"token": server.token}}
    await socket.send_json(frame)
    assert await closing(socket) == code
    assert server.gateway.refused == [code]


async def test_who_is_identified_may_not_be_so_again(
    server: DiscordServer, socket: aiohttp.ClientWebSocketResponse
) -> None:
    await socket.send_json(identity(server.token))
    await read(socket)
    await socket.send_json(identity(server.token))
    assert await closing(socket) == 4005


async def test_an_unknown_session_cannot_be_resumed(
    server: DiscordServer, socket: aiohttp.ClientWebSocketResponse
) -> None:
    await socket.send_json({"op": 6, "d": {"token": server.token, "session_id": "x", "seq": 1}})
    assert await read(socket) == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_heartbeat_may_be_left_without_an_answer(
    server: DiscordServer, guild: Guild, socket: aiohttp.ClientWebSocketResponse
) -> None:
    server.gateway.acknowledges = False
    server.outage(guild)
    await socket.send_json({"op": 1, "d": None})
    await socket.send_json(identity(server.token))
    assert (await read(socket))["d"]["guilds"] == [{"id": str(guild.id), "unavailable": True}]
    await socket.send_json({"op": 3, "d": {"status": "online"}})
    await socket.send_json({"op": 99})
    assert await closing(socket) == 4001


async def test_nobody_connects_while_it_is_down(server: DiscordServer) -> None:
    server.gateway.is_down = True
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(server.gateway_url)


async def test_a_wrong_intent_ends_the_library_s_client(server: DiscordServer) -> None:
    async with Bot(discord.Intents(guilds=True, members=True)) as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(server.token)


async def answered(server: DiscordServer, ann: Member, channel: Channel) -> None:
    asked = await server.commands(ann, channel, "hello")
    await server.until(lambda: asked.is_acknowledged)


async def test_a_guild_that_the_bot_left_is_none_of_its_own(
    server: DiscordServer, ask: Ask, channel: Channel, guild: Guild
) -> None:
    left = f"/users/@me/guilds/{guild.id}"
    assert (await ask("DELETE", left)).status == 204
    assert not guild.has(server.bot)
    assert (await ask("DELETE", left)).body["code"] == 10004
    assert (await ask("POST", f"/channels/{channel.id}/messages", content="x")).body["code"] == 50001
    server.invite(guild)
    assert (await ask("POST", f"/channels/{channel.id}/messages", content="x")).status == 200
