"""Going from a server in which the bot may not be used."""

import logging

from discord import Client, Guild, Interaction

from adapters.chat.discord.wire import translated
from bot.trouble import Trouble

log = logging.getLogger(__name__)


async def leave(guild: Guild) -> None:
    try:
        with translated():
            await guild.leave()
    except Trouble as trouble:
        log.warning("server %d could not be left: %s", guild.id, trouble.detail)
    else:
        log.info("left server %d, in which the bot may not be used", guild.id)


async def leave_from(interaction: Interaction[Client]) -> None:
    """The server in which somebody ordered, unless they only brought the bot along."""
    if interaction.guild and interaction.is_guild_integration():
        await leave(interaction.guild)
