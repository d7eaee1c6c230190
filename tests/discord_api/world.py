"""Everything that outlives a restart of the server: guilds, messages, files, interactions, sessions."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tests.caller import CALLER
from tests.discord_api.commands import Commands
from tests.discord_api.files import Files
from tests.discord_api.flood import Flood, Rules
from tests.discord_api.interactions import Interaction
from tests.discord_api.messages import Message, Version
from tests.discord_api.people import Channel, Guild, Member, Permission
from tests.discord_api.refusal import Json, missing_access, missing_permissions, unknown_channel, unknown_message
from tests.discord_api.sessions import Intent, Sessions
from tests.discord_api.snowflakes import Snowflakes
from tests.telegram_api.clock import Clock

Found = TypeVar("Found")


class World:
    def __init__(self, folder: Path, bot: Member, clock: Clock, rules: Rules) -> None:
        self.bot = bot
        self.clock = clock
        self.rules = rules
        self.ids = Snowflakes(clock)
        self.members: dict[int, Member] = {bot.id: bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: list[Message] = []
        self.interactions: dict[int, Interaction] = {}
        self.commands = Commands(self.ids)
        self.files = Files(folder, clock, self.ids)
        self.flood = Flood(clock, rules)
        self.sessions = Sessions(self.change)
        self.gateway_url = ""  # once the server listens
        self.shards = 1  # as many as are recommended
        self.starts_left = 1000  # of a day
        self.interactions_url: str | None = None  # where interactions go instead of the gateway
        self._changed = asyncio.Event()

    def change(self) -> None:
        """Whoever waits for something looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, predicate: Callable[[], Found | None], seconds: float) -> Found:
        async with asyncio.timeout(seconds):
            while not (found := predicate()):
                await self._changed.wait()
        return found

    def channel(self, channel_id: int) -> Channel:
        """One that the bot can see."""
        channel = self.channels.get(channel_id)
        if channel is None or channel.is_deleted:
            raise unknown_channel()
        if not channel.with_bot or Permission.VIEW_CHANNEL not in channel.permissions(self.bot):
            raise missing_access()
        return channel

    def direct(self, member: Member) -> Channel:
        """Always the same one."""
        for channel in self.channels.values():
            if channel.kind == "direct" and member in channel.people:
                return channel
        channel = Channel(id=self.ids.next(), kind="direct", name=member.name, people=(member, self.bot))
        self.channels[channel.id] = channel
        return channel

    def need(self, channel: Channel, permission: Permission) -> None:
        if permission not in channel.permissions(self.bot):
            raise missing_permissions()

    def visible(self, channel: Channel) -> list[Message]:
        """Ephemeral ones too, although but one member sees those."""
        return [message for message in self.messages if message.channel is channel and not message.is_deleted]

    def message(self, channel: Channel, message_id: int) -> Message:
        """As the bot finds it in the channel, where none is ephemeral."""
        for message in self.visible(channel):
            if message.id == message_id and not message.is_ephemeral:
                return message
        raise unknown_message()

    def interaction(self, token: str) -> Interaction | None:
        return next((known for known in self.interactions.values() if known.token == token), None)

    def post(self, message: Message) -> Message:
        message.versions[-1] = replace(message.now, by=CALLER.get())
        self.messages.append(message)
        self.change()
        return message

    def edit(self, message: Message, version: Version) -> Message:
        message.versions.append(replace(version, by=CALLER.get()))
        self.change()
        return message

    def delete(self, message: Message) -> None:
        message.deleted_at = self.clock.now()
        self.change()

    def part(self, guild: Guild) -> None:
        """The bot from the guild, whoever wants it so."""
        guild.has_bot = False
        del guild.members[self.bot.id]
        guild.granted.pop(self.bot.id, None)
        self.tell("GUILD_DELETE", {"id": str(guild.id)}, guild, Intent.GUILDS)

    def shown(self, message: Message) -> Json:
        return message.as_json(self.files)

    def tell(self, kind: str, content: Mapping[str, object], place: Channel | Guild, intent: Intent) -> int:
        guild = place.guild if isinstance(place, Channel) else place
        return self.sessions.tell(kind, content, guild.id if guild else None, intent)
