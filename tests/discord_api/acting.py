"""What people do where the bot is, and what they then see."""

import secrets
from collections.abc import Callable, Mapping
from typing import TypeVar

from tests.discord_api import modals, options
from tests.discord_api.gateway import Gateway
from tests.discord_api.interactions import GUILD, Choice, Interaction, Kind, Modal
from tests.discord_api.messages import Message, Version, parts, place
from tests.discord_api.people import Channel, Member, Permission
from tests.discord_api.refusal import Json
from tests.discord_api.sessions import Intent
from tests.discord_api.world import World

Found = TypeVar("Found")
PATIENCE = 30.0
BUTTON, SELECT = 2, 3


class Acting:
    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway

    async def commands(self, member: Member, channel: Channel, name: str, /, **values: options.Value) -> Interaction:
        """A slash command: `commands(ann, channel, "video", prompt="a cat")`; a subcommand is a second word."""
        data = self._filled(member, channel, name, values)
        return self._interact(Kind.COMMAND, member, channel, data)

    async def types(
        self,
        member: Member,
        channel: Channel,
        name: str,
        /,
        *,
        option: str,
        value: str | float,
        **others: options.Value,
    ) -> list[Choice]:
        """What is proposed to somebody who has typed so far."""
        data = self._filled(member, channel, name, others | {option: value}, focused=option)
        interaction = self._interact(Kind.AUTOCOMPLETE, member, channel, data)
        await self.until(lambda: interaction.choices is not None)
        return interaction.choices or []

    async def presses(self, member: Member, message: Message, data: str) -> Interaction:
        """A button that the message has, or had: a client may show the older ones for a moment."""
        offered = {button.data for version in message.versions for button in version.buttons if not button.is_disabled}
        assert data in offered, f"no button with {data!r} among {offered}"
        return self._uses(member, message, {"custom_id": data, "component_type": BUTTON})

    async def selects(self, member: Member, message: Message, data: str, *values: str) -> Interaction:
        """From a menu."""
        menus = [part for part in parts(list(message.now.components)) if part.get("custom_id") == data]
        assert menus, f"no menu {data!r}"
        found = menus[0].get("options")
        offered = {option["value"] for option in found} if isinstance(found, list) else set()
        assert offered.issuperset(values), f"{data} offers {offered}, not {values}"
        return self._uses(member, message, {"custom_id": data, "component_type": SELECT, "values": list(values)})

    async def submits(self, member: Member, modal: Modal, /, **values: modals.Value) -> Interaction:
        """By the names of the inputs, which need not be identifiers: `submits(ann, modal, **{"prompt:1": "a cat"})`."""
        shown = modal.interaction
        assert shown.member is member, f"{modal.title} is shown to {shown.member.name}"
        data: Json = {"custom_id": modal.custom_id, "components": modals.filled_in(modal, values)}
        return self._interact(Kind.MODAL, member, shown.channel, data, shown.message)

    async def says(self, member: Member, channel: Channel, text: str, *, reply_to: Message | None = None) -> Message:
        """Of which the bot hears where it has asked to, but not what was said."""
        assert channel.has(member), f"{member.name} is not in {channel.name}"
        version = Version(at=self.world.clock.now(), content=text)
        message = Message(
            id=self.world.ids.next(), channel=channel, author=member, versions=[version], reply_to=reply_to
        )
        self.world.post(message)
        intent = Intent.GUILD_MESSAGES if channel.guild else Intent.DIRECT_MESSAGES
        content = self.world.shown(message) | place(channel)
        is_open = channel.guild is None or Intent.MESSAGE_CONTENT in self.gateway.privileged
        self.world.tell("MESSAGE_CREATE", content | ({} if is_open else {"content": ""}), channel, intent)
        return message

    async def removes(self, message: Message) -> None:
        """By hand."""
        self.world.delete(message)
        intent = Intent.GUILD_MESSAGES if message.channel.guild else Intent.DIRECT_MESSAGES
        if not message.is_ephemeral:
            content = {"id": str(message.id)} | place(message.channel)
            self.world.tell("MESSAGE_DELETE", content, message.channel, intent)

    def redeliver(self, interaction: Interaction) -> None:
        """Tell the bot again."""
        interaction.dispatched += self._tell(interaction)

    @property
    def interactions(self) -> list[Interaction]:
        return list(self.world.interactions.values())

    @property
    def unacknowledged(self) -> list[Interaction]:
        """Those of whom members read, after three seconds, that the application did not respond."""
        return [interaction for interaction in self.interactions if not interaction.is_acknowledged]

    def messages(self, channel: Channel) -> list[Message]:
        """What can be seen there, in order, whoever wrote it; ephemeral ones too."""
        return self.world.visible(channel)

    def replies(self, channel: Channel) -> list[Message]:
        """What can be seen there of the bot's."""
        return [message for message in self.world.visible(channel) if message.author is self.world.bot]

    def history(self, channel: Channel) -> list[Message]:
        """What was deleted too."""
        return [message for message in self.world.messages if message.channel is channel]

    async def until(self, predicate: Callable[[], Found | None], seconds: float = PATIENCE) -> Found:
        """The first truthy answer, asked for after every change; TimeoutError where there is none in time."""
        return await self.world.until(predicate, seconds)

    async def online(self, shards: int = 1) -> None:
        """Return when so many shards are connected."""
        await self.until(lambda: len(self.world.sessions.connected) >= shards)

    def _filled(
        self,
        member: Member,
        channel: Channel,
        name: str,
        values: Mapping[str, options.Value],
        *,
        focused: str | None = None,
    ) -> Json:
        first, *path = name.split()
        command = self.world.commands.find(first, channel.guild.id if channel.guild else None)
        assert command is not None, f"there is no command {first!r}"
        check_offered(command, member, channel)
        filling = options.Filling(command, lambda *file: self._attached(channel, *file), channel.guild)
        return filling.data(path, values, focused)

    def _attached(self, channel: Channel, name: str, content: bytes) -> Json:
        upload = self.world.files.store_whole(name, content)
        return self.world.files.as_json(self.world.files.attach(upload, channel.id))

    def _uses(self, member: Member, message: Message, data: Json) -> Interaction:
        assert message.only_for in {None, member}, f"{member.name} cannot see it"
        return self._interact(Kind.COMPONENT, member, message.channel, data, message)

    def _interact(
        self, kind: Kind, member: Member, channel: Channel, data: Json, message: Message | None = None
    ) -> Interaction:
        assert channel.has(member), f"{member.name} is not in {channel.name}"
        interaction = Interaction(
            id=self.world.ids.next(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            member=member,
            channel=channel,
            data=data,
            at=self.world.clock.now(),
            usual_limit=self.world.rules.upload_limit,
            message=message,
        )
        self.world.interactions[interaction.id] = interaction
        self.redeliver(interaction)
        return interaction

    def _tell(self, interaction: Interaction) -> int:
        content = interaction.as_json(self.world.bot, self.world.files)
        guild = interaction.channel.guild
        return self.world.sessions.tell("INTERACTION_CREATE", content, guild.id if guild else None)


def check_offered(command: Json, member: Member, channel: Channel) -> None:
    """AssertionError where no client would show the command."""
    name, guild = command["name"], channel.guild
    contexts, installs = command.get("contexts"), command.get("integration_types")
    context = GUILD if guild else 1 if channel.kind == "direct" else 2
    assert not isinstance(contexts, list) or context in contexts, f"{name} is not for here: {contexts}"
    by_place = channel.with_bot and (not isinstance(installs, list) or 0 in installs)
    by_member = member.has_installed and isinstance(installs, list) and 1 in installs
    assert by_place or by_member, f"{name} is neither here nor with {member.name}"
    assert not command.get("nsfw") or channel.is_nsfw, f"{name} is for channels of age"
    needed = Permission(int(str(command.get("default_member_permissions") or 0)))
    needed |= Permission.USE_APPLICATION_COMMANDS
    assert needed in channel.permissions(member), f"{member.name} may not use {name} here"
