"""The server against the real discord.py."""

import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord import app_commands, ui

from tests.discord_api.bot import Bot, Interaction, running
from tests.discord_api.interactions import Choice
from tests.discord_api.people import Channel, Guild, Member
from tests.discord_api.server import DiscordServer

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8_000
RATIOS = [app_commands.Choice(name="Wide", value="16:9"), app_commands.Choice(name="Tall", value="9:16")]


class Cancel(ui.DynamicItem[ui.Button[ui.View]], template=r"cancel:(?P<job>\d+)"):
    def __init__(self, job: str) -> None:
        super().__init__(ui.Button(label="Cancel", style=discord.ButtonStyle.danger, custom_id=f"cancel:{job}"))

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: ui.Item[ui.View], match: re.Match[str]) -> "Cancel":
        return cls(match["job"])

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.edit_message(content=f"Cancelled {self.custom_id}", view=None)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "my film.mp4"
    path.write_bytes(MP4)
    return path


@pytest.fixture
async def bot(server: DiscordServer, film: Path) -> AsyncIterator[Bot]:
    made = Bot()

    @made.tree.command(description="Make a video")
    @app_commands.choices(ar=RATIOS)
    async def video(
        interaction: Interaction,
        prompt: app_commands.Range[str, 3, 50],
        ar: str = "1:1",
        seconds: app_commands.Range[int, 1, 10] = 5,
    ) -> None:
        await interaction.response.defer()
        view = ui.View(timeout=None).add_item(Cancel("7"))
        await interaction.edit_original_response(content=f"{prompt} {ar} {seconds}", view=view)
        await interaction.edit_original_response(content="Done", attachments=[discord.File(film)])

    @video.autocomplete("prompt")
    async def proposals(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current} at night", value=f"{current}, night")]

    made.add_dynamic_items(Cancel)
    async with running(server, made):
        yield made


async def place(server: DiscordServer, bot: Bot, channel: Channel) -> discord.TextChannel:
    await server.until(lambda: server.called("set_commands"))
    await bot.wait_until_ready()
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return found


async def test_a_command_is_deferred_and_becomes_a_video(
    server: DiscordServer, bot: Bot, ann: Member, channel: Channel
) -> None:
    asked = await server.commands(ann, channel, "video", prompt="a cat", ar="9:16", seconds=7)
    await server.until(lambda: asked.original and asked.original.attachments)
    [message] = server.messages(channel)
    assert [version.text for version in message.versions] == ["", "a cat 9:16 7", "Done"]
    assert not message.is_thinking
    [film] = message.attachments
    assert (film.name, film.sha256) == ("my_film.mp4", hashlib.sha256(MP4).hexdigest())
    assert message.button("Cancel").data == "cancel:7"
    assert (asked.latency, asked.is_acknowledged, bot.application_id) == (0, True, server.bot.id)
    read = await bot.get_partial_messageable(channel.id).fetch_message(message.id)
    assert await read.attachments[0].read() == MP4


async def test_a_button_is_pressed_after_a_restart_of_the_bot(
    server: DiscordServer, bot: Bot, ann: Member, channel: Channel
) -> None:
    asked = await server.commands(ann, channel, "video", prompt="a cat")
    await server.until(lambda: asked.original and asked.original.attachments)
    await bot.close()
    again = Bot()
    again.add_dynamic_items(Cancel)
    async with running(server, again):
        pressed = await server.presses(ann, server.messages(channel)[0], "cancel:7")
        await server.until(lambda: pressed.is_acknowledged)
    assert asked.original is pressed.original
    assert server.messages(channel)[0].text == "Cancelled cancel:7"
    assert not server.messages(channel)[0].buttons


@pytest.mark.usefixtures("bot")
async def test_choices_are_proposed_while_somebody_types(server: DiscordServer, ann: Member, channel: Channel) -> None:
    choices = await server.types(ann, channel, "video", option="prompt", value="a c")
    assert choices == [Choice("a c at night", "a c, night")]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "requires"),
        ({"prompt": "ab"}, "3 to 50 characters"),
        ({"prompt": "a cat", "ar": "2:1"}, "offers"),
        ({"prompt": "a cat", "seconds": 11}, "at most 10"),
        ({"prompt": "a cat", "seconds": "5"}, "not of the type"),
        ({"prompt": "a cat", "fps": 24}, "not \\['fps'"),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_no_client_sends_what_the_command_does_not_offer(
    server: DiscordServer, ann: Member, channel: Channel, options: dict[str, str], why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        await server.commands(ann, channel, "video", **options)


async def test_the_library_knows_where_it_is(
    server: DiscordServer, bot: Bot, ann: Member, guild: Guild, channel: Channel
) -> None:
    thread = server.thread(channel, "Cats")
    role = server.role(guild, "Crew")
    server.grant(guild, ann, role)
    seen = await place(server, bot, channel)
    assert (seen.name, seen.guild.name, seen.guild.filesize_limit) == ("general", "Film club", 10 * 1024 * 1024)
    assert [found.id for found in seen.threads] == [thread.id]
    assert seen.permissions_for(seen.guild.me).attach_files
    server.permit(channel, attach_files=False)
    await bot.wait_for("guild_channel_update", timeout=5)
    assert not seen.permissions_for(seen.guild.me).attach_files
    server.delete_thread(thread)
    await bot.wait_for("thread_delete", timeout=5)
    server.delete_channel(channel)
    await bot.wait_for("guild_channel_delete", timeout=5)
    server.kick(guild)
    await bot.wait_for("guild_remove", timeout=5)
    assert not bot.guilds


async def test_a_message_is_sent_once_for_its_nonce(server: DiscordServer, bot: Bot, channel: Channel) -> None:
    seen = await place(server, bot, channel)
    first = await seen.send("Done", nonce="job-7")
    again = await seen.send("Done", nonce="job-7")
    assert first.id == again.id
    await first.reply("Again")
    assert [message.text for message in server.messages(channel)] == ["Done", "Again"]
    assert server.messages(channel)[1].reply_to is server.messages(channel)[0]


async def test_what_is_refused_is_an_error_of_the_library(
    server: DiscordServer, bot: Bot, ann: Member, channel: Channel
) -> None:
    seen = await place(server, bot, channel)
    with pytest.raises(discord.HTTPException, match="In content: Must be 2000 or fewer"):
        await seen.send("x" * 2001)
    server.permit(channel, send_messages=False)
    with pytest.raises(discord.Forbidden, match="50013"):
        await seen.send("x")
    ann.accepts_messages = False
    with pytest.raises(discord.Forbidden, match="50007"):
        await (await bot.fetch_user(ann.id)).send("x")
    server.delete_channel(channel)
    with pytest.raises(discord.NotFound, match="10003"):
        await seen.send("x")


async def test_a_stranger_s_token_is_refused(server: DiscordServer) -> None:
    async with Bot() as stranger:
        with pytest.raises(discord.LoginFailure):
            await stranger.login("stranger")
    assert not server.world.sessions.all
