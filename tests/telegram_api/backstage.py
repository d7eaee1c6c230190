"""What people do in their chats, for a test to arrange."""

import io
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from PIL import Image

from tests.telegram_api.entities import Formatted, commands_in, units
from tests.telegram_api.flood import Rule
from tests.telegram_api.messages import Media, Message, Press, Version
from tests.telegram_api.people import Chat, Kind, Member, Status, Topic
from tests.telegram_api.world import World

Found = TypeVar("Found")
PATIENCE = 30.0


class Backstage:
    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers = itertools.count(1)

    @property
    def bot(self) -> Member:
        return self.world.bot

    @property
    def members(self) -> list[Member]:
        return [member for member in self.world.members.values() if not member.is_bot]

    def member(self, first_name: str, *, language: str | None = "en", username: str | None = None) -> Member:
        number = 5_000_000_000 + next(self._numbers)
        joined = Member(id=number, first_name=first_name, language=language, username=username)
        self.world.members[number] = joined
        return joined

    def private(self, member: Member) -> Chat:
        """Always the same one. Until it is asked for, the bot cannot write there."""
        known = self.world.chats.get(member.id)
        return known or self._chat(member.id, "private", member.first_name, [member])

    def group(self, title: str, *members: Member, admins: Iterable[Member] = ()) -> Chat:
        return self._chat(-4_000_000_000 - next(self._numbers), "group", title, members, admins)

    def supergroup(self, title: str, *members: Member, admins: Iterable[Member] = (), is_forum: bool = False) -> Chat:
        number = -1_002_000_000_000 - next(self._numbers)
        chat = self._chat(number, "supergroup", title, members, admins)
        chat.is_forum = is_forum
        return chat

    def topic(self, chat: Chat, name: str) -> Topic:
        opening = self.world.post(chat, self._anybody(chat), Version(at=self.world.clock.now()))
        opening.service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        opening.thread = opening.id
        topic = chat.topics[opening.id] = Topic(opening.id, name)
        return topic

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        topic.is_deleted = True
        for message in self.world.visible(chat):
            if message.thread == topic.id:
                message.deleted_at = self.world.clock.now()
        self.world.change()

    def close_topic(self, topic: Topic) -> None:
        topic.is_closed = True

    def set_status(self, chat: Chat, member: Member, status: Status, *, by: Member | None = None) -> None:
        """Of the bot too; it is told of its own."""
        before = chat.statuses.get(member.id, "left")
        chat.statuses[member.id] = status
        if member is self.world.bot:
            self._tell_of_bot(chat, before, status, by or self._anybody(chat))

    def kick(self, chat: Chat) -> None:
        self.set_status(chat, self.world.bot, "kicked")

    def invite(self, chat: Chat, *, by: Member | None = None) -> None:
        self.set_status(chat, self.world.bot, "member", by=by)

    def block(self, member: Member) -> None:
        member.has_blocked = True
        self._tell_of_bot(self.private(member), "member", "kicked", member)

    def unblock(self, member: Member) -> None:
        member.has_blocked = False
        self._tell_of_bot(self.private(member), "kicked", "member", member)

    def migrate(self, chat: Chat) -> Chat:
        """The supergroup that the group has become; its messages stay behind."""
        new = self.supergroup(chat.title)
        new.statuses |= chat.statuses
        anybody = self._anybody(chat)
        self._announce(chat, anybody, migrate_to_chat_id=new.id)
        self._announce(new, anybody, migrate_from_chat_id=chat.id)
        chat.migrated_to = new
        return new

    def limit(self, chat: Chat, calls: int, seconds: float) -> None:
        """So many sends and edits in any stretch of so many seconds."""
        self.world.flood.limit(chat, Rule(calls, seconds))

    def unlimit(self, chat: Chat) -> None:
        self.world.flood.limit(chat, None)

    async def says(
        self,
        member: Member,
        chat: Chat,
        text: str,
        *,
        thread: int | None = None,
        reply_to: Message | None = None,
        photo: bytes | None = None,
        mentions: Mapping[str, Member] = MappingProxyType({}),
        extra: Mapping[str, object] | None = None,
    ) -> Message:
        """With a photo the text is its caption; `extra` is shown to the bot as it stands.

        `mentions` are words of the text that stand for somebody without a name of their own.
        """
        assert chat.has(member), f"{member.first_name} is not in {chat.title}"
        assert chat.migrated_to is None, f"{chat.title} has become a supergroup"
        version = Version(at=self.world.clock.now(), media=self._photo(photo) if photo else None)
        version = _worded(version, text, mentions)
        message = self.world.post(chat, member, version, thread, reply_to)
        message.extra = extra or {}
        self.world.tell("message", message)
        return message

    async def edits(self, message: Message, text: str) -> None:
        message.versions.append(replace(_worded(message.now, text), at=self.world.clock.now()))
        self.world.tell("edited_message", message)

    async def removes(self, message: Message) -> None:
        """By hand, of which no bot is told."""
        message.deleted_at = self.world.clock.now()
        self.world.change()

    async def presses(self, member: Member, message: Message, data: str) -> Press:
        """A button that the message has, or had: a client may show the older ones for a moment."""
        offered = {button.data for version in message.versions for row in version.buttons for button in row}
        assert data in offered, f"no button with {data!r} among {offered}"
        number = str(4_000_000_000_000 + next(self._numbers))
        press = Press(id=number, member=member, message=message, data=data, at=self.world.clock.now())
        self.world.presses[number] = press
        press.update_id = self.world.updates.add("callback_query", press.as_json(), ("person", member.id))
        return press

    def redeliver(self, update_id: int | None = None) -> None:
        """The latest update where none is named."""
        self.world.updates.redeliver(update_id)

    def messages(self, chat: Chat) -> list[Message]:
        """What can be seen there, in order, whoever wrote it."""
        return self.world.visible(chat)

    def replies(self, chat: Chat) -> list[Message]:
        """What can be seen there of the bot's."""
        return [message for message in self.world.visible(chat) if message.sender is self.world.bot]

    def history(self, chat: Chat) -> list[Message]:
        """What was deleted too."""
        return [message for message in self.world.messages if message.chat is chat]

    async def until(self, predicate: Callable[[], Found], seconds: float = PATIENCE) -> Found:
        """The first truthy answer, asked for after every change; TimeoutError where there is none in time."""
        return await self.world.until(predicate, seconds)

    def _chat(
        self, number: int, kind: Kind, title: str, members: Iterable[Member], admins: Iterable[Member] = ()
    ) -> Chat:
        chat = Chat(id=number, kind=kind, title=title)
        chat.statuses = {member.id: "member" for member in members}
        chat.statuses |= {admin.id: "creator" if first else "administrator" for first, admin in _marked(admins)}
        chat.statuses[self.world.bot.id] = "member"
        self.world.chats[number] = chat
        return chat

    def _photo(self, content: bytes) -> Media:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
        file = self.world.files.store(io.BytesIO(content), "photo.jpg", "image/jpeg")
        return Media(kind="photo", file=file, width=width, height=height)

    def _announce(self, chat: Chat, member: Member, **service: object) -> None:
        message = self.world.post(chat, member, Version(at=self.world.clock.now()))
        message.service = service
        self.world.tell("message", message)

    def _anybody(self, chat: Chat) -> Member:
        return next(self.world.members[number] for number in chat.statuses)

    def _tell_of_bot(self, chat: Chat, before: Status, after: Status, by: Member) -> None:
        bot = self.world.bot.as_json()
        bans = {"kicked": {"until_date": 0}}
        change = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": int(self.world.clock.now()),
            "old_chat_member": {"user": bot, "status": before} | bans.get(before, {}),
            "new_chat_member": {"user": bot, "status": after} | bans.get(after, {}),
        }
        self.world.updates.add("my_chat_member", change, ("membership", chat.id))


def _marked(admins: Iterable[Member]) -> Iterable[tuple[bool, Member]]:
    return ((position == 0, admin) for position, admin in enumerate(admins))


def _worded(version: Version, text: str, mentions: Mapping[str, Member] = MappingProxyType({})) -> Version:
    mentioned = [
        {"type": "text_mention", "offset": units(text[: text.index(words)]), "length": units(words)}
        | {"user": member.as_json()}
        for words, member in mentions.items()
    ]
    return version.with_words(Formatted(text, (*commands_in(text), *mentioned)))
