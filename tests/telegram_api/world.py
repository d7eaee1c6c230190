"""Everything that outlives a restart of the server: chats, messages, files, updates."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tests.caller import CALLER
from tests.telegram_api.clock import Clock
from tests.telegram_api.entities import COMMAND
from tests.telegram_api.files import Files
from tests.telegram_api.flood import Flood, Rules
from tests.telegram_api.messages import Message, Press, Version
from tests.telegram_api.people import Chat, Member
from tests.telegram_api.refusal import bad_request, forbidden
from tests.telegram_api.updates import Updates
from tests.telegram_api.webhook import Webhook

GENERAL_TOPIC = 1

Found = TypeVar("Found")


class World:
    def __init__(self, folder: Path, bot: Member, clock: Clock, rules: Rules) -> None:
        self.bot = bot
        self.clock = clock
        self.has_privacy = True
        self.members: dict[int, Member] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: list[Message] = []
        self.presses: dict[str, Press] = {}
        self.files = Files(folder)
        self.flood = Flood(clock, rules)
        self.updates = Updates(clock, self.change)
        self.webhook = Webhook(self.updates, clock, self.change)
        self._changed = asyncio.Event()

    def change(self) -> None:
        """Whoever waits for something looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, predicate: Callable[[], Found], seconds: float) -> Found:
        async with asyncio.timeout(seconds):
            while not (found := predicate()):
                await self._changed.wait()
        return found

    def chat(self, chat_id: int | None, *, to_write: bool = True) -> Chat:
        if chat_id is None:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if to_write:
            self._check_writable(chat)
        return chat

    def _check_writable(self, chat: Chat) -> None:
        if chat.migrated_to:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to.id)
        if chat.kind == "private":
            member = self.members[chat.id]
            if member.is_deactivated:
                raise forbidden("user is deactivated")
            if member.has_blocked:
                raise forbidden("bot was blocked by the user")
        elif chat.statuses.get(self.bot.id) == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        elif not chat.has(self.bot):
            raise forbidden(f"bot is not a member of the {chat.kind} chat")

    def check_topic(self, chat: Chat, thread: int | None) -> int | None:
        """Where the message goes. In a group without topics a thread is ignored, as Telegram does."""
        if thread is None or not (chat.is_forum or chat.kind == "private"):
            return None
        topic = chat.topics.get(thread)
        # The general topic has no number to write to.
        if thread == GENERAL_TOPIC or topic is None or topic.is_deleted:
            raise bad_request("message thread not found")
        if topic.is_closed and chat.statuses.get(self.bot.id) != "administrator":
            raise bad_request("TOPIC_CLOSED")
        return thread

    def visible(self, chat: Chat) -> list[Message]:
        return [message for message in self.messages if message.chat is chat and not message.is_deleted]

    def message(self, chat: Chat, message_id: int | None, what: str) -> Message:
        """`what` is what the refusal calls one that is not there: `message to edit`."""
        if message_id is None:
            raise bad_request("message identifier is not specified")
        for message in self.visible(chat):
            if message.id == message_id:
                return message
        raise bad_request(f"{what} not found")

    def post(
        self, chat: Chat, sender: Member, version: Version, thread: int | None = None, reply_to: Message | None = None
    ) -> Message:
        versions = [replace(version, by=CALLER.get())]
        message = Message(
            id=chat.next_message_id(), chat=chat, sender=sender, versions=versions, thread=thread, reply_to=reply_to
        )
        if thread is not None and thread in chat.topics:
            message.opening = next((m for m in self.messages if m.chat is chat and m.id == thread), None)
        self.messages.append(message)
        self.change()
        return message

    def tell(self, kind: str, message: Message) -> None:
        """Have the bot hear of the message, if it may."""
        message.update_id = (
            self.updates.add(kind, message.as_json(), ("chat", message.chat.id)) if self.is_heard(message) else None
        )

    def is_heard(self, message: Message) -> bool:
        chat = message.chat
        if chat.kind == "private":
            return not message.sender.has_blocked
        if not chat.has(self.bot):
            return False
        if not self.has_privacy or chat.statuses[self.bot.id] == "administrator" or message.service:
            return True
        if message.reply_to and message.reply_to.sender is self.bot:
            return True
        return self._addresses(message.text or message.caption)

    def _addresses(self, text: str) -> bool:
        """A bot with privacy hears what begins with a command, unless it is another bot's."""
        found = COMMAND.match(text)
        return found is not None and found.group().partition("@")[2].casefold() in {"", self.bot.username}
