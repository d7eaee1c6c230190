"""What stands in a chat, and what stood there before it was edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tests.telegram_api.entities import Formatted
from tests.telegram_api.files import StoredFile
from tests.telegram_api.people import GROUP_ANONYMOUS_BOT, Chat, Member


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    data: str | None
    url: str | None
    raw: dict[str, object]


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    kind: Literal["video", "document", "photo"]
    file: StoredFile
    width: int = 0
    height: int = 0
    duration: int = 0
    supports_streaming: bool = False
    has_spoiler: bool = False
    thumbnail: StoredFile | None = None

    @property
    def sha256(self) -> str:
        return self.file.sha256

    def read(self) -> bytes:
        return self.file.read()

    def as_json(self) -> dict[str, object]:
        shape = {"width": self.width, "height": self.height}
        if self.kind == "photo":
            return {"photo": [self.file.as_json() | shape]}
        known = self.file.as_json() | {"file_name": self.file.name, "mime_type": self.file.type}
        if self.thumbnail:
            known["thumbnail"] = self.thumbnail.as_json() | {"width": 320, "height": 320}
        return {self.kind: known | (shape | {"duration": self.duration} if self.kind == "video" else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    at: float
    by: str = ""  # which of several programs wrote it
    text: str = ""
    caption: str = ""
    entities: tuple[dict[str, object], ...] = ()
    media: Media | None = None
    buttons: Buttons = ()

    def shows_as(self, other: "Version") -> bool:
        return replace(self, at=0, by="") == replace(other, at=0, by="")

    def with_words(self, words: Formatted) -> "Version":
        """As text, or as the caption where there is media."""
        if self.media:
            return replace(self, text="", caption=words.text, entities=words.entities)
        return replace(self, text=words.text, caption="", entities=words.entities)

    def as_json(self) -> dict[str, object]:
        words = ("caption", "caption_entities") if self.media else ("text", "entities")
        answer: dict[str, object] = dict(self.media.as_json()) if self.media else {}
        if self.caption or self.text:
            answer[words[0]] = self.caption or self.text
        if self.entities:
            answer[words[1]] = list(self.entities)
        if self.buttons:
            answer["reply_markup"] = {"inline_keyboard": [[button.raw for button in row] for row in self.buttons]}
        return answer


@dataclass(slots=True, eq=False, kw_only=True)
class Message:
    id: int
    chat: Chat
    sender: Member
    versions: list[Version]
    thread: int | None = None
    reply_to: "Message | None" = None
    opening: "Message | None" = None  # of its topic, which it answers where it answers nothing else
    service: dict[str, object] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)  # of which this server knows nothing
    reactions: Sequence[str] = ()  # the bot's
    deleted_at: float | None = None
    update_id: int | None = None  # of the latest update about it; None: the bot is not told

    @property
    def now(self) -> Version:
        return self.versions[-1]

    @property
    def at(self) -> float:
        return self.versions[0].at

    @property
    def text(self) -> str:
        return self.now.text

    @property
    def caption(self) -> str:
        return self.now.caption

    @property
    def media(self) -> Media | None:
        return self.now.media

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All rows as one."""
        return tuple(button for row in self.now.buttons for button in row)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def button(self, text: str) -> Button:
        """The first one that says so."""
        found = next((button for button in self.buttons if text in button.text), None)
        assert found is not None, f"no button {text!r} among {[button.text for button in self.buttons]}"
        return found

    def as_json(self, *, with_reply: bool = True) -> dict[str, object]:
        answer: dict[str, object] = {
            "message_id": self.id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": int(self.at),
        }
        if self.sender.id in self.chat.anonymous:
            answer |= {"from": GROUP_ANONYMOUS_BOT, "sender_chat": self.chat.as_json()}
        if len(self.versions) > 1:
            answer["edit_date"] = int(self.now.at)
        if self.thread is not None:
            answer |= {"message_thread_id": self.thread, "is_topic_message": True}
        if with_reply and (asked := self.reply_to or self.opening):
            answer["reply_to_message"] = asked.as_json(with_reply=False)
        return answer | self.now.as_json() | self.service | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    show_alert: bool


@dataclass(slots=True, eq=False, kw_only=True)
class Press:
    """A pressed button, and what the bot said to it."""

    id: str
    member: Member
    message: Message
    data: str
    at: float
    answer: Answer | None = None
    update_id: int | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "from": self.member.as_json(),
            "message": self.message.as_json(),
            "chat_instance": str(self.message.chat.id),
            "data": self.data,
        }
