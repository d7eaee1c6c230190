"""Where somebody can order, and where the clip then arrives."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.job import Failure, FailureKind
from bot.ports import Broken
from tests.adapters.discord.club import MIB, Club
from tests.discord_api.people import Channel
from tests.offline import CONTENT
from tests.stage import CLIP

PLACES: dict[str, Callable[[Club], Channel]] = {
    "a channel": lambda club: club.channel,
    "a thread": lambda club: club.server.thread(club.channel, "young foxes"),
    "a forum post": lambda club: club.server.thread(club.server.forum(club.guild, "animals"), "foxes"),
    "a direct message": lambda club: club.server.dm(club.ann),
}


@pytest.fixture
def elsewhere(club: Club) -> Channel:
    """Where the bot is not, but Ann has brought it along."""
    club.ann.has_installed = True
    return club.server.channel(club.server.guild("Elsewhere", club.bob, club.ann, has_bot=False), "general")


@pytest.mark.parametrize("where", list(PLACES))
async def test_a_clip_arrives_where_it_was_ordered(club: Club, where: str) -> None:
    place = PLACES[where](club)
    filming = await club.film(channel=place)
    clip = await filming.clip()
    assert clip.channel is place
    assert clip.attachments[0].read() == CONTENT
    assert clip.pings.members == (club.ann,)
    assert club.server.messages(place) == [clip]


async def test_an_order_in_a_thread_belongs_to_its_server(club: Club) -> None:
    thread = club.server.thread(club.channel, "young foxes")
    job = (await club.film(channel=thread)).job
    assert (job.place.chat, job.place.thread) == (str(club.guild.id), str(thread.id))


async def test_whoever_brought_the_bot_along_gets_the_clip_as_an_answer(club: Club, elsewhere: Channel) -> None:
    filming = await club.film(channel=elsewhere)
    clip = await filming.clip()
    assert clip in filming.asked.followups
    assert (clip.channel, clip.pings.members) == (elsewhere, (club.ann,))
    assert club.server.messages(elsewhere) == [clip]


async def test_where_the_bot_is_not_the_limit_is_that_of_the_command(club: Club, elsewhere: Channel) -> None:
    club.ann.upload_limit = 500 * MIB
    club.stage.library.fetches.will(replace(CLIP, size=400 * MIB))
    filming = await club.film(channel=elsewhere)
    await filming.clip()
    assert filming.asked.followups
    # For the channel, which is tried first.
    assert club.shelf.limits == [10 * MIB - 64 * 1024]


async def test_a_failure_where_the_bot_is_not_is_told_in_the_answer(club: Club, elsewhere: Channel) -> None:
    club.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    filming = await club.film(channel=elsewhere)
    await filming.finish()
    await filming.told()
    assert club.server.messages(elsewhere) == [filming.status]
    assert "No clip" in filming.status.text


async def test_where_the_bot_is_not_no_permission_is_missing(club: Club) -> None:
    club.ann.has_installed = True
    guild = club.server.guild("Elsewhere", club.bob, club.ann, has_bot=False)
    channel = club.server.channel(guild, "quiet")
    club.server.permit(channel, guild.roles[0], send_messages=False)
    await club.film(channel=channel)
