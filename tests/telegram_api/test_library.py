"""The server against the real python-telegram-bot."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaVideo,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.telegram_api.faults import Fault
from tests.telegram_api.people import Member
from tests.telegram_api.server import TelegramServer

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8_000
App = Application[Any, Any, Any, Any, Any, Any]
CANCEL = InlineKeyboardMarkup([[InlineKeyboardButton("Cancel", callback_data="cancel:1")]])


def application(server: TelegramServer, token: str | None = None) -> App:
    builder = ApplicationBuilder().token(token or server.token)
    return builder.base_url(server.base_url).base_file_url(server.base_file_url).build()


async def order(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_html(f"<b>{' '.join(context.args or ())}</b>", reply_markup=CANCEL)


async def cancel(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("Cancelled")
    await query.edit_message_text("Cancelled")


@pytest.fixture
async def app(server: TelegramServer) -> AsyncIterator[App]:
    """Not polling."""
    async with application(server) as made:
        yield made


@asynccontextmanager
async def polling(server: TelegramServer) -> AsyncIterator[App]:
    async with application(server) as made:
        assert made.updater is not None
        made.add_handlers([CommandHandler("video", order), CallbackQueryHandler(cancel)])
        await made.updater.start_polling()
        await made.start()
        yield made
        await made.updater.stop()
        await made.stop()


@pytest.fixture
def ann(server: TelegramServer) -> Member:
    return server.member("Ann")


async def sent(app: App, chat_id: int) -> Message:
    message: Message = await app.bot.send_message(chat_id, "Queued", reply_markup=CANCEL)
    return message


async def test_a_command_is_answered_and_a_button_pressed(server: TelegramServer, ann: Member) -> None:
    chat = server.private(ann)
    async with polling(server):
        asked = await server.says(ann, chat, "/video a cat")
        [reply] = await server.until(lambda: server.replies(chat))
        assert (reply.text, reply.now.entities[0]["type"]) == ("a cat", "bold")
        press = await server.presses(ann, reply, "cancel:1")
        await server.until(lambda: reply.text == "Cancelled")
    assert press.answer is not None
    assert press.answer.text == "Cancelled"
    assert not reply.buttons
    assert [version.text for version in reply.versions] == ["a cat", "Cancelled"]
    assert server.messages(chat) == [asked, reply]


async def test_a_group_with_privacy_hears_commands_for_this_bot_in_their_topic(
    server: TelegramServer, ann: Member
) -> None:
    chat = server.supergroup("Film club", ann, is_forum=True)
    topic = server.topic(chat, "Rushes")
    async with polling(server):
        assert (await server.says(ann, chat, "hello")).update_id is None
        assert (await server.says(ann, chat, "/video@other_bot a dog")).update_id is None
        await server.says(ann, chat, "/video@rushes_bot a cat", thread=topic.id)
        [reply] = await server.until(lambda: server.replies(chat))
    assert (reply.text, reply.thread) == ("a cat", topic.id)


async def test_no_update_is_lost_over_a_restart(server: TelegramServer, ann: Member) -> None:
    chat = server.private(ann)
    async with polling(server):
        await server.until(lambda: server.world.updates.is_polled)
        await server.stop()
        await server.says(ann, chat, "/video a cat")
        await server.start()
        [reply] = await server.until(lambda: server.replies(chat))
    assert reply.text == "a cat"
    assert not server.world.updates.pending


async def test_a_redelivered_update_is_handled_again(server: TelegramServer, ann: Member) -> None:
    chat = server.private(ann)
    async with polling(server):
        message = await server.says(ann, chat, "/video a cat")
        await server.until(lambda: server.replies(chat))
        server.redeliver(message.update_id)
        replies = await server.until(lambda: len(server.replies(chat)) == 2 and server.replies(chat))
    assert replies


async def test_a_status_message_becomes_the_uploaded_video(
    server: TelegramServer, app: App, ann: Member, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(MP4)
    chat = server.private(ann)
    status = await sent(app, chat.id)
    with film.open("rb") as opened:
        file = InputFile(opened, "clip.mp4", attach=True, read_file_handle=False)
        media = InputMediaVideo(file, "Done", width=640, height=360, duration=5, supports_streaming=True)
        edited = await app.bot.edit_message_media(media, chat.id, status.message_id)
    assert isinstance(edited, Message)
    assert edited.video is not None
    [shown] = server.replies(chat)
    assert shown.media is not None
    assert shown.media.sha256 == hashlib.sha256(MP4).hexdigest()
    assert (shown.media.width, shown.media.height, shown.media.duration) == (640, 360, 5)
    assert (shown.media.supports_streaming, shown.caption, shown.versions[0].text) == (True, "Done", "Queued")


async def test_a_video_is_streamed_and_then_sent_again_by_its_id(
    server: TelegramServer, app: App, ann: Member, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(MP4)
    chat = server.private(ann)
    with film.open("rb") as opened:
        video = InputFile(opened, "clip.mp4", read_file_handle=False)
        first = await app.bot.send_video(chat.id, video, caption="<i>One</i>", parse_mode="HTML")
    assert first.video is not None
    again = await app.bot.send_video(chat.id, first.video.file_id)
    assert [call.uploaded for call in server.called("sendVideo")] == [len(MP4), 0]
    assert again.video == first.video
    downloaded = await (await app.bot.get_file(first.video)).download_as_bytearray()
    assert bytes(downloaded) == MP4
    kept = server.replies(chat)[1].media
    assert kept is not None
    assert kept.read() == MP4


async def test_too_much_is_a_flood(server: TelegramServer, app: App, ann: Member) -> None:
    chat = server.group("Film club", ann)
    server.limit(chat, 1, 60)
    status = await sent(app, chat.id)
    with pytest.raises(RetryAfter) as flood:
        await status.edit_text("Rendering")
    assert flood.value.retry_after == timedelta(minutes=1)
    assert server.throttled == {"editMessageText": 1}


async def test_a_group_that_became_a_supergroup(server: TelegramServer, app: App, ann: Member) -> None:
    group = server.group("Film club", ann)
    supergroup = server.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await sent(app, group.id)
    assert moved.value.new_chat_id == supergroup.id
    await sent(app, supergroup.id)


async def test_who_blocks_or_kicks_hears_no_more(server: TelegramServer, app: App, ann: Member) -> None:
    server.private(ann)
    group = server.supergroup("Film club", ann)
    server.block(ann)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await sent(app, ann.id)
    server.kick(group)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await sent(app, group.id)
    server.unblock(ann)
    await sent(app, ann.id)


async def test_a_lost_answer_leaves_a_delivered_message(server: TelegramServer, app: App, ann: Member) -> None:
    chat = server.private(ann)
    server.fault("sendMessage", Fault(silent=True, after=True))
    with pytest.raises(TimedOut):
        await app.bot.send_message(chat.id, "Done", read_timeout=0.05)
    [delivered] = await server.until(lambda: server.replies(chat))
    assert delivered.text == "Done"


async def test_a_connection_cut_before_the_effect_leaves_nothing(server: TelegramServer, app: App, ann: Member) -> None:
    chat = server.private(ann)
    server.fault("sendMessage", Fault(cut=True))
    with pytest.raises(NetworkError):
        await sent(app, chat.id)
    assert not server.replies(chat)


async def test_a_stranger_s_token_is_refused(server: TelegramServer) -> None:
    stranger = application(server, "1:A")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.bot.shutdown()


async def test_replies_reactions_and_administrators(server: TelegramServer, app: App, ann: Member) -> None:
    bob = server.member("Bob", language="de")
    chat = server.supergroup("Film club", ann, admins=[bob])
    asked = await server.says(ann, chat, "/video a cat")
    await app.bot.set_message_reaction(chat.id, asked.id, ReactionTypeEmoji("👀"))
    reply = ReplyParameters(asked.id)
    await app.bot.send_message(chat.id, "Queued", reply_parameters=reply)
    assert asked.reactions == ["👀"]
    assert server.replies(chat)[0].reply_to is asked
    [admin] = await app.bot.get_chat_administrators(chat.id)
    assert (admin.user.id, admin.status) == (bob.id, "creator")
    assert (await app.bot.get_chat_member(chat.id, ann.id)).status == "member"
    await server.removes(asked)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await app.bot.send_message(chat.id, "Done", reply_parameters=reply)
    lenient = ReplyParameters(asked.id, allow_sending_without_reply=True)
    await app.bot.send_message(chat.id, "Done", reply_parameters=lenient)
    assert server.replies(chat)[1].reply_to is None
