"""`bot.ports.Chat` for Discord."""

import asyncio
import logging
import secrets

import discord
from discord.utils import MISSING
from starlette.routing import Route

from adapters.chat.board import Board
from adapters.chat.discord.buttons import view
from adapters.chat.discord.client import DiscordClient
from adapters.chat.discord.delivery import Delivery
from adapters.chat.discord.desk import Desk
from adapters.chat.discord.incoming import PLATFORM
from adapters.chat.discord.rendering import card_text
from adapters.chat.discord.wall import DiscordWall
from adapters.chat.discord.wire import translated
from adapters.chat.discord.writing import Post, Writer
from bot.card import Card, JobCard
from bot.job import Job, JobId
from bot.meter import Meter
from bot.ports import Clock, Library
from bot.studio import Studio
from bot.trouble import NotNow, TokenRefused, Trouble

AGAIN_SECONDS = 10.0
"""After a start that failed, and before a clip is tried that nobody could send yet."""

TOKEN_GONE = 4004
"""What the gateway hangs up with when it knows the token no more."""

log = logging.getLogger(__name__)


class DiscordChat:
    def __init__(self, token: str, clock: Clock, library: Library, meter: Meter) -> None:
        self._token = token
        self._clock = clock
        self._client = DiscordClient(meter)
        self._writer = Writer(self._client, clock)
        self._board = Board(clock, DiscordWall(clock, self._writer), self)
        self._delivery = Delivery(self._client, self._writer, library)
        self._studio: Studio | None = None
        self._is_connected = False

    @property
    def is_connected(self) -> bool:
        """Whether anything would be heard that somebody orders."""
        return any(not shard.is_closed() for shard in self._client.shards.values())

    def show(self, job: Job, card: JobCard) -> None:
        self._board.show(job, card)

    async def deliver(self, job: Job, card: JobCard, *, maybe_sent: bool) -> str:
        if not self._is_connected:
            raise NotNow("not connected to Discord", retry_after=AGAIN_SECONDS)
        receipt = await self._delivery.deliver(job, card, self._board.status(job), maybe_sent=maybe_sent)
        return receipt.without_token().written()

    async def tell(self, user: str, card: Card) -> None:
        if not self._is_connected:
            raise NotNow("not connected to Discord", retry_after=AGAIN_SECONDS)
        await self._writer.privately(user, Post(text=card_text(card), view=view(card)), secrets.token_hex(8))

    def keeps(self, job: Job) -> bool:  # noqa: ARG002 - the port
        """Discord has the file, and lets nobody send it a second time without an upload."""
        return False

    async def posted(self, job_id: JobId, message: str) -> None:
        if self._studio:
            await self._studio.posted(job_id, message)

    async def told(self, job_id: JobId) -> None:
        if self._studio:
            await self._studio.told(job_id)

    def routes(self) -> list[Route]:
        return []

    def stop_listening(self) -> None:
        """Discord tells nothing twice: whoever orders now is told that we are restarting."""

    async def run(self, studio: Studio) -> None:
        """Until cancelled. Raises `TokenRefused`."""
        self._studio = studio
        self._client.open(Desk(studio, self._writer, self._clock), studio.tongues.languages)
        try:
            await self._log_in()
            async with asyncio.TaskGroup() as group:
                board = group.create_task(self._board.run(), name="discord board")
                for job, card in await studio.untold(PLATFORM):
                    self._board.show(job, card)
                await self._listen()
                board.cancel()
            raise TokenRefused("Discord knows this token no more")
        finally:
            self._is_connected = False
            await self._client.close()

    async def _log_in(self) -> None:
        while True:
            try:
                with translated():
                    await self._client.login(self._token)
                break
            except discord.LoginFailure:
                raise TokenRefused("Discord knows no bot with this token") from None
            except Trouble as trouble:
                seconds = max(AGAIN_SECONDS, trouble.retry_after or 0.0)
                log.warning("Discord is out of reach, next try in %.0f s: %s", seconds, trouble.detail)
                await self._client.http.close()
                # It went with the session, and the next one wants its own.
                self._client.http.connector = MISSING
                await self._clock.wait(asyncio.Event(), seconds)
        self._is_connected = True
        log.info("logged in to Discord as %s", self._client.user)

    async def _listen(self) -> None:
        """Until the token is no longer good. The library comes back by itself, once it was connected at all."""
        while True:
            try:
                with translated():
                    await self._client.connect()
            except discord.ConnectionClosed as closed:
                if closed.code != TOKEN_GONE:
                    raise
            except (discord.GatewayNotFound, Trouble) as error:
                log.warning("no way to the gateway of Discord, next try in %.0f s: %s", AGAIN_SECONDS, error)
                await self._clock.wait(asyncio.Event(), AGAIN_SECONDS)
                continue
            return
