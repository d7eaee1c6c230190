"""A bot of discord.py, small and quick, for the tests of the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from tests.discord_api.server import DiscordServer

Interaction = discord.Interaction[discord.Client]


class Bot(discord.AutoShardedClient):
    def __init__(self, intents: discord.Intents | None = None, shards: int | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.01,
            shard_count=shards,
        )
        self.tree: app_commands.CommandTree[discord.Client] = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, *_: object, **__: object) -> None:
        """The library's own waits five seconds before it identifies again."""


@asynccontextmanager
async def running(server: DiscordServer, bot: Bot) -> AsyncIterator[Bot]:
    async with bot:
        await bot.login(server.token)
        connecting = asyncio.create_task(bot.connect(), name="connecting")
        await server.online()
        yield bot
    await asyncio.gather(connecting, return_exceptions=True)
