"""What the bot may not do in a channel is said before anything is ordered."""

import pytest

from bot.card import Verb
from tests.adapters.discord.club import Club


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "I lack" in record.getMessage()]


@pytest.mark.parametrize(
    ("permission", "name"),
    [("send_messages", "Send Messages"), ("attach_files", "Attach Files"), ("view_channel", "View Channel")],
)
async def test_a_missing_permission_is_named_to_whoever_orders(club: Club, permission: str, name: str) -> None:
    club.server.permit(club.channel, None, **{permission: False})
    told = await club.told("video", prompt="a fox")
    assert told.splitlines() == [
        "⚠️ **I may not write here**",
        f"In this channel I lack: {name}.",
        "Ask an admin to allow it to me, or order in another channel.",
        "Nothing was charged.",
    ]
    assert not await club.jobs()


async def test_all_that_is_missing_is_named_at_once(club: Club) -> None:
    club.server.permit(club.channel, send_messages=False, attach_files=False)
    assert "I lack: Send Messages, Attach Files." in await club.told("video", prompt="a fox")


async def test_in_a_thread_another_permission_counts(club: Club) -> None:
    thread = club.server.thread(club.channel, "young foxes")
    club.server.permit(club.channel, send_messages=False)
    await club.film(channel=thread)
    club.server.permit(club.channel, send_messages_in_threads=False)
    assert "I lack: Send Messages in Threads." in await club.told("video", thread, prompt="a fox")


async def test_the_log_is_told_once_a_channel(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    other = club.server.channel(club.guild, "hares")
    for channel in (club.channel, other):
        club.server.permit(channel, send_messages=False)
        for _ in range(3):
            await club.told("video", channel, prompt="a fox")
    assert complaints(caplog) == [
        f"in Discord channel {channel.id} of server {club.guild.id} I lack: Send Messages"
        for channel in (club.channel, other)
    ]


async def test_a_button_that_orders_needs_them_too(club: Club) -> None:
    clip = await (await club.film()).clip()
    club.server.permit(club.channel, attach_files=False)
    assert "I lack: Attach Files." in await club.pressed(clip, Verb.AGAIN)


async def test_what_is_for_one_alone_needs_none(club: Club) -> None:
    club.server.permit(club.channel, send_messages=False)
    assert "Your usage" in await club.told("usage")


async def test_a_direct_message_needs_none(club: Club) -> None:
    await club.film(channel=club.server.dm(club.ann))
