"""Where the clip goes when the channel does not take it."""

from dataclasses import replace

import pytest

from bot.card import Verb
from bot.job import Phase
from bot.trouble import Undeliverable
from bot.wording import SEND_AGAIN
from tests.adapters.discord.club import TOKEN_SECONDS, Club, Filming
from tests.discord_api.faults import Fault
from tests.discord_api.messages import Message
from tests.offline import CONTENT


@pytest.fixture
async def filming(club: Club) -> Filming:
    """Ready to be sent."""
    built = await club.film()
    await built.until(Phase.DELIVERING)
    return built


async def kept(filming: Filming) -> None:
    job = await filming.finish()
    assert job.waits_for_a_person
    await filming.told()


async def fetched(club: Club) -> Message:
    """What comes when Ann asks for it where the bot can write."""
    home = club.server.dm(club.ann)
    history = await club.answer(await club.commands("history", home))
    assert "Sending" in await club.pressed(history, Verb.SEND_AGAIN)
    [job] = await club.jobs()
    await club.stage.finish(job.id)
    [clip] = await club.until(lambda: club.clips(home))
    return clip


async def test_without_access_the_clip_is_an_answer_while_that_is_possible(filming: Filming) -> None:
    filming.club.server.permit(filming.club.channel, view_channel=False)
    clip = await filming.clip()
    assert clip in filming.asked.followups
    assert clip.pings.members == (filming.club.ann,)
    assert clip.attachments[0].read() == CONTENT


async def test_later_it_is_a_direct_message_that_says_why(filming: Filming) -> None:
    club = filming.club
    club.server.permit(club.channel, send_messages=False)
    club.stage.clock.forward(TOKEN_SECONDS)
    await filming.finish()
    await filming.told()
    [clip] = club.clips(club.server.dm(club.ann))
    assert clip.text.startswith("The channel could not be written to.\n**a fox**")
    assert [button.text for button in clip.buttons] == ["Again", "Same seed", "Edit", "HD", "Delete"]


async def test_a_token_that_is_good_no_more_leaves_the_direct_message(filming: Filming) -> None:
    club = filming.club
    club.server.permit(club.channel, send_messages=False)
    club.server.fault("follow_up", Fault(status=404, code=10015))
    await filming.finish()
    assert club.clips(club.server.dm(club.ann))


async def test_who_takes_no_messages_has_the_clip_kept_and_can_fetch_it(filming: Filming) -> None:
    club = filming.club
    club.server.permit(club.channel, send_messages=False)
    club.ann.accepts_messages = False
    club.stage.clock.forward(TOKEN_SECONDS)
    await kept(filming)
    assert "Filmed, but not sent" in filming.status.text
    assert [button.text for button in filming.status.buttons] == [SEND_AGAIN.label]
    club.ann.accepts_messages = True
    clip = await fetched(club)
    assert clip.attachments[0].read() == CONTENT


async def test_a_channel_that_was_deleted_is_made_up_for_by_an_answer_or_a_message(filming: Filming) -> None:
    club = filming.club
    club.server.delete_channel(club.channel)
    club.stage.clock.forward(TOKEN_SECONDS)
    await filming.finish()
    await filming.told()
    assert club.clips(club.server.dm(club.ann))


async def test_a_server_that_threw_the_bot_out_does_not_lose_the_clip(filming: Filming) -> None:
    club = filming.club
    club.server.kick(club.guild)
    club.stage.clock.forward(TOKEN_SECONDS)
    await filming.finish()
    assert club.clips(club.server.dm(club.ann))


async def test_an_archived_thread_is_opened_by_the_clip(club: Club) -> None:
    thread = club.server.thread(club.channel, "young foxes")
    filming = await club.film(channel=thread)
    await filming.until(Phase.DELIVERING)
    club.server.archive(thread)
    clip = await filming.clip()
    assert clip.channel is thread
    assert not thread.is_archived


@pytest.mark.parametrize("seconds", [0, TOKEN_SECONDS])
async def test_a_thread_that_is_locked_too_does_not_lose_the_clip(club: Club, seconds: int) -> None:
    thread = club.server.thread(club.channel, "young foxes")
    filming = await club.film(channel=thread)
    await filming.until(Phase.DELIVERING)
    club.server.archive(thread, locked=True)
    club.stage.clock.forward(seconds)
    await filming.finish()
    await filming.told()
    assert club.clips(thread if not seconds else club.server.dm(club.ann))


async def test_who_left_the_server_is_not_called_and_the_clip_arrives(filming: Filming) -> None:
    club = filming.club
    del club.guild.members[club.ann.id]
    clip = await filming.clip()
    assert clip.channel is club.channel
    assert not clip.pings


async def test_what_was_kept_is_sent_to_where_it_is_asked_for(filming: Filming) -> None:
    club = filming.club
    other = club.server.channel(club.guild, "hares")
    club.server.delete_channel(club.channel)
    club.ann.accepts_messages = False
    club.stage.clock.forward(TOKEN_SECONDS)
    await kept(filming)
    history = await club.answer(await club.commands("history", other))
    assert "1. Filmed, but not sent: a fox" in history.text
    assert "Sending" in await club.pressed(history, Verb.SEND_AGAIN)
    await filming.finish()
    [clip] = await club.until(lambda: club.clips(other))
    assert clip.pings.members == (club.ann,)


async def test_a_copy_that_cannot_be_sent_is_refused(filming: Filming) -> None:
    club = filming.club
    await filming.clip()
    history = await club.answer(await club.commands("history"))
    club.server.permit(club.channel, send_messages=False)
    club.ann.accepts_messages = False
    assert "The chat did not take the clip." in await club.pressed(history, Verb.SEND_AGAIN)


async def test_a_clip_that_was_deleted_while_it_waited_is_not_sent(filming: Filming) -> None:
    [card] = await filming.club.stage.studio.latest("discord", str(filming.club.guild.id))
    with pytest.raises(Undeliverable, match="the clip was deleted"):
        await filming.club.discord.deliver(filming.job, replace(card, clip=None), maybe_sent=False)


async def test_who_is_banned_at_the_door_has_the_clip_where_it_was_ordered(filming: Filming) -> None:
    """What stands in front of Discord answers with 403 too, which says nothing of the channel."""
    club = filming.club
    club.server.fault("create_message", Fault(by_cloudflare=True, status=403))
    clip = await filming.clip()
    assert clip.channel is club.channel
    assert not filming.asked.followups
