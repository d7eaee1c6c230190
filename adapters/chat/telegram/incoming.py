"""From what Telegram tells to who said what where."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from telegram import Bot, CallbackQuery, Chat, Message, MessageEntity, MessageOriginUser, User
from telegram.constants import ChatType

from bot.commands import Word
from bot.job import Identity, Place

PLATFORM = "telegram"

MOST_NAME = 64

_USER_URL = "tg://user?id="

_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]+)(?:@(?P<bot>\w+))?(?!\S)\s*", re.IGNORECASE)


Raw = dict[str, Any]
"""As Telegram tells it."""

_PLAIN = frozenset({"message_id", "from", "chat", "date", "text", "entities", "message_thread_id", "is_topic_message"})
"""What a message has that is nothing but words."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message that is for us."""

    by: Identity
    place: Place
    text: str
    event: str
    """Of the message, not of the update: a change of the message belongs to the same order."""
    told: tuple[str, ...]
    """The language of their app, where it is known."""
    is_plain: bool
    """Whether it is nothing but words, and answers nobody."""
    whole: Callable[[], Message]

    @property
    def message(self) -> Message:
        """With everything else, which takes longer to read than an order takes otherwise."""
        return self.whole()

    @property
    def has_attachment(self) -> bool:
        return not self.is_plain and self.message.effective_attachment is not None


def mark_of(message: Message) -> str:
    """Which message it is. What stood in a group that has moved since stayed behind in the old one."""
    return f"{message.chat.id}/{message.message_id}"


def plainly_said(raw: Raw, bot: Bot) -> Said | None:
    """By a person who types a command and nothing else; `None` for what must be looked at whole."""
    if not _PLAIN.issuperset(raw) or not raw.get("text", "").startswith("/"):
        return None
    user, chat, number = raw.get("from"), raw["chat"], raw["message_id"]
    if user is None or user["is_bot"]:
        return None
    last_name = user.get("last_name")
    name = f"{user['first_name']} {last_name}" if last_name else user["first_name"]
    thread = raw.get("message_thread_id") if raw.get("is_topic_message") else None
    return Said(
        by=Identity(platform=PLATFORM, user=str(user["id"]), name=name[:MOST_NAME], handle=user.get("username") or ""),
        place=Place(
            platform=PLATFORM,
            chat=str(chat["id"]),
            thread=None if thread is None else str(thread),
            reply_to=str(number),
            is_private=chat["type"] == ChatType.PRIVATE,
        ),
        text=raw["text"],
        event=f"{chat['id']}/{number}",
        told=(language,) if (language := user.get("language_code")) else (),
        is_plain=True,
        whole=cache(partial(Message.de_json, raw, bot)),
    )


def said_in(message: Message) -> Said | None:
    """`None` for what nobody said: service messages, other bots, posts that a channel passed on."""
    by = speaker(message)
    if by is None or message.is_automatic_forward or message.via_bot:
        return None
    return Said(
        by=by,
        place=place_of(message),
        text=message.text or message.caption or "",
        event=mark_of(message),
        told=language_of(message.from_user),
        is_plain=False,
        whole=lambda: message,
    )


def speaker(message: Message) -> Identity | None:
    """Whoever speaks in the name of a chat is that chat: nobody knows which of its admins it was."""
    if message.sender_chat:
        return chat_identity(message.sender_chat)
    user = message.from_user
    return None if user is None or user.is_bot else user_identity(user)


def language_of(user: User | None) -> tuple[str, ...]:
    """As Telegram says, as far as it does."""
    return (user.language_code,) if user and user.language_code else ()


def user_identity(user: User) -> Identity:
    name = user.full_name[:MOST_NAME]
    return Identity(platform=PLATFORM, user=str(user.id), name=name, handle=user.username or "")


def chat_identity(chat: Chat) -> Identity:
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


def spelled_out(message: Message) -> tuple[str, tuple[Identity, ...]]:
    """The words with the keys of those in them who are mentioned without a name of their own, and who these are."""
    words, named = (message.text or message.caption or "").encode("utf-16-le"), list[Identity]()
    for entity in reversed(message.entities or message.caption_entities):
        if entity.user and not entity.user.is_bot:
            named.append(user_identity(entity.user))
            start, end = entity.offset * 2, (entity.offset + entity.length) * 2
            words = words[:start] + f" {named[-1].key} ".encode("utf-16-le") + words[end:]
    return words.decode("utf-16-le"), tuple(named)


def meant_in(message: Message) -> Identity | None:
    """Whose message is answered."""
    asked = message.reply_to_message
    if asked is None or _answers_nobody(message, asked):
        return None
    if is_private(message.chat) and asked.forward_origin:
        origin = asked.forward_origin
        return user_identity(origin.sender_user) if isinstance(origin, MessageOriginUser) else None
    return speaker(asked)


def _answers_nobody(message: Message, asked: Message) -> bool:
    """What answers nothing answers the message that opened the topic, and below a channel's post that post."""
    opens_topic = message.is_topic_message and asked.message_id == message.message_thread_id
    return bool(opens_topic or asked.forum_topic_created or asked.is_automatic_forward)


def owner_of(message: Message) -> Identity | None:
    """Whoever was answered with this message; `None` where that can no longer be seen."""
    asked = message.reply_to_message
    return speaker(asked) if asked else None


def pressed_message(query: CallbackQuery) -> Message | None:
    """`None` for one that is too old for Telegram to show it to us, or in an inline result."""
    return query.message if isinstance(query.message, Message) else None
