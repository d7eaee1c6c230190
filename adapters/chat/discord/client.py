"""discord.py, with what it hears handed to the desk."""

import logging
from typing import Any

from discord import (
    AllowedMentions,
    AutoShardedClient,
    Client,
    Guild,
    Intents,
    Interaction,
    InteractionType,
    VoiceClient,
)
from discord.app_commands import AppCommandError, CommandTree

from adapters.chat.discord.buttons import JobButton
from adapters.chat.discord.commands import commands, sync
from adapters.chat.discord.desk import Desk
from adapters.chat.discord.floods import noted
from adapters.chat.discord.form import EDIT, entered
from adapters.chat.discord.leaving import leave
from adapters.chat.discord.wire import translated
from bot.meter import Meter
from bot.speech import Languages
from bot.trouble import Undeliverable

log = logging.getLogger(__name__)


class DiscordClient(AutoShardedClient):
    """Not the plain client of the library, which ends where the gateway cannot be reached at first."""

    def __init__(self, meter: Meter) -> None:
        # Nobody speaks here, so nobody misses the libraries for that.
        VoiceClient.warn_nacl = VoiceClient.warn_dave = False
        super().__init__(
            intents=Intents(guilds=True),
            allowed_mentions=AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            http_trace=noted(meter),
        )
        self.tree: CommandTree[Client] = CommandTree(self)
        self.tree.error(self._misunderstood)
        self._desk: Desk | None = None
        self._languages = Languages()

    def open(self, desk: Desk, languages: Languages) -> None:
        self._desk, self._languages = desk, languages
        for command in commands(desk, languages):
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(JobButton)
        try:
            with translated():
                if await sync(self.tree, self._languages):
                    log.info("told Discord the commands")
        except Undeliverable as trouble:
            # Those that it knows from last time, and all buttons, can be used all the same.
            log.error("Discord did not take the commands: %s", trouble.detail)  # noqa: TRY400 - the detail says it all

    async def pressed(self, interaction: Interaction[Client], custom_id: str) -> None:
        if self._desk:
            await self._desk.pressed(interaction, custom_id)

    async def on_interaction(self, interaction: Interaction[Client]) -> None:
        """Forms by what they hold: the library forgets them at a restart."""
        data: Any = interaction.data or {}
        if self._desk and interaction.type is InteractionType.modal_submit and data.get("custom_id") == EDIT:
            await self._desk.submitted(interaction, entered(data.get("components") or []))

    async def on_guild_available(self, guild: Guild) -> None:
        """Somebody may have added us, now or while we were away, to a server in which we may not be."""
        if self._desk and not await self._desk.stays(guild.id):
            await leave(guild)

    on_guild_join = on_guild_available

    async def _misunderstood(self, interaction: Interaction[Client], error: AppCommandError) -> None:
        """Whoever has not heard yet of a change sends commands as they were before."""
        log.warning("a command was not understood: %s", error)
        if self._desk and interaction.type is InteractionType.application_command:
            await self._desk.misunderstood(interaction)
