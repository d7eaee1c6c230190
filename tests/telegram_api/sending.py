"""The calls that put something new into a chat."""

from typing import Literal

from tests.telegram_api.files import StoredFile, check_thumbnail
from tests.telegram_api.keyboard import buttons_of
from tests.telegram_api.messages import Media, Message, Version
from tests.telegram_api.parameters import Parameters
from tests.telegram_api.people import Chat
from tests.telegram_api.refusal import bad_request
from tests.telegram_api.words import caption_of, text_of
from tests.telegram_api.world import World

ATTACHED = "attach://"
ACTIONS = frozenset({
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
})  # fmt: skip


async def send_message(world: World, parameters: Parameters) -> object:
    version = Version(at=world.clock.now(), buttons=buttons_of(parameters.mapping("reply_markup")))
    return _sent(world, parameters, version.with_words(text_of(parameters)))


async def send_video(world: World, parameters: Parameters) -> object:
    return await _send_media(world, parameters, "video")


async def send_document(world: World, parameters: Parameters) -> object:
    return await _send_media(world, parameters, "document")


async def send_chat_action(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"))
    world.check_topic(chat, parameters.integer("message_thread_id"))
    if parameters.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


async def media_of(world: World, parameters: Parameters, kind: Literal["video", "document"], field: str) -> Media:
    """`field` is the parameter that holds the file, its identifier, or the name it is attached under."""
    file = await _file(world, parameters, field)
    thumbnail = await _file(world, parameters, "thumbnail") if _is_given(parameters, "thumbnail") else None
    if thumbnail:
        check_thumbnail(thumbnail)
    # Telegram shows nothing but MPEG-4 as a video; the rest arrives as a file.
    if kind == "document" or not file.is_mp4:
        return Media(kind="document", file=file, thumbnail=thumbnail)
    return Media(
        kind="video",
        file=file,
        width=parameters.integer("width") or 0,
        height=parameters.integer("height") or 0,
        duration=parameters.integer("duration") or 0,
        supports_streaming=parameters.flag("supports_streaming"),
        has_spoiler=parameters.flag("has_spoiler"),
        thumbnail=thumbnail,
    )


async def _send_media(world: World, parameters: Parameters, kind: Literal["video", "document"]) -> object:
    _destination(world, parameters)
    version = Version(
        at=world.clock.now(),
        media=await media_of(world, parameters, kind, kind),
        buttons=buttons_of(parameters.mapping("reply_markup")),
    )
    return _sent(world, parameters, version.with_words(caption_of(parameters)))


def _sent(world: World, parameters: Parameters, version: Version) -> object:
    chat, thread, reply_to = _destination(world, parameters)
    world.flood.admit(chat)
    return world.post(chat, world.bot, version, thread, reply_to).as_json()


def _destination(world: World, parameters: Parameters) -> tuple[Chat, int | None, Message | None]:
    chat = world.chat(parameters.integer("chat_id"))
    thread = world.check_topic(chat, parameters.integer("message_thread_id"))
    reply_to = _reply_to(world, parameters, chat)
    if reply_to and thread is None:
        thread = world.check_topic(chat, reply_to.thread)
    return chat, thread, reply_to


def _reply_to(world: World, parameters: Parameters, chat: Chat) -> Message | None:
    reply = parameters.within("reply_parameters") if "reply_parameters" in parameters else parameters
    number = reply.integer("message_id" if reply is not parameters else "reply_to_message_id")
    if not number:
        return None
    found = next((message for message in world.visible(chat) if message.id == number), None)
    if found is None and not reply.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _is_given(parameters: Parameters, field: str) -> bool:
    return field in parameters or field in parameters.uploads


async def _file(world: World, parameters: Parameters, field: str) -> StoredFile:
    if field in parameters.uploads:
        return await world.files.keep(parameters.uploads[field])
    given = parameters.text(field)
    if not given:
        raise bad_request(f"there is no {field} in the request")
    if not given.startswith(ATTACHED):
        return world.files.find(given)
    attached = parameters.uploads.get(given.removeprefix(ATTACHED))
    if attached is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return await world.files.keep(attached)
