"""One message that shows how a job goes on."""

import re
from itertools import pairwise

import pytest

from adapters.chat.telegram.pace import GROUP, PRIVATE
from bot.card import Verb
from bot.job import Failure, FailureKind, Phase
from bot.ports import Broken, Finished, Queued, Rendering
from bot.wording import job_card
from tests.adapters.telegram.lot import Filming, Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.people import Chat

_AHEAD = re.compile(r"(\d+) before this one")


@pytest.fixture
def group(lot: Lot) -> Chat:
    return lot.server.group("Film club", lot.ann, lot.bob)


async def shown(filming: Filming, words: str) -> None:
    filming.lot.rest()
    await filming.lot.until(lambda: words in filming.status.text)


async def test_a_command_is_signed_at_once(lot: Lot) -> None:
    gate = lot.server.hold("sendMessage")
    command = await lot.says("/video a fox")
    await lot.until(lambda: command.reactions == ["👀"])
    assert not lot.replies_to(command)
    gate.set()
    await lot.reply_to(command)


async def test_a_group_without_reactions_is_served_all_the_same(lot: Lot) -> None:
    lot.server.fault("setMessageReaction", Fault(status=400, description="Bad Request: REACTION_INVALID"))
    assert (await lot.order()).status.text.startswith("⏳")


async def test_a_job_is_shown_in_one_reply_that_is_edited(lot: Lot) -> None:
    filming = await lot.order("/video a fox")
    await filming.until(Phase.RENDERING)
    await shown(filming, "🎬 Filming · ordered 12:00 UTC\nfal is filming.\n\na fox\n")
    assert len(lot.replies_to(filming.command)) == 1


async def test_the_order_is_shown_by_each_reader_s_own_clock(lot: Lot) -> None:
    filming = await lot.order()
    (moment,) = (entity for entity in filming.status.now.entities if entity["type"] == "date_time")
    assert moment["unix_time"] == int(filming.job.ordered_at.timestamp())


async def test_what_did_not_change_is_not_written_again(lot: Lot) -> None:
    lot.stage.provider.sights.will(Rendering())
    filming = await lot.order()
    await filming.until(Phase.RENDERING)
    await shown(filming, "Filming")
    for _ in range(5):
        await lot.stage.step(filming.job.id)
        lot.rest()
    await lot.fence()
    assert len(lot.server.called("editMessageText")) == len(filming.status.versions) - 1 <= 2


@pytest.mark.parametrize("is_private", [True, False])
async def test_edits_keep_their_distance_and_the_newest_state_wins(lot: Lot, group: Chat, *, is_private: bool) -> None:
    lot.stage.provider.sights.will(*(Queued(ahead) for ahead in range(200, 0, -1)), Finished("http://media/clip.mp4"))
    filming = await lot.order(chat=lot.home if is_private else group)
    await filming.finish()
    await lot.until(lambda: filming.status.is_deleted)
    calls = [call.at for call in lot.server.called("editMessageText")]
    gaps = [later - earlier for earlier, later in pairwise(calls)]
    assert len(calls) > 20
    assert min(gaps) >= (PRIVATE if is_private else GROUP).between_edits
    places = [int(found[1]) for version in filming.status.versions if (found := _AHEAD.search(version.text))]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == len(places)
    assert not lot.server.throttled


async def test_progress_leaves_room_for_what_ends_a_job(lot: Lot, group: Chat) -> None:
    many = [await lot.order(f"/video fox {number}", group) for number in range(4)]
    for ahead in range(60, 0, -1):
        lot.stage.provider.sights.will(Queued(ahead))
        for filming in many:
            await lot.stage.step(filming.job.id)
    lot.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    for filming in many:
        # The clock stands still: it is told at once.
        await lot.stage.step(filming.job.id)
        assert (await lot.reply_to(filming.command)).text.startswith("⚠️ No clip")
    assert not lot.server.throttled


async def test_a_card_that_comes_late_shows_nothing(lot: Lot) -> None:
    filming = await lot.order()
    before = filming.job
    await filming.until(Phase.RENDERING)
    await shown(filming, "Filming")
    lot.telegram.show(before, job_card(before))
    await lot.fence()
    assert "Filming" in filming.status.text
    await filming.clip()
    lot.telegram.show(before, job_card(before))
    await lot.fence()
    assert len(lot.replies_to(filming.command)) == 1


async def test_a_flood_wait_on_progress_is_sat_out(lot: Lot) -> None:
    filming = await lot.order()
    lot.rest()
    lot.server.fault(
        "editMessageText", Fault(status=429, description="Too Many Requests: retry after 40", retry_after=40)
    )
    await filming.until(Phase.RENDERING)
    await lot.until(lambda: lot.server.throttled)
    refused_at = lot.server.called("editMessageText")[-1].at
    lot.stage.clock.forward(39)
    await shown(filming, "Filming")
    after = [
        call.at for call in lot.server.calls if call.at > refused_at and call.parameters.get("chat_id") == lot.home.id
    ]
    assert min(after) >= refused_at + 40


async def test_one_chat_s_flood_wait_is_nobody_else_s(lot: Lot, group: Chat) -> None:
    mine, theirs = await lot.order(), await lot.order(chat=group, by=lot.bob)
    lot.rest()
    lot.server.fault("editMessageText", Fault(status=429, description="Flood", retry_after=600), chat_id=lot.home.id)
    await mine.until(Phase.RENDERING)
    await lot.until(lambda: lot.server.throttled)
    await theirs.until(Phase.RENDERING)
    await shown(theirs, "Filming")
    assert "Waiting" in mine.status.text


async def test_the_status_goes_when_the_clip_is_there(lot: Lot) -> None:
    filming = await lot.order()
    clip = await filming.clip()
    assert filming.status.is_deleted
    assert lot.replies_to(filming.command) == [clip]
    assert (await lot.noted(filming.job, lambda job: job.told)).told


async def test_a_failure_is_a_new_reply_and_the_status_goes(lot: Lot) -> None:
    filming = await lot.order("/video a fox")
    lot.stage.provider.sights.will(Broken(Failure(FailureKind.MODERATED, "no foxes")))
    await filming.finish()
    await lot.until(lambda: filming.status.is_deleted)
    told = await lot.reply_to(filming.command)
    assert told.text.splitlines()[:4] == [
        "⚠️ No clip",
        "The moderation of fal refused this: no foxes",
        "Say it differently and order again.",
        "Nothing was charged.",
    ]
    assert [button.text for button in told.buttons] == ["✏️ Edit"]


async def test_a_cancelled_job_is_shown_where_it_stood(lot: Lot) -> None:
    filming = await lot.order()
    await lot.presses(filming.status, Verb.CANCEL)
    await lot.until(lambda: filming.status.text.startswith("✖️ Cancelled"))
    assert lot.replies_to(filming.command) == [filming.status]


async def test_a_status_that_was_deleted_by_hand_is_written_anew(lot: Lot) -> None:
    filming = await lot.order()
    await lot.server.removes(filming.status)
    lot.rest()
    await filming.until(Phase.RENDERING)
    filming.status = await lot.reply_to(filming.command)
    await shown(filming, "Filming")
    assert (await filming.clip()).media


async def test_a_cancelled_job_whose_status_was_deleted_is_told_anew(lot: Lot) -> None:
    filming = await lot.order()
    await lot.server.removes(filming.status)
    await lot.says("/cancel")
    assert (await lot.reply_to(filming.command)).text.startswith("✖️ Cancelled")


async def test_a_status_that_cannot_be_deleted_stays(lot: Lot) -> None:
    filming = await lot.order()
    lot.server.fault("deleteMessage", Fault(status=400, description="Bad Request: message can't be deleted"))
    await filming.finish()
    await lot.noted(filming.job, lambda job: job.told)
    assert not filming.status.is_deleted


async def test_a_status_is_tried_again_after_a_lost_connection(lot: Lot) -> None:
    lot.wire.refuse("sendMessage")
    command = await lot.says("/video a fox")
    await lot.until(lambda: lot.wire.tried["sendMessage"])
    lot.rest()
    assert (await lot.reply_to(command)).text.startswith("⏳")


async def test_a_clip_that_comes_before_its_status_needs_none(lot: Lot) -> None:
    lot.wire.refuse("sendMessage", times=1000)
    command = await lot.says("/video a fox")
    await lot.until(lambda: lot.wire.tried["sendMessage"])
    (job,) = await lot.jobs()
    await lot.stage.finish(job.id)
    await lot.noted(job, lambda now: now.told)
    assert [reply.caption.splitlines()[0] for reply in lot.replies_to(command)] == ["a fox"]


async def test_how_a_job_ended_while_nobody_listened_is_told_after_the_restart(lot: Lot) -> None:
    filming = await lot.order()
    await lot.noted(filming.job, lambda job: bool(job.status))
    await lot.close()
    del lot.stage.chats["telegram"]
    lot.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await filming.finish()
    await lot.open()
    await lot.until(lambda: filming.status.is_deleted)
    told = await lot.reply_to(filming.command)
    assert told.text.startswith("⚠️ No clip")
    await lot.noted(filming.job, lambda job: job.told)
    await lot.restart()
    await lot.fence()
    assert lot.replies_to(filming.command) == [told]


async def test_a_job_goes_on_in_the_same_message_after_a_restart(lot: Lot) -> None:
    filming = await lot.order()
    await lot.noted(filming.job, lambda job: bool(job.status))
    await lot.restart()
    await filming.until(Phase.RENDERING)
    await shown(filming, "Filming")
    assert len(lot.replies_to(filming.command)) == 1
