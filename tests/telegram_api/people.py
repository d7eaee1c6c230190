"""Who talks where."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["private", "group", "supergroup"]
Status = Literal["creator", "administrator", "member", "left", "kicked"]
PRESENT = ("creator", "administrator", "member")


@dataclass(slots=True, eq=False, kw_only=True)
class Member:
    id: int
    first_name: str
    username: str | None = None
    language: str | None = "en"
    is_bot: bool = False
    has_blocked: bool = False  # the bot
    is_deactivated: bool = False

    def as_json(self) -> dict[str, object]:
        given = {"username": self.username, "language_code": self.language}
        known: dict[str, object] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        return known | {name: value for name, value in given.items() if value is not None}


GROUP_ANONYMOUS_BOT: dict[str, object] = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


@dataclass(slots=True, eq=False)
class Topic:
    id: int
    name: str
    is_closed: bool = False
    is_deleted: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Chat:
    id: int
    kind: Kind
    title: str
    is_forum: bool = False
    statuses: dict[int, Status] = field(default_factory=dict)  # by member id; the bot is one
    topics: dict[int, Topic] = field(default_factory=dict)
    anonymous: set[int] = field(default_factory=set)  # admins who speak in the name of the group
    hides_members: bool = False
    migrated_to: "Chat | None" = None
    last_message_id: int = 1

    def next_message_id(self) -> int:
        """Of this chat alone: two chats have messages of the same number."""
        self.last_message_id += 1
        return self.last_message_id

    def has(self, member: Member) -> bool:
        return self.statuses.get(member.id) in PRESENT

    def as_json(self) -> dict[str, object]:
        brief: dict[str, object] = {"id": self.id, "type": self.kind}
        brief["first_name" if self.kind == "private" else "title"] = self.title
        return brief | ({"is_forum": True} if self.is_forum else {})
