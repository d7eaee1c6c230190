"""What stands in a channel, and what stood there before it was edited."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag

from tests.discord_api.files import Attachment, Files
from tests.discord_api.people import Channel, Member, Role
from tests.discord_api.refusal import Json

BUTTON, TEXT = 2, 10
LINK = 5
REPLY, RESPONSE = 19, 20


class Flag(IntFlag):
    NONE = 0
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    text: str
    style: int
    data: str | None  # its custom_id
    url: str | None
    is_disabled: bool
    raw: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Pings:
    """Whom a message calls, on their telephones too."""

    members: tuple[Member, ...] = ()
    roles: tuple[Role, ...] = ()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.members or self.roles or self.everyone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    at: float
    by: str = ""  # which of several programs wrote it
    content: str = ""
    embeds: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    components: tuple[Json, ...] = ()
    flags: Flag = Flag.NONE

    @property
    def is_empty(self) -> bool:
        return not (self.content or self.embeds or self.attachments or self.components)

    @property
    def text(self) -> str:
        """What there is to read besides embeds, from the components too."""
        blocks = [str(part["content"]) for part in parts(list(self.components)) if part["type"] == TEXT]
        return "\n".join(filter(None, [self.content, *blocks]))

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All rows as one."""
        return tuple(button_of(part) for part in parts(list(self.components)) if part["type"] == BUTTON)

    def as_json(self, files: Files) -> Json:
        answer: Json = {"content": self.content, "embeds": list(self.embeds), "flags": int(self.flags)}
        components = json.dumps(self.components)
        for attachment in self.attachments:
            components = components.replace(f'"attachment://{attachment.name}"', json.dumps(files.url_of(attachment)))
        attachments = [files.as_json(attachment) for attachment in self.attachments]
        return answer | {"components": json.loads(components), "attachments": attachments}


@dataclass(slots=True, eq=False, kw_only=True)
class Message:
    id: int
    channel: Channel
    author: Member
    versions: list[Version]
    reply_to: "Message | None" = None
    pings: Pings = field(default_factory=Pings)
    nonce: str = ""
    only_for: Member | None = None  # who asked, where it is ephemeral
    application_id: int = 0  # of a response to an interaction
    metadata: Json = field(default_factory=dict)  # of that interaction
    deleted_at: float | None = None

    @property
    def now(self) -> Version:
        return self.versions[-1]

    @property
    def at(self) -> float:
        return self.versions[0].at

    @property
    def content(self) -> str:
        return self.now.content

    @property
    def text(self) -> str:
        return self.now.text

    @property
    def embeds(self) -> tuple[Json, ...]:
        return self.now.embeds

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return self.now.attachments

    @property
    def buttons(self) -> tuple[Button, ...]:
        return self.now.buttons

    @property
    def is_ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def is_thinking(self) -> bool:
        """A deferred response, of which there is nothing to see yet."""
        return Flag.LOADING in self.now.flags

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def button(self, text: str) -> Button:
        """The first one that says so."""
        found = next((button for button in self.buttons if text in button.text), None)
        assert found is not None, f"no button {text!r} among {[button.text for button in self.buttons]}"
        return found

    def as_json(self, files: Files, *, with_reply: bool = True) -> Json:
        answer: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.as_json(),
            "type": REPLY if self.reply_to else RESPONSE if self.metadata.get("name") else 0,
            "timestamp": moment(self.at),
            "edited_timestamp": moment(self.now.at) if len(self.versions) > 1 else None,
            "mentions": [member.as_json() for member in self.pings.members],
            "mention_roles": [str(role.id) for role in self.pings.roles],
            "mention_everyone": self.pings.everyone,
            "pinned": False,
            "tts": False,
        }
        answer |= self.now.as_json(files) | ({"nonce": self.nonce} if self.nonce else {})
        if self.application_id:
            number = str(self.application_id)
            answer |= {"application_id": number, "webhook_id": number, "interaction_metadata": self.metadata}
        if self.reply_to:
            answer["message_reference"] = {"type": 0, "message_id": str(self.reply_to.id)} | place(self.channel)
        if self.reply_to and with_reply:
            gone = self.reply_to.is_deleted
            answer["referenced_message"] = None if gone else self.reply_to.as_json(files, with_reply=False)
        return answer


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def place(channel: Channel) -> Json:
    where: Json = {"channel_id": str(channel.id)}
    return where | ({"guild_id": str(channel.guild.id)} if channel.guild else {})


def parts(components: list[Json]) -> Iterator[Json]:
    """All components, however deep, from the top down."""
    for component in components:
        yield component
        inner = component.get("components")
        yield from parts(inner if isinstance(inner, list) else [])
        for name in ("accessory", "component"):
            one = component.get(name)
            yield from parts([one] if isinstance(one, dict) else [])


def button_of(raw: Json) -> Button:
    data, url, style = raw.get("custom_id"), raw.get("url"), raw["style"]
    assert isinstance(style, int)
    return Button(
        text=str(raw.get("label", "")),
        style=style,
        data=None if data is None else str(data),
        url=None if url is None else str(url),
        is_disabled=bool(raw.get("disabled")),
        raw=raw,
    )
