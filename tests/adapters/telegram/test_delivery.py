"""When sending the clip does not go as it should."""

import pytest

from bot.job import Delivery, Phase
from bot.record import MOST_TRIES
from tests.adapters.telegram.lot import Filming, Lot
from tests.offline import CONTENT
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Message

LOST_AFTERWARDS = Fault(after=True, silent=True)


@pytest.fixture
async def filming(lot: Lot) -> Filming:
    """The clip is about to be sent."""
    filming = await lot.order()
    await filming.until(Phase.DELIVERING)
    await lot.noted(filming.job, lambda job: bool(job.status))
    return filming


def clips(filming: Filming) -> list[Message]:
    return [reply for reply in filming.lot.server.replies(filming.command.chat) if reply.media]


async def test_an_answer_that_was_lost_turns_the_status_into_the_clip(filming: Filming) -> None:
    filming.lot.server.fault("sendVideo", LOST_AFTERWARDS)
    job = await filming.finish()
    assert job.phase is Phase.DELIVERED
    assert filming.status.media is not None
    assert filming.status.media.read() == CONTENT
    assert len(clips(filming)) == 2
    assert len(filming.lot.server.called("sendVideo")) == 1


async def test_a_status_that_became_the_clip_stays(filming: Filming) -> None:
    filming.lot.server.fault("sendVideo", LOST_AFTERWARDS)
    await filming.lot.noted(await filming.finish(), lambda job: job.told)
    assert not filming.status.is_deleted
    assert filming.status.button("Again").data


async def test_however_often_the_answer_is_lost_there_is_one_copy_besides(filming: Filming) -> None:
    filming.lot.server.fault("sendVideo", LOST_AFTERWARDS)
    filming.lot.server.fault("editMessageMedia", LOST_AFTERWARDS, times=MOST_TRIES - 2)
    assert (await filming.finish()).phase is Phase.DELIVERED
    assert len(clips(filming)) == 2


async def test_an_edit_that_says_not_modified_has_arrived(filming: Filming) -> None:
    filming.lot.server.fault("sendVideo", Fault(silent=True))
    filming.lot.server.fault("editMessageMedia", Fault(status=400, description="Bad Request: message is not modified"))
    job = await filming.finish()
    assert job.phase is Phase.DELIVERED
    assert f"{filming.status.chat.id}/{filming.status.id}" in (job.receipt or "")


async def test_an_unknown_answer_is_an_unknown_delivery(filming: Filming) -> None:
    filming.lot.server.fault("sendVideo", Fault(cut=True, after=True), times=1)
    filming.lot.server.fault("editMessageMedia", Fault(status=502, description="Bad Gateway"))
    assert (await filming.finish()).phase is Phase.DELIVERED
    assert len(filming.lot.server.called("editMessageMedia")) == 2


async def test_without_a_status_a_message_is_written_to_become_the_clip(filming: Filming) -> None:
    await filming.lot.server.removes(filming.status)
    filming.lot.server.fault("sendVideo", Fault(silent=True))
    assert (await filming.finish()).phase is Phase.DELIVERED
    (clip,) = clips(filming)
    assert clip.versions[0].text == "📤 Sending"
    assert clip.reply_to is filming.command


async def test_a_message_that_was_written_to_become_the_clip_is_found_after_a_restart(filming: Filming) -> None:
    lot = filming.lot
    await lot.server.removes(filming.status)
    lot.server.fault("sendVideo", LOST_AFTERWARDS)
    lot.server.fault("editMessageMedia", LOST_AFTERWARDS, times=2)
    for _ in range(2):
        await lot.stage.step(filming.job.id)
    await lot.restart()
    assert (await filming.finish()).phase is Phase.DELIVERED
    assert len(clips(filming)) == 2


async def test_a_connection_that_was_refused_is_simply_tried_again(filming: Filming) -> None:
    filming.lot.wire.refuse("sendVideo", 2)
    job = await filming.finish()
    assert (job.phase, len(clips(filming))) == (Phase.DELIVERED, 1)
    assert not filming.lot.server.called("editMessageMedia")


async def test_a_pause_that_telegram_wants_is_kept_and_counts_as_no_try(filming: Filming) -> None:
    lot = filming.lot
    lot.rest()
    flood = Fault(status=429, description="Too Many Requests: retry after 33", retry_after=33)
    lot.server.fault("sendVideo", flood, times=MOST_TRIES + 3)
    assert await lot.stage.step(filming.job.id) == 33
    assert (await lot.stage.job(filming.job.id)).attempts == 0
    job = await filming.finish()
    assert (job.phase, job.delivery, len(clips(filming))) == (Phase.DELIVERED, Delivery.DONE, 1)


async def test_a_link_that_may_have_been_sent_stands_in_the_status_then(filming: Filming) -> None:
    lot = filming.lot
    lot.server.fault("sendVideo", Fault(status=413, description="Request Entity Too Large"), times=2)
    lot.server.fault("sendMessage", Fault(silent=True))
    lot.server.fault("editMessageMedia", Fault(status=413, description="Request Entity Too Large"), times=20)
    job = await filming.finish()
    assert job.phase is Phase.DELIVERED
    await lot.until(lambda: "too large for this chat" in filming.status.text)


async def test_nothing_is_sent_before_the_bot_is_connected(lot: Lot, filming: Filming) -> None:
    await lot.close()
    lot.wire.is_down = True
    lot.wire.tried.clear()
    lot.begin()
    await lot.until(lambda: lot.wire.tried["getMe"])
    lot.wire.is_down = False
    assert await lot.stage.step(filming.job.id) == 10
    await lot.until(lambda: lot.server.world.updates.is_polled)
    assert (await filming.finish()).phase is Phase.DELIVERED


async def test_a_clip_that_telegram_never_takes_is_kept(filming: Filming) -> None:
    filming.lot.server.fault("sendVideo", Fault(status=400, description="Bad Request: VIDEO_FILE_INVALID"))
    assert (await filming.finish()).waits_for_a_person
    await filming.lot.until(lambda: filming.status.is_deleted)
    kept = await filming.lot.reply_to(filming.command)
    assert kept.button("Send again").data
