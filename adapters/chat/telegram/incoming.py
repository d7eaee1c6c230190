"""From what Telegram tells to who said what where."""

import re
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, Message, MessageEntity, User
from telegram.constants import ChatType

from bot.commands import Word
from bot.job import Identity, Place

PLATFORM = "telegram"

MOST_NAME = 64

_USER_URL = "tg://user?id="

_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]+)(?:@(?P<bot>\w+))?(?!\S)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A message that is for us."""

    message: Message
    by: Identity
    place: Place
    text: str

    @property
    def event(self) -> str:
        """Of the message, not of the update: a change of the message belongs to the same order."""
        return mark_of(self.message)


def mark_of(message: Message) -> str:
    """Which message it is. What stood in a group that has moved since stayed behind in the old one."""
    return f"{message.chat.id}/{message.message_id}"


def said_in(message: Message) -> Said | None:
    """`None` for what nobody said: service messages, other bots, posts that a channel passed on."""
    by = speaker(message)
    if by is None or message.is_automatic_forward or message.via_bot:
        return None
    return Said(message, by, place_of(message), message.text or message.caption or "")


def speaker(message: Message) -> Identity | None:
    """Whoever speaks in the name of a chat is that chat: nobody knows which of its admins it was."""
    if message.sender_chat:
        return _chat_identity(message.sender_chat)
    user = message.from_user
    return None if user is None or user.is_bot else user_identity(user)


def user_identity(user: User) -> Identity:
    name = user.full_name[:MOST_NAME]
    return Identity(platform=PLATFORM, user=str(user.id), name=name, handle=user.username or "")


def _chat_identity(chat: Chat) -> Identity:
    return Identity(platform=PLATFORM, user=str(chat.id), name=(chat.title or "")[:MOST_NAME])


def place_of(message: Message) -> Place:
    """Answers go to the same topic; the thread of a plain reply is none."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Place(
        platform=PLATFORM,
        chat=str(message.chat.id),
        thread=None if thread is None else str(thread),
        reply_to=str(message.message_id),
        is_private=is_private(message.chat),
    )


def command_for(text: str, username: str, *, is_private: bool) -> str | None:
    """The command without our name; `None` where there is none or it is for somebody else.

    In a group a command that nobody knows may be another bot's.
    """
    found = _COMMAND.match(text)
    if found is None or (found["bot"] or username).casefold() != username.casefold():
        return None
    name = found["name"].casefold()
    is_ours = name in list(Word) or is_private or found["bot"]
    return f"/{name} {text[found.end() :]}".rstrip() if is_ours else None


def is_private(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE


def draft_in(message: Message, bot_id: int) -> str | None:
    """The command in a draft or a form of ours."""
    if message.from_user is None or message.from_user.id != bot_id or message.text is None:
        return None
    return next(iter(message.parse_entities([MessageEntity.PRE]).values()), None)


def asked_in(message: Message) -> str | None:
    """The user whose answer a draft asks for; `None` where there is nobody else."""
    for entity in message.entities:
        if entity.user:
            return str(entity.user.id)
        if entity.url and entity.url.startswith(_USER_URL):
            return entity.url.removeprefix(_USER_URL)
    return None


def meant_in(message: Message) -> Identity | None:
    """Somebody who is named without a name of their own, or whose message is answered."""
    named = next((entity.user for entity in message.entities if entity.user), None)
    if named:
        return user_identity(named)
    asked = message.reply_to_message
    # In a topic what answers nothing answers the message with which it was opened.
    return speaker(asked) if asked and not asked.forum_topic_created else None


def owner_of(message: Message) -> Identity | None:
    """Whoever was answered with this message; `None` where that can no longer be seen."""
    asked = message.reply_to_message
    return speaker(asked) if asked else None


def pressed_message(query: CallbackQuery) -> Message | None:
    """`None` for one that is too old for Telegram to show it to us, or in an inline result."""
    return query.message if isinstance(query.message, Message) else None
