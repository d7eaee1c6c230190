"""From what Discord tells to who said what where."""

from collections.abc import Sequence

from discord import Client, DMChannel, GroupChannel, Interaction, Member, Role, Thread, User

from adapters.chat.discord.handle import TOKEN_SECONDS, Handle
from bot.access import Presence
from bot.card import Circle
from bot.job import Identity, Place
from bot.ports import Clock
from bot.speech import unsaid

PLATFORM = "discord"
MOST_NAME = 64


def identity_of(interaction: Interaction[Client]) -> Identity:
    user = interaction.user
    return member_identity(user)


def member_identity(user: User | Member) -> Identity:
    return Identity(platform=PLATFORM, user=str(user.id), name=user.display_name[:MOST_NAME], handle=user.name)


def role_circle(role: Role) -> Circle:
    """The role that everybody has is no role to Discord either: nobody's are listed with it."""
    if role.is_default():
        return Circle(_circle("members", role.id), role.name)
    return Circle(_circle("role", role.id), f"@{role.name}")


def presence_of(interaction: Interaction[Client]) -> Presence:
    """A server tells of its own roles; in a direct message nobody tells of any."""
    channel = interaction.channel
    return Presence(
        circles=_circles_of(interaction),
        source=str(interaction.guild_id or ""),
        around=str(channel.parent_id) if isinstance(channel, Thread) else None,
        is_age_restricted=is_age_restricted(interaction),
    )


def _circles_of(interaction: Interaction[Client]) -> frozenset[str] | None:
    user, guild = interaction.user, interaction.guild_id
    if not isinstance(user, Member) or guild is None:
        return None
    # The library shows only roles that it has heard of: none while a server is still on its way, or where we are not.
    roles = (_circle("role", number) for number in user._roles)  # noqa: SLF001 - see above
    admins = [_circle("admins", guild)] if is_admin(interaction) else []
    return frozenset((*roles, _circle("members", guild), *admins))


def _circle(kind: str, number: int) -> str:
    return f"{PLATFORM}:{kind}:{number}"


def is_admin(interaction: Interaction[Client]) -> bool:
    """Whether they may rule over the bot in this server."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def place_of(interaction: Interaction[Client]) -> Place:
    """A server is one chat, its channels and threads are parts of it; a direct message is a chat of its own."""
    channel = interaction.channel_id or 0
    chat = interaction.guild_id or channel
    return Place(platform=PLATFORM, chat=str(chat), thread=str(channel), is_private=is_private(interaction))


def channel_of(place: Place) -> int:
    return int(place.thread or place.chat)


def guild_of(place: Place) -> int:
    """Or the number of a direct message, which no server has."""
    return int(place.chat)


def handle_of(interaction: Interaction[Client], clock: Clock, message: int | None) -> Handle:
    """The answer to the interaction, which is deferred by then."""
    return Handle(
        channel=interaction.channel_id or 0,
        message=message,
        token=interaction.token,
        until=int(min(interaction.created_at.timestamp(), clock.now().timestamp())) + TOKEN_SECONDS,
        limit=interaction.filesize_limit,
    )


def is_private(interaction: Interaction[Client]) -> bool:
    """Whether only one member and the bot can read there."""
    return interaction.guild_id is None and interaction.context.dm_channel


def is_age_restricted(interaction: Interaction[Client]) -> bool:
    """By the mark of the channel, or of the one to which a thread belongs. What we cannot see counts as unmarked."""
    channel = interaction.channel
    return channel is not None and not isinstance(channel, DMChannel | GroupChannel) and channel.is_nsfw()


_NEEDED = {
    "send_messages": unsaid("Send Messages"),
    "attach_files": unsaid("Attach Files"),
    "view_channel": unsaid("View Channel"),
}


def may_post(interaction: Interaction[Client]) -> Sequence[str]:
    """What we lack to bring a clip here, as Discord's settings call it; nothing where we have it all."""
    if not interaction.is_guild_integration() or interaction.guild_id is None:
        # Answers to commands need no rights of ours.
        return ()
    needed = dict(_NEEDED)
    if isinstance(interaction.channel, Thread):
        del needed["send_messages"]
        needed["send_messages_in_threads"] = unsaid("Send Messages in Threads")
    has = interaction.app_permissions
    return [name for right, name in needed.items() if not getattr(has, right)]
