"""A clip of which nobody knows whether it arrived is seen once."""

import asyncio

import pytest

from bot.card import Verb
from bot.job import Phase
from tests.adapters.discord.club import TOKEN_SECONDS, Club, Filming
from tests.discord_api.faults import Fault
from tests.stage import ANN

LOST = Fault(cut=True, after=True)
HOUR = 3600
BROKEN = Fault(status=503, after=True)


@pytest.fixture
async def filming(club: Club) -> Filming:
    return await club.film()


@pytest.mark.parametrize("fault", [LOST, BROKEN, Fault(cut=True), Fault(status=503)])
async def test_a_clip_whose_answer_got_lost_is_one_message(filming: Filming, fault: Fault) -> None:
    club = filming.club
    club.server.permit(club.channel, read_message_history=False)
    club.server.fault("create_message", fault)
    clip = await filming.clip()
    assert len(club.server.called("create_message")) == 2
    assert club.server.messages(club.channel) == [clip]
    assert clip.pings.members == (club.ann,)


@pytest.mark.parametrize("fault", [LOST, BROKEN])
async def test_a_clip_that_arrived_long_ago_is_found_among_what_was_written(filming: Filming, fault: Fault) -> None:
    """Discord knows a nonce for some minutes."""
    club = filming.club
    await filming.until(Phase.DELIVERING)
    club.server.fault("create_message", fault)
    assert await club.stage.step(filming.job.id)
    await club.film("a hare", by=club.bob)
    club.stage.clock.forward(HOUR)
    await club.restart()
    clip = await filming.clip()
    assert club.clips() == [clip]
    assert len(club.server.called("create_message")) == 1
    assert (await filming.told()).receipt == f'{{"channel":{club.channel.id},"message":{clip.id},"is_own":true}}'


async def test_a_clip_that_arrived_long_ago_is_found_below_hundreds_of_other_messages(filming: Filming) -> None:
    club = filming.club
    await filming.until(Phase.DELIVERING)
    club.server.fault("create_message", LOST)
    assert await club.stage.step(filming.job.id)
    for number in range(250):
        await club.server.says(club.bob, club.channel, f"Nice weather, {number}")
    club.stage.clock.forward(HOUR)
    clip = await filming.clip()
    assert club.clips() == [clip]
    assert len(club.server.called("get_messages")) == 3


async def test_only_what_was_written_since_the_clip_may_have_been_sent_is_read(filming: Filming) -> None:
    club = filming.club
    for number in range(250):
        await club.server.says(club.bob, club.channel, f"Nice weather, {number}")
    club.stage.clock.forward(3 * HOUR)
    await filming.until(Phase.DELIVERING)
    club.server.fault("create_message", Fault(cut=True))
    assert await club.stage.step(filming.job.id)
    assert (await filming.clip()).attachments
    assert len(club.server.called("get_messages")) == 1


async def test_a_clip_that_arrived_privately_long_ago_is_found_there(filming: Filming) -> None:
    club = filming.club
    club.server.permit(club.channel, send_messages=False)
    club.stage.clock.forward(TOKEN_SECONDS)
    await filming.until(Phase.DELIVERING)
    home = club.server.dm(club.ann)
    club.server.fault("create_message", LOST, channel=home.id)
    assert await club.stage.step(filming.job.id)
    club.stage.clock.forward(HOUR)
    await filming.finish()
    assert len(club.clips(home)) == 1


async def test_where_a_clip_does_not_stand_it_is_sent_however_late(filming: Filming) -> None:
    club = filming.club
    await filming.until(Phase.DELIVERING)
    club.server.fault("create_message", Fault(cut=True))
    assert await club.stage.step(filming.job.id)
    club.stage.clock.forward(HOUR)
    assert (await filming.clip()).attachments


async def test_a_clip_that_was_sent_just_before_a_crash_is_one_message(filming: Filming) -> None:
    club = filming.club
    await filming.until(Phase.DELIVERING)
    gate = club.server.hold("create_message", after=True)
    sending = club.stage.begin_step(filming.job.id)
    await club.until(club.clips)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await club.close()
    gate.set()
    await club.open()
    clip = await filming.clip()
    assert club.server.messages(club.channel) == [clip]


async def test_a_link_whose_answer_got_lost_is_one_message(filming: Filming) -> None:
    club = filming.club
    club.server.fault("create_message", Fault(status=413, code=40005), times=2)
    club.server.fault("create_message", LOST)
    await filming.finish()
    await filming.told()
    assert len(club.server.called("create_message")) == 3
    assert len(club.server.messages(club.channel)) == 1


async def test_a_copy_is_another_message(filming: Filming) -> None:
    club = filming.club
    await filming.clip()
    history = await club.answer(await club.commands("history"))
    assert "Sent again" in await club.pressed(history, Verb.SEND_AGAIN)
    assert len(club.clips()) == 2


async def test_a_copy_is_sent_once_although_the_press_is_heard_twice(filming: Filming) -> None:
    club = filming.club
    await filming.clip()
    history = await club.answer(await club.commands("history"))
    pressed = await club.press(history, Verb.SEND_AGAIN)
    club.server.redeliver(pressed)
    assert "Sent again" in (await club.answer(pressed)).text
    await club.fence()
    assert len(club.clips()) == 2


async def test_an_answer_that_may_hold_the_clip_is_written_over(club: Club) -> None:
    """Where the bot is but the member's, nothing else can be repeated."""
    club.ann.has_installed = True
    elsewhere = club.server.channel(club.server.guild("Elsewhere", club.bob, club.ann, has_bot=False), "foxes")
    filming = await club.film(channel=elsewhere)
    club.server.fault("follow_up", Fault(cut=True))
    await filming.finish()
    await filming.told()
    assert club.server.messages(elsewhere) == [filming.status]
    assert filming.status.attachments


async def test_without_a_connection_nothing_was_sent_and_it_counts_as_no_try(filming: Filming) -> None:
    club = filming.club
    await filming.until(Phase.DELIVERING)
    await club.close()
    gate = club.server.hold("get_me")
    club.begin()
    await club.until(lambda: club.server.called("get_me")[1:])
    assert await club.stage.step(filming.job.id) == 10
    assert (await club.stage.job(filming.job.id)).attempts == 0
    gate.set()
    await club.server.online()
    assert (await filming.clip()).attachments


async def test_a_server_that_is_not_there_is_tried_again(filming: Filming) -> None:
    club = filming.club
    await filming.until(Phase.DELIVERING)
    await club.server.stop()
    assert await club.stage.step(filming.job.id)
    await club.server.start()
    clip = await filming.clip()
    assert [m for m in club.server.messages(club.channel) if m.attachments] == [clip]


async def test_a_copy_of_what_was_ordered_on_another_platform_calls_whoever_asks_for_it(club: Club) -> None:
    ordered = await club.stage.order("a fox")
    await club.stage.finish(ordered.job)
    offered = await club.stage.say("/link", ANN, is_private=True)
    assert "Joined" in await club.told("link", code=offered.lines[0].removeprefix("/link "))
    history = await club.answer(await club.commands("history"))
    assert "Sent again" in await club.pressed(history, Verb.SEND_AGAIN)
    [clip] = club.clips()
    assert clip.pings.members == (club.ann,)
