"""The calls that change what stands in a chat, or take it away."""

from dataclasses import replace
from typing import Literal

from telegram.constants import ReactionEmoji

from tests.caller import CALLER
from tests.telegram_api.keyboard import buttons_of
from tests.telegram_api.messages import Message, Version
from tests.telegram_api.parameters import Parameters
from tests.telegram_api.refusal import bad_request
from tests.telegram_api.sending import media_of
from tests.telegram_api.words import caption_of, text_of
from tests.telegram_api.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600
REACTIONS = frozenset(str(emoji.value) for emoji in ReactionEmoji)


async def edit_message_text(world: World, parameters: Parameters) -> object:
    message = _own(world, parameters)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    words = text_of(parameters, "MESSAGE_TOO_LONG")
    return _edited(world, message, _with_buttons(message, parameters).with_words(words))


async def edit_message_caption(world: World, parameters: Parameters) -> object:
    message = _own(world, parameters)
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    words = caption_of(parameters, "MEDIA_CAPTION_TOO_LONG")
    return _edited(world, message, _with_buttons(message, parameters).with_words(words))


async def edit_message_reply_markup(world: World, parameters: Parameters) -> object:
    message = _own(world, parameters)
    return _edited(world, message, _with_buttons(message, parameters))


async def edit_message_media(world: World, parameters: Parameters) -> object:
    """A text message becomes one with media, which it then remains."""
    message = _own(world, parameters)
    given = parameters.within("media")
    kind: Literal["video", "document"]
    match given.text("type"):
        case "video":
            kind = "video"
        case "document":
            kind = "document"
        case other:
            raise bad_request(f"can't parse InputMedia: type {other!r} is not one that this server knows")
    media = await media_of(world, given, kind, "media")
    words = caption_of(given, "MEDIA_CAPTION_TOO_LONG")
    # The upload took its time: the message may be gone by now.
    message = _own(world, parameters)
    return _edited(world, message, replace(_with_buttons(message, parameters), media=media).with_words(words))


async def delete_message(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"))
    message = world.message(chat, parameters.integer("message_id"), "message to delete")
    is_admin = chat.statuses.get(world.bot.id) == "administrator"
    is_old = world.clock.now() - message.at > DELETABLE_SECONDS
    if not is_admin and (is_old or (message.sender is not world.bot and chat.kind != "private")):
        raise bad_request("message can't be deleted")
    message.deleted_at = world.clock.now()
    return True


async def set_message_reaction(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"))
    message = world.message(chat, parameters.integer("message_id"), "message to react")
    wanted = [item for item in parameters.sequence("reaction") or [] if isinstance(item, dict)]
    emoji = [str(item.get("emoji", "")) for item in wanted]
    if len(wanted) > 1 or not REACTIONS.issuperset(emoji):
        raise bad_request("REACTION_INVALID")
    message.reactions = emoji
    return True


def _own(world: World, parameters: Parameters) -> Message:
    chat = world.chat(parameters.integer("chat_id"))
    message = world.message(chat, parameters.integer("message_id"), "message to edit")
    if message.sender is not world.bot or message.service:
        raise bad_request("message can't be edited")
    return message


def _with_buttons(message: Message, parameters: Parameters) -> Version:
    """Whoever leaves the keyboard out takes it away."""
    return replace(message.now, buttons=buttons_of(parameters.mapping("reply_markup")))


def _edited(world: World, message: Message, version: Version) -> object:
    if version.shows_as(message.now):
        raise bad_request(NOT_MODIFIED)
    world.flood.admit(message.chat)
    message.versions.append(replace(version, at=world.clock.now(), by=CALLER.get()))
    return message.as_json()
