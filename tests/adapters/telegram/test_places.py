"""Chats that can no longer be written to, or that have moved."""

from collections.abc import Callable

import pytest

from bot.card import Verb
from bot.job import Failure, FailureKind, Job, Phase
from bot.ports import Broken
from tests.adapters.telegram.lot import Filming, Lot
from tests.offline import CONTENT
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Message
from tests.telegram_api.people import Chat

NOTE = "The group can't be reached."


@pytest.fixture
def group(lot: Lot) -> Chat:
    return lot.server.group("Film club", lot.ann, lot.bob)


async def filming_in(lot: Lot, group: Chat) -> Filming:
    """About to be sent, to somebody who has written to the bot in private."""
    lot.server.private(lot.ann)
    filming = await lot.order(chat=group)
    await filming.until(Phase.DELIVERING)
    lot.rest()
    return filming


async def in_private(lot: Lot) -> Message:
    [clip] = await lot.until(lambda: [reply for reply in lot.server.replies(lot.home) if reply.media])
    return clip


async def told(filming: Filming) -> Job:
    return await filming.lot.noted(await filming.finish(), lambda job: job.told)


async def test_a_clip_for_a_group_without_the_bot_comes_in_private(lot: Lot, group: Chat) -> None:
    filming = await filming_in(lot, group)
    lot.server.kick(group)
    assert (await told(filming)).phase is Phase.DELIVERED
    clip = await in_private(lot)
    assert clip.media is not None
    assert clip.media.read() == CONTENT
    assert clip.caption.splitlines()[-1] == NOTE
    assert clip.button("Again").data


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: not enough rights to send videos to the chat",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: CHAT_SEND_VIDEOS_FORBIDDEN",
        "Forbidden: bot is not a member of the supergroup chat",
    ],
)
async def test_a_clip_for_a_group_that_allows_none_comes_in_private(lot: Lot, group: Chat, description: str) -> None:
    filming = await filming_in(lot, group)
    status = 403 if description.startswith("Forbidden") else 400
    lot.server.fault("sendVideo", Fault(status=status, description=description), chat_id=group.id)
    assert (await told(filming)).phase is Phase.DELIVERED
    assert NOTE in (await in_private(lot)).caption
    assert filming.status.is_deleted


@pytest.mark.parametrize("is_deleted", [True, False])
async def test_a_clip_for_a_topic_that_is_no_more_comes_in_private(lot: Lot, *, is_deleted: bool) -> None:
    lot.server.private(lot.ann)
    chat = lot.server.supergroup("Film club", lot.ann, is_forum=True)
    topic = lot.server.topic(chat, "Foxes")
    command = await lot.says("/video a fox", chat, thread=topic.id)
    filming = await lot.filming(command, f"{chat.id}/{command.id}")
    await filming.until(Phase.DELIVERING)
    if is_deleted:
        lot.server.delete_topic(chat, topic)
    else:
        lot.server.close_topic(topic)
    assert (await told(filming)).phase is Phase.DELIVERED
    assert NOTE in (await in_private(lot)).caption


async def test_a_link_for_a_group_without_the_bot_comes_in_private_too(lot: Lot, group: Chat) -> None:
    filming = await filming_in(lot, group)
    lot.server.fault("sendVideo", Fault(status=413, description="Request Entity Too Large"), times=2)
    lot.server.fault("sendMessage", Fault(status=403, description="Forbidden: bot was kicked"), chat_id=group.id)
    lot.server.fault("sendVideo", Fault(status=413, description="Request Entity Too Large"), times=2)
    assert (await told(filming)).phase is Phase.DELIVERED
    [link] = await lot.until(lambda: lot.server.replies(lot.home))
    assert "Watch the clip" in link.text


async def test_a_clip_that_may_have_come_in_private_comes_once_more_at_most(lot: Lot, group: Chat) -> None:
    filming = await filming_in(lot, group)
    lot.server.kick(group)
    lost = Fault(after=True, silent=True)
    lot.server.fault("sendVideo", lost, times=3, chat_id=lot.home.id)
    lot.server.fault("editMessageMedia", lost, times=2, chat_id=lot.home.id)
    assert (await told(filming)).phase is Phase.DELIVERED
    assert len([reply for reply in lot.server.replies(lot.home) if reply.media]) == 2


async def test_the_status_of_a_clip_that_came_in_private_goes_whatever_its_number(lot: Lot, group: Chat) -> None:
    filming = await filming_in(lot, group)
    lot.home.last_message_id = filming.status.id - 1
    fault = Fault(status=400, description="Bad Request: CHAT_SEND_VIDEOS_FORBIDDEN")
    lot.server.fault("sendVideo", fault, chat_id=group.id)
    await told(filming)
    assert (await in_private(lot)).id == filming.status.id
    assert filming.status.is_deleted


async def test_who_cannot_be_written_to_either_finds_the_clip_in_the_history(lot: Lot, group: Chat) -> None:
    filming = await lot.order(chat=group, by=lot.bob)
    await filming.until(Phase.DELIVERING)
    lot.server.kick(group)
    assert (await told(filming)).waits_for_a_person
    home = lot.server.private(lot.bob)
    command = await lot.server.says(lot.bob, home, "/history")
    history = await lot.reply_to(command)
    assert "Filmed, but not sent" in history.text
    await lot.presses(history, Verb.SEND_AGAIN, lot.bob)
    assert (await told(filming)).phase is Phase.DELIVERED
    [clip] = await lot.until(lambda: [reply for reply in lot.replies_to(history) if reply.media])
    assert clip.chat is home


async def test_who_blocked_the_bot_finds_the_clip_in_the_history(lot: Lot) -> None:
    filming = await lot.order()
    await filming.until(Phase.DELIVERING)
    lot.server.block(lot.ann)
    assert (await told(filming)).waits_for_a_person
    lot.server.unblock(lot.ann)
    lot.rest()
    history = await lot.answer("/history")
    await lot.presses(history, Verb.SEND_AGAIN)
    assert (await filming.finish()).phase is Phase.DELIVERED
    assert (await in_private(lot)).reply_to is history


async def test_a_clip_that_was_kept_can_be_sent_from_the_message_that_says_so(lot: Lot) -> None:
    filming = await lot.order()
    await filming.until(Phase.DELIVERING)
    lot.server.fault("sendVideo", Fault(status=400, description="Bad Request: VIDEO_FILE_INVALID"))
    assert (await told(filming)).waits_for_a_person
    kept = await lot.reply_to(filming.command)
    lot.rest()
    await lot.presses(kept, Verb.SEND_AGAIN)
    assert (await told(filming)).phase is Phase.DELIVERED
    assert (await in_private(lot)).reply_to is kept


async def test_a_clip_of_an_anonymous_admin_is_kept_where_the_group_is_gone(lot: Lot, group: Chat) -> None:
    command = await lot.says("/video a fox", group, extra={"sender_chat": group.as_json()})
    filming = await lot.filming(command, f"{group.id}/{command.id}")
    await filming.until(Phase.DELIVERING)
    lot.server.kick(group)
    assert (await told(filming)).waits_for_a_person


async def test_a_failure_in_a_group_without_the_bot_is_told_in_private(lot: Lot, group: Chat) -> None:
    lot.server.private(lot.ann)
    filming = await lot.order(chat=group)
    lot.server.kick(group)
    lot.stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    await told(filming)
    [message] = lot.server.replies(lot.home)
    assert message.text.startswith("⚠️ No clip")


@pytest.fixture(params=["told", "found out"])
def migrate(request: pytest.FixtureRequest, lot: Lot) -> Callable[[Chat], Chat]:
    """Either the bot hears of it, or Telegram refuses the next call."""

    def migrated(group: Chat) -> Chat:
        supergroup = lot.server.migrate(group)
        if request.param == "found out":
            lot.server.world.updates.drop()
        return supergroup

    return migrated


async def test_a_clip_follows_a_group_that_has_moved(lot: Lot, group: Chat, migrate: Callable[[Chat], Chat]) -> None:
    filming = await filming_in(lot, group)
    there = migrate(group)
    assert (await told(filming)).phase is Phase.DELIVERED
    [clip] = lot.server.replies(there)
    assert clip.media is not None
    assert clip.media.read() == CONTENT
    assert clip.reply_to is None


async def test_an_upload_that_finds_out_that_the_group_has_moved_is_repeated_whole(lot: Lot, group: Chat) -> None:
    filming = await lot.order(chat=group)
    await filming.until(Phase.DELIVERING)
    there = lot.server.migrate(group)
    lot.server.world.updates.drop()
    assert (await told(filming)).phase is Phase.DELIVERED
    assert [call.uploaded for call in lot.server.called("sendVideo")] == [len(CONTENT)] * 2
    [clip] = lot.server.replies(there)
    assert clip.media is not None
    assert clip.media.read() == CONTENT


async def test_a_job_goes_on_in_a_new_message_where_the_group_has_moved(
    lot: Lot, group: Chat, migrate: Callable[[Chat], Chat]
) -> None:
    filming = await lot.order(chat=group)
    other = await lot.order("/video a wolf", group)
    there = migrate(group)
    for each in (filming, other):
        await each.until(Phase.RENDERING)
        lot.rest()
    shown = await lot.until(lambda: found if len(found := lot.server.replies(there)) == 2 else [])
    for each in (filming, other):
        await lot.noted(each.job, lambda job: (job.status or "").startswith(f"{there.id}/"))
    lot.rest()
    await lot.until(lambda: all("Filming" in message.text for message in shown))
    assert {"a fox", "a wolf"} == {message.text.splitlines()[-2] for message in shown}
    await filming.finish()
    await lot.until(lambda: len([message for message in shown if message.is_deleted]) == 1)


async def test_what_stands_in_a_group_that_has_moved_is_not_mistaken_for_what_stands_there_now(
    lot: Lot, group: Chat, migrate: Callable[[Chat], Chat]
) -> None:
    group.last_message_id = 50
    filming = await lot.order(chat=group)
    there = migrate(group)
    # The help stands there under the number that the status has in the group that was.
    there.last_message_id = filming.status.id - 2
    theirs = await lot.answer("/help", there)
    assert theirs.id == filming.status.id
    await filming.until(Phase.RENDERING)
    lot.rest()
    await told(filming)
    assert len(theirs.versions) == 1
    assert not theirs.is_deleted


async def test_a_button_in_a_group_that_has_moved_takes_the_clip_away(
    lot: Lot, group: Chat, migrate: Callable[[Chat], Chat]
) -> None:
    filming = await filming_in(lot, group)
    there = migrate(group)
    await told(filming)
    [clip] = lot.server.replies(there)
    await lot.presses(clip, Verb.DELETE)
    await lot.until(lambda: clip.is_deleted)


async def test_two_clips_sent_at_once_into_a_group_that_has_moved_both_arrive(lot: Lot, group: Chat) -> None:
    first, second = await filming_in(lot, group), await filming_in(lot, group)
    there = lot.server.migrate(group)
    for filming in (first, second):
        await told(filming)
    assert len([reply for reply in lot.server.replies(there) if reply.media]) == 2
