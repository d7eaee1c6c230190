"""What somebody has done with the bot, and what it said to that."""

from dataclasses import dataclass, field
from enum import IntEnum

from tests.discord_api.files import Files
from tests.discord_api.messages import Message
from tests.discord_api.people import Channel, Member, Permission
from tests.discord_api.refusal import Json

GUILD, DIRECT, PRIVATE = 0, 1, 2
ALWAYS = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
EVERY_PERMISSION = (1 << 53) - 1


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Response(IntEnum):
    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    value: str | int | float


@dataclass(slots=True, eq=False, kw_only=True)
class Modal:
    custom_id: str
    title: str
    components: list[Json]
    interaction: "Interaction"


@dataclass(slots=True, eq=False, kw_only=True)
class Interaction:
    id: int
    token: str
    kind: Kind
    member: Member
    channel: Channel
    data: Json
    at: float
    usual_limit: int  # bytes of one file where nobody pays
    message: Message | None = None  # whose button it was
    acknowledged_at: float | None = None
    response: Response | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)  # deleted ones too
    choices: list[Choice] | None = None
    modal: Modal | None = None
    dispatched: int = 0  # to how many sessions, or how often to one

    @property
    def is_acknowledged(self) -> bool:
        return self.response is not None

    @property
    def latency(self) -> float:
        """Seconds of the server's clock until it was acknowledged."""
        assert self.acknowledged_at is not None, f"{self.kind.name} of {self.member.name} was not acknowledged"
        return self.acknowledged_at - self.at

    @property
    def is_thinking(self) -> bool:
        return self.original is not None and self.original.is_thinking and not self.original.is_deleted

    @property
    def messages(self) -> list[Message]:
        """All that the bot made of it and that can still be seen."""
        made = [self.original] if self.original and self.original is not self.message else []
        return [message for message in made + self.followups if not message.is_deleted]

    @property
    def context(self) -> int:
        return GUILD if self.channel.guild else DIRECT if self.channel.kind == "direct" else PRIVATE

    @property
    def upload_limit(self) -> int:
        place = self.channel.guild.upload_limit if self.channel.guild else self.usual_limit
        return max(place, self.member.upload_limit)

    @property
    def owners(self) -> Json:
        """Who has let the bot in, here: the guild, the member or both."""
        guild = self.channel.guild
        owners: Json = {}
        if self.channel.with_bot:
            owners["0"] = str(guild.id) if guild else "0"
        if self.member.has_installed:
            owners["1"] = str(self.member.id)
        return owners

    def metadata(self) -> Json:
        """As the messages carry it that come of it."""
        answer: Json = {"id": str(self.id), "type": int(self.kind), "user": self.member.as_json()}
        answer |= {"authorizing_integration_owners": self.owners}
        return answer | ({"name": self.data["name"]} if self.kind is Kind.COMMAND else {})

    def as_json(self, bot: Member, files: Files) -> Json:
        answer: Json = {
            "id": str(self.id),
            "application_id": str(bot.id),
            "type": int(self.kind),
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel_id": str(self.channel.id),
            "locale": self.member.locale,
            "entitlements": [],
            "authorizing_integration_owners": self.owners,
            "context": self.context,
            "attachment_size_limit": self.upload_limit,
        }
        if self.message:
            answer["message"] = self.message.as_json(files)
        return answer | self._place(bot)

    def _place(self, bot: Member) -> Json:
        guild, own = self.channel.guild, str(bits(self.channel.permissions(self.member)))
        channel = self.channel.as_json() | {"permissions": own}
        if guild is None:
            allowed = str(bits(self.channel.permissions(bot)))
            return {"channel": channel, "user": self.member.as_json(), "app_permissions": allowed}
        # What is always allowed is so in conversations of people, and where the bot is the member's alone.
        allowed = str(bits(self.channel.permissions(bot) if guild.has_bot else ALWAYS))
        return {
            "channel": channel,
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": guild.member_as_json(self.member) | {"permissions": own},
            "app_permissions": allowed,
        }


def bits(permissions: Permission) -> int:
    return int(permissions) & EVERY_PERMISSION
