"""How the chat is told that a job ended."""

from dataclasses import replace

import pytest

from bot.card import Verb
from bot.job import Failure, FailureKind, Phase
from bot.ports import Broken
from bot.trouble import Ambiguous
from tests.adapters.discord.club import TOKEN_SECONDS, Club, Filming
from tests.discord_api.faults import Fault
from tests.discord_api.messages import Message


@pytest.fixture
async def filming(club: Club) -> Filming:
    return await club.film()


async def failed(filming: Filming) -> Message:
    """What then stands in the channel."""
    filming.club.stage.provider.sights.will(Broken(Failure(FailureKind.MODERATED, "no foxes")))
    await filming.finish()
    await filming.told()
    return filming.club.server.messages(filming.asked.channel)[-1]


async def test_the_status_goes_when_the_clip_is_there(filming: Filming) -> None:
    clip = await filming.clip()
    assert filming.club.server.messages(filming.club.channel) == [clip]
    assert filming.status.is_deleted


async def test_the_status_goes_without_the_token_too(filming: Filming) -> None:
    filming.club.stage.clock.forward(TOKEN_SECONDS)
    clip = await filming.clip()
    assert filming.club.server.messages(filming.club.channel) == [clip]
    assert filming.club.server.called("delete_message")


async def test_the_status_goes_where_discord_takes_the_token_no_more(filming: Filming) -> None:
    filming.club.server.fault("delete_followup", Fault(status=401, code=50027))
    clip = await filming.clip()
    assert filming.club.server.messages(filming.club.channel) == [clip]


async def test_a_status_that_cannot_go_away_stays(filming: Filming) -> None:
    filming.club.server.fault("delete_followup", Fault(status=403, code=50013))
    assert (await filming.clip()).attachments
    assert not filming.status.is_deleted


async def test_a_status_whose_removal_got_lost_is_removed_again(filming: Filming) -> None:
    filming.club.server.fault("delete_followup", Fault(cut=True))
    await filming.finish()
    await filming.told()
    assert filming.status.is_deleted


async def test_a_failure_is_a_new_message_that_calls_whoever_ordered(filming: Filming) -> None:
    told = await failed(filming)
    assert told is not filming.status
    assert filming.status.is_deleted
    assert told.pings.members == (filming.club.ann,)
    assert told.text.splitlines()[:4] == [
        f"<@{filming.club.ann.id}> ⚠️ **No clip**",
        "The moderation of fal refused this: no foxes",
        "Say it differently and order again.",
        "Nothing was charged.",
    ]
    assert [button.text for button in told.buttons] == ["Edit"]


async def test_a_failure_is_told_once_although_the_answer_got_lost(filming: Filming) -> None:
    club = filming.club
    club.server.fault("create_message", Fault(cut=True, after=True))
    club.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await filming.finish()
    await filming.told()
    assert len([m for m in club.server.messages(club.channel) if "No clip" in m.text]) == 1


async def test_where_nothing_new_can_be_written_a_failure_is_told_in_the_status(filming: Filming) -> None:
    filming.club.server.permit(filming.club.channel, send_messages=False)
    assert await failed(filming) is filming.status
    assert "No clip" in filming.status.text


async def test_a_failure_that_can_be_told_nowhere_is_logged(filming: Filming, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    filming.club.server.delete_channel(filming.club.channel)
    await filming.club.server.removes(filming.status)
    filming.club.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await filming.finish()
    await filming.told()
    assert "the status was not shown: 404 10008" in caplog.text


async def test_a_failure_of_a_job_without_a_message_that_can_be_told_nowhere_is_told_nowhere(club: Club) -> None:
    filming = await club.film()
    club.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await club.close()
    await filming.finish()
    job = await club.stage.job(filming.job.id)
    await club.stage.store.save(replace(job, status=None))
    club.server.delete_channel(club.channel)
    await club.open()
    await filming.told()
    assert club.server.messages(club.channel) == [filming.status]


async def test_an_order_of_which_nobody_knows_calls_whoever_ordered(filming: Filming) -> None:
    filming.club.stage.provider.submits.will(Ambiguous("cut off"))
    await filming.finish()
    await filming.told()
    [told] = filming.club.server.messages(filming.club.channel)
    assert "❔ **Nobody knows**" in told.text
    assert told.pings.members == (filming.club.ann,)


async def test_a_cancelled_job_is_shown_where_it_stood(filming: Filming) -> None:
    club = filming.club
    assert "Cancelled" in await club.pressed(filming.status, Verb.CANCEL)
    await filming.told()
    assert filming.status.text.startswith("✖️ **Cancelled**\nNothing was charged.")
    assert [m for m in club.server.messages(club.channel) if not m.is_ephemeral] == [filming.status]
    assert [button.text for button in filming.status.buttons] == ["Try again", "Edit"]


async def test_a_command_cancels_the_latest_order(filming: Filming) -> None:
    assert "Cancelled" in await filming.club.told("cancel")
    assert (await filming.told()).phase is Phase.CANCELLED


async def test_a_cancelled_job_of_which_no_message_is_left_is_told_nowhere(filming: Filming) -> None:
    club = filming.club
    await club.server.removes(filming.status)
    assert "Cancelled" in await club.told("cancel")
    await filming.told()
    assert all(message.is_ephemeral for message in club.server.messages(club.channel))


@pytest.mark.parametrize("seconds", [0, TOKEN_SECONDS])
async def test_what_failed_while_the_program_was_down_is_told_after_it(filming: Filming, seconds: int) -> None:
    club = filming.club
    await club.close()
    club.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await filming.finish()
    club.stage.clock.forward(seconds)
    assert "No clip" not in filming.status.text
    await club.open()
    await filming.told()
    [told] = club.server.messages(club.channel)
    assert "No clip" in told.text
    assert told.pings.members == (club.ann,)


async def test_what_was_told_is_not_told_again_after_a_restart(filming: Filming) -> None:
    told = await failed(filming)
    await filming.club.restart()
    await filming.club.fence()
    assert [m for m in filming.club.server.messages(filming.club.channel) if not m.is_ephemeral] == [told]


async def test_what_was_told_but_not_noted_is_still_one_message(filming: Filming) -> None:
    club = filming.club
    gate = club.server.hold("create_message", after=True)
    club.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await filming.finish()
    await club.until(lambda: club.server.called("create_message"))
    await club.close()
    gate.set()
    await club.open()
    await filming.told()
    assert len(club.server.messages(club.channel)) == 1
