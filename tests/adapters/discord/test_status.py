"""One message that shows how a job goes on."""

import itertools

from bot.card import Verb
from bot.job import Phase
from bot.ports import Finished, Queued, Rendering
from tests.adapters.discord.club import TOKEN_SECONDS, Club, Filming
from tests.discord_api.faults import Fault
from tests.discord_api.server import Call

EDITS = ("edit_original", "edit_followup", "edit_message")


def edits(club: Club) -> list[Call]:
    return [call for call in club.server.calls if call.route in EDITS]


async def in_time(filming: Filming, ahead: int) -> None:
    """The provider says so, and it is time to show it."""
    filming.club.stage.provider.sights.will(Queued(ahead))
    await filming.club.stage.step(filming.job.id)
    await filming.shown(f"{ahead} before this one")


async def later(filming: Filming) -> None:
    """So late that the interaction's token is no longer good."""
    await filming.until(Phase.RENDERING)
    await filming.shown("Filming")
    filming.club.stage.clock.forward(TOKEN_SECONDS)


async def test_a_job_is_shown_in_the_answer_to_its_command(club: Club) -> None:
    filming = await club.film("a _red_ fox")
    assert filming.status is filming.asked.original
    assert filming.status.text.splitlines() == [
        f"⏳ **Waiting** · ordered <t:{int(filming.job.ordered_at.timestamp())}:R>",
        "Next in line.",
        "$0.20 reserved.",
        "",
        "**a \\_red\\_ fox**",
        f"`--ar 16:9 --res 720p --dur 5 --seed {filming.job.seed} --model v5.5`",
    ]
    assert [button.text for button in filming.status.buttons] == ["Cancel"]
    assert not filming.status.pings


async def test_a_job_is_shown_in_one_message_that_is_edited(club: Club) -> None:
    filming = await club.film()
    await filming.until(Phase.RENDERING)
    await filming.shown("🎬 **Filming**")
    assert club.server.messages(club.channel) == [filming.status]


async def test_the_usual_time_is_shown_once_it_is_known(club: Club) -> None:
    await (await club.film()).clip()
    await (await club.film()).clip()
    await (await club.film()).clip()
    assert "usually" in (await club.film()).status.text


async def test_what_did_not_change_is_not_written_again(club: Club) -> None:
    club.stage.provider.sights.will(Rendering())
    filming = await club.film()
    await filming.until(Phase.RENDERING)
    await filming.shown("Filming")
    written = len(filming.status.versions)
    for _ in range(5):
        await club.stage.step(filming.job.id)
        club.stage.clock.forward(5)
        await club.fence()
    assert len(filming.status.versions) == written


async def test_edits_are_three_seconds_apart_and_the_newest_state_wins(club: Club) -> None:
    club.stage.provider.sights.will(*(Queued(ahead) for ahead in range(99, 0, -1)), Finished("http://media/clip.mp4"))
    filming = await club.film()
    await filming.finish()
    await filming.told()
    moments = [version.at for version in filming.status.versions[1:]]
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert len(moments) > 3
    assert min(gaps) >= 3


async def test_what_changes_too_soon_is_shown_when_it_is_time(club: Club) -> None:
    filming = await club.film()
    await club.stage.step(filming.job.id)
    await club.fence()
    assert "Waiting" in filming.status.text
    await filming.shown("Filming")


async def test_after_a_quarter_of_an_hour_the_same_message_is_edited_without_the_token(club: Club) -> None:
    filming = await club.film()
    await later(filming)
    await in_time(filming, 7)
    assert edits(club)[-1].route == "edit_message"
    assert club.server.messages(club.channel) == [filming.status]


async def test_a_token_is_not_used_in_its_last_half_minute(club: Club) -> None:
    filming = await club.film()
    await filming.until(Phase.RENDERING)
    await filming.shown("Filming")
    club.stage.clock.forward(filming.asked.at + TOKEN_SECONDS - 30 - club.stage.clock.now().timestamp())
    await in_time(filming, 7)
    assert edits(club)[-1].route == "edit_message"


async def test_a_token_that_discord_no_longer_takes_is_given_up_for_good(club: Club) -> None:
    filming = await club.film()
    await filming.until(Phase.RENDERING)
    club.server.fault("edit_followup", Fault(status=401, code=50027, message="Invalid Webhook Token"))
    await filming.shown("Filming")
    await in_time(filming, 7)
    assert [call.route for call in edits(club)][-2:] == ["edit_message", "edit_message"]
    await club.noted(filming.job, lambda job: job.status is not None and "token" not in job.status)


async def test_what_can_be_edited_no_more_goes_on_in_a_new_message(club: Club) -> None:
    thread = club.server.thread(club.channel, "young foxes")
    filming = await club.film(channel=thread)
    await later(filming)
    club.server.archive(thread)
    club.stage.provider.sights.will(Queued(7))
    await club.stage.step(filming.job.id)
    filming.status = await club.in_time(lambda: next(iter(club.server.messages(thread)[1:]), None))
    await in_time(filming, 6)
    assert len(club.server.messages(thread)) == 2


async def test_a_status_that_somebody_deleted_is_not_forced_on_them(club: Club) -> None:
    filming = await club.film()
    await club.server.removes(filming.status)
    await filming.until(Phase.RENDERING)
    await club.in_time(lambda: any(call.code == 10008 for call in edits(club)))
    await club.fence()
    assert [message for message in club.server.messages(club.channel) if not message.is_ephemeral] == []
    assert (await filming.clip()).attachments


async def test_who_deleted_the_status_gets_one_again_when_the_token_is_gone(club: Club) -> None:
    filming = await club.film()
    await later(filming)
    await club.server.removes(filming.status)
    club.stage.provider.sights.will(Queued(7))
    await club.stage.step(filming.job.id)
    [anew] = await club.in_time(lambda: club.server.messages(club.channel))
    assert "7 before this one" in anew.text


async def test_no_status_is_begun_while_the_clip_is_on_its_way(club: Club) -> None:
    filming = await club.film()
    await later(filming)
    await club.server.removes(filming.status)
    club.stage.provider.sights.will(Finished("http://media/clip.mp4"))
    await filming.until(Phase.FETCHING)
    clip = await filming.clip()
    assert [message for message in club.server.messages(club.channel) if message is not clip] == []


async def test_a_status_goes_on_in_the_same_message_after_a_restart(club: Club) -> None:
    filming = await club.film()
    await club.restart()
    await filming.until(Phase.RENDERING)
    await filming.shown("Filming")
    assert club.server.messages(club.channel) == [filming.status]


async def test_a_job_of_which_no_message_is_known_gets_one(club: Club) -> None:
    """The acknowledgement got lost, and so did everything until the token was gone."""
    club.server.fault("respond", Fault(cut=True, after=True))
    gate = club.server.hold("edit_original")
    asked = await club.commands("video", prompt="a fox")
    await club.until(lambda: club.server.called("edit_original"))
    job = await club.stage.store.ordered_with("discord", str(asked.id))
    assert job is not None
    await club.close()
    gate.set()
    club.stage.clock.forward(TOKEN_SECONDS)
    await club.open()
    await club.stage.until(job.id, Phase.RENDERING)
    anew = await club.in_time(lambda: next(iter(club.server.messages(club.channel)[1:]), None))
    await Filming(club, asked, anew, job).shown("Filming")


async def test_an_answer_that_got_lost_is_written_again(club: Club) -> None:
    filming = await club.film()
    await filming.until(Phase.RENDERING)
    club.server.fault("edit_followup", Fault(cut=True))
    await club.in_time(lambda: any(call.status == 0 for call in club.server.called("edit_followup")))
    await filming.shown("Filming")


async def test_one_job_s_mishap_leaves_no_other_in_the_dark(club: Club) -> None:
    mine, theirs = await club.film(), await club.film(by=club.bob)
    await club.server.removes(mine.status)
    await club.stage.step(theirs.job.id)
    await theirs.shown("Filming")
    await club.pressed(theirs.status, Verb.CANCEL, club.bob)
    await theirs.shown("Cancelling")
