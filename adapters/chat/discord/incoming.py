"""From what Discord tells to who said what where."""

from discord import Client, Interaction, Thread

from adapters.chat.discord.handle import TOKEN_SECONDS, Handle
from bot.job import Identity, Place
from bot.ports import Clock

PLATFORM = "discord"
MOST_NAME = 64


def identity_of(interaction: Interaction[Client]) -> Identity:
    user = interaction.user
    return Identity(platform=PLATFORM, user=str(user.id), name=user.display_name[:MOST_NAME])


def place_of(interaction: Interaction[Client]) -> Place:
    """A server is one chat, its channels and threads are parts of it; a direct message is a chat of its own."""
    channel = interaction.channel_id or 0
    chat = interaction.guild_id or channel
    return Place(platform=PLATFORM, chat=str(chat), thread=str(channel))


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


_NEEDED = {
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
    "view_channel": "View Channel",
}


def may_post(interaction: Interaction[Client]) -> str:
    """What we lack to bring a clip here, as Discord's settings call it; nothing where we have it all."""
    if not interaction.is_guild_integration() or interaction.guild_id is None:
        # Answers to commands need no rights of ours.
        return ""
    needed = dict(_NEEDED)
    if isinstance(interaction.channel, Thread):
        del needed["send_messages"]
        needed["send_messages_in_threads"] = "Send Messages in Threads"
    has = interaction.app_permissions
    return ", ".join(name for right, name in needed.items() if not getattr(has, right))
