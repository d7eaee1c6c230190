"""Who is where, and may do what there."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Literal

from tests.discord_api.refusal import Json

Kind = Literal["text", "forum", "thread", "direct", "private"]
TYPES: dict[Kind, int] = {"text": 0, "direct": 1, "private": 3, "thread": 11, "forum": 15}
TIER_LIMITS = {2: 50 * 1024 * 1024, 3: 100 * 1024 * 1024}
ARCHIVE_MINUTES = 1440


class Permission(IntFlag):
    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38


USUAL = ~(Permission.ADMINISTRATOR | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES | Permission.MENTION_EVERYONE)


def named(names: dict[str, bool], *, value: bool) -> Permission:
    """Those of the names that have this value."""
    bits = Permission.NONE
    for name, given in names.items():
        bits |= Permission[name.upper()] if given is value else Permission.NONE
    return bits


@dataclass(slots=True, eq=False, kw_only=True)
class Member:
    id: int
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    accepts_messages: bool = True  # direct ones from the bot
    has_installed: bool = False  # the bot for themselves, to be used anywhere
    upload_limit: int = 0  # what they pay for; the greater of this and the place's counts

    def as_json(self) -> Json:
        user: Json = {"id": str(self.id), "username": self.name.lower(), "global_name": self.name}
        return user | {"discriminator": "0", "avatar": None, "bot": self.is_bot, "public_flags": 0}


@dataclass(slots=True, eq=False, kw_only=True)
class Role:
    id: int
    name: str
    permissions: Permission
    is_mentionable: bool = False

    def as_json(self) -> Json:
        role: Json = {"id": str(self.id), "name": self.name, "permissions": str(int(self.permissions)), "flags": 0}
        shown: Json = {"color": 0, "colors": {"primary_color": 0}, "hoist": False, "icon": None, "position": 0}
        return role | shown | {"managed": False, "mentionable": self.is_mentionable}


@dataclass(slots=True, eq=False, kw_only=True)
class Guild:
    id: int
    name: str
    locale: str
    tier: int
    usual_limit: int  # bytes of one file in a guild of no tier
    members: dict[int, Member] = field(default_factory=dict)
    granted: dict[int, list[Role]] = field(default_factory=dict)  # by member id
    roles: list[Role] = field(default_factory=list)  # everyone's first, which has the number of the guild
    channels: list["Channel"] = field(default_factory=list)  # threads too
    has_bot: bool = True
    is_unavailable: bool = False

    @property
    def owner(self) -> Member:
        return next(iter(self.members.values()))

    @property
    def upload_limit(self) -> int:
        return TIER_LIMITS.get(self.tier, self.usual_limit)

    def has(self, member: Member) -> bool:
        return member.id in self.members

    def roles_of(self, member: Member) -> list[Role]:
        return [self.roles[0], *self.granted.get(member.id, [])]

    def member_as_json(self, member: Member) -> Json:
        roles = [str(role.id) for role in self.granted.get(member.id, [])]
        joined = datetime.fromtimestamp(0, UTC).isoformat()
        answer: Json = {"user": member.as_json(), "roles": roles, "joined_at": joined, "nick": None, "flags": 0}
        return answer | {"avatar": None, "deaf": False, "mute": False, "pending": False, "premium_since": None}


@dataclass(slots=True)
class Overwrite:
    allow: Permission = Permission.NONE
    deny: Permission = Permission.NONE


@dataclass(slots=True, eq=False, kw_only=True)
class Channel:
    id: int
    kind: Kind
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None  # of a thread
    people: tuple[Member, ...] = ()  # of a conversation outside of guilds
    is_nsfw: bool = False
    overwrites: dict[int, Overwrite] = field(default_factory=dict)  # by the id of a role or a member
    is_archived: bool = False
    is_locked: bool = False
    is_deleted: bool = False

    @property
    def with_bot(self) -> bool:
        return self.guild.has_bot if self.guild else self.kind == "direct"

    def has(self, member: Member) -> bool:
        return self.guild.has(member) if self.guild else member in self.people

    def permissions(self, member: Member) -> Permission:
        """Everything outside of guilds, and to their owners."""
        if self.guild is None or self.guild.owner is member:
            return ~Permission.NONE
        roles = self.guild.roles_of(member)
        granted = Permission.NONE
        for role in roles:
            granted |= role.permissions
        if Permission.ADMINISTRATOR in granted:
            return ~Permission.NONE
        return self._overwritten(granted, roles, member)

    def _overwritten(self, granted: Permission, roles: list[Role], member: Member) -> Permission:
        """First what everyone may, then what all other roles may together, then the member."""
        known = (self.parent or self).overwrites
        everyone, *others = roles
        for numbers in ([everyone.id], [role.id for role in others], [member.id]):
            found = [known[number] for number in numbers if number in known]
            for overwrite in found:
                granted &= ~overwrite.deny
            for overwrite in found:
                granted |= overwrite.allow
        return granted

    def as_json(self) -> Json:
        answer: Json = {"id": str(self.id), "type": TYPES[self.kind], "last_message_id": None, "flags": 0}
        if self.guild is None:
            return answer | {"recipients": [member.as_json() for member in self.people if not member.is_bot]}
        answer |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        if self.parent:
            return answer | self._thread_as_json(self.parent)
        rules = [
            {"id": str(number), "type": int(number not in {role.id for role in self.guild.roles})}
            | {"allow": str(int(overwrite.allow)), "deny": str(int(overwrite.deny))}
            for number, overwrite in self.overwrites.items()
        ]
        return answer | {"position": 0, "topic": None, "nsfw": self.is_nsfw, "permission_overwrites": rules}

    def _thread_as_json(self, parent: "Channel") -> Json:
        assert self.guild is not None
        metadata: Json = {
            "archived": self.is_archived,
            "locked": self.is_locked,
            "auto_archive_duration": ARCHIVE_MINUTES,
        }
        metadata |= {"archive_timestamp": datetime.fromtimestamp(0, UTC).isoformat()}
        answer: Json = {"parent_id": str(parent.id), "owner_id": str(self.guild.owner.id), "thread_metadata": metadata}
        return answer | {"message_count": 0, "member_count": 1, "total_message_sent": 0}
