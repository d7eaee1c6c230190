"""`bot.ports.Chat` for Telegram."""

import asyncio
import logging
import os

import httpx
from starlette.routing import Route
from telegram.error import InvalidToken
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import HTTPXRequest

from adapters.chat.board import Board
from adapters.chat.telegram.answers import Answers, App
from adapters.chat.telegram.delivery import MOST_BYTES, MOST_BYTES_LOCAL, Delivery, has_file
from adapters.chat.telegram.desk import Desk
from adapters.chat.telegram.floods import noted
from adapters.chat.telegram.incoming import PLATFORM, Said
from adapters.chat.telegram.ingress import PATH, Ingress
from adapters.chat.telegram.keyboard import keyboard
from adapters.chat.telegram.pace import Pace
from adapters.chat.telegram.profile import introduce
from adapters.chat.telegram.rendering import card_text
from adapters.chat.telegram.wall import TelegramWall
from adapters.chat.telegram.wire import translated
from adapters.chat.telegram.writing import Writer
from adapters.network import tls
from bot.card import Card, JobCard
from bot.job import Job, JobId, Place
from bot.meter import Meter
from bot.ports import Clock, Library
from bot.speech import Languages
from bot.studio import Studio
from bot.trouble import NotNow, TokenRefused, Trouble

CONNECTIONS = 64
CONNECT_SECONDS, READ_SECONDS, WRITE_SECONDS = 10.0, 20.0, 30.0

AGAIN_SECONDS = 10.0
"""After a start that failed, and before a clip is tried that nobody could send yet."""

STOP_SECONDS = 2.0
"""For answers that are on their way at a stop."""

log = logging.getLogger(__name__)


class TelegramChat:
    def __init__(
        self,
        token: str,
        clock: Clock,
        library: Library,
        meter: Meter,
        *,
        api_url: str,
        is_local: bool = False,
        public_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`is_local` for a Bot API server of one's own; with `public_url` Telegram calls us, without it is asked.

        `transport` takes the calls in place of the network.
        """
        self._clock = clock
        self._public_url = public_url
        self._app = _application(token, api_url, meter, transport)
        self._writer = Writer(self._app.bot, Pace(clock), self._moved)
        self._board = Board(clock, TelegramWall(self._writer), self)
        limit = MOST_BYTES_LOCAL if is_local else MOST_BYTES
        self._delivery = Delivery(self._app.bot, self._writer, library, limit, self._stood_in)
        self._answers = Answers(self._app, self._writer, clock)
        self._ingress = Ingress(self._app, clock)
        self._studio: Studio | None = None
        self._is_connected = False

    @property
    def is_connected(self) -> bool:
        return self._is_connected

    def show(self, job: Job, card: JobCard) -> None:
        self._board.show(job, card)

    async def deliver(self, job: Job, card: JobCard, *, maybe_sent: bool) -> str:
        if not self._is_connected:
            raise NotNow("not connected to Telegram", retry_after=AGAIN_SECONDS)
        receipt = await self._delivery.deliver(job, card, self._board.status(job), maybe_sent=maybe_sent)
        return receipt.written()

    async def tell(self, user: str, card: Card) -> None:
        if not self._is_connected:
            raise NotNow("not connected to Telegram", retry_after=AGAIN_SECONDS)
        await self._writer.write(Place(platform=PLATFORM, chat=user), card_text(card), keyboard(card))

    def keeps(self, job: Job) -> bool:
        return has_file(job)

    def _moved(self, before: str, now: str) -> None:
        if self._studio:
            self._answers.later(self._studio.moved(PLATFORM, before, now), "move")

    async def posted(self, job_id: JobId, message: str) -> None:
        if self._studio:
            await self._studio.posted(job_id, message)

    async def told(self, job_id: JobId) -> None:
        if self._studio:
            await self._studio.told(job_id)

    def routes(self) -> list[Route]:
        return [Route(PATH, self._ingress.called, methods=["POST"])]

    def stop_listening(self) -> None:
        """What was not taken in by then Telegram tells again at the next start."""
        self._ingress.close()

    async def run(self, studio: Studio) -> None:
        """Until cancelled. Raises `TokenRefused`."""
        self._studio = studio
        try:
            await self._connect()
            self._open(Desk(studio, self._writer, self._answers, self._app.bot, self._clock))
            async with asyncio.TaskGroup() as group:
                group.create_task(self._board.run(), name="telegram board")
                group.create_task(self._introduce(studio.tongues.languages), name="telegram profile")
                for job, card in await studio.untold(PLATFORM):
                    self._board.show(job, card)
                group.create_task(self._listen(), name="telegram ingress")
        finally:
            self._is_connected = False
            await self._disconnect()

    def _open(self, desk: Desk) -> None:
        self._app.add_handler(TypeHandler(Said, desk.heard))
        self._app.add_handler(MessageHandler(filters.UpdateType.MESSAGE, desk.said))
        self._app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, desk.edited))
        self._app.add_handler(CallbackQueryHandler(desk.pressed))
        self._app.add_handler(ChatMemberHandler(desk.office.moved_in, ChatMemberHandler.MY_CHAT_MEMBER))
        self._app.add_error_handler(desk.failed)

    async def _connect(self) -> None:
        while True:
            try:
                with translated():
                    await self._app.initialize()
                break
            except Trouble as trouble:
                if isinstance(trouble.__cause__, InvalidToken):
                    raise TokenRefused("Telegram knows no bot with this token") from None
                wait = max(AGAIN_SECONDS, trouble.retry_after or 0.0)
                log.warning("Telegram is out of reach, next try in %.0f s: %s", wait, trouble.detail)
                await self._clock.wait(asyncio.Event(), wait)
        await self._app.start()
        self._is_connected = True
        log.info("connected to Telegram as @%s", self._app.bot.username)

    async def _disconnect(self) -> None:
        if self._app.running:
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._app.stop()
            except TimeoutError:
                log.warning("some answers were still on their way")
        await self._app.shutdown()
        # A bot that was never initialized whole is not shut down with its application.
        await self._app.bot.shutdown()

    async def _introduce(self, languages: Languages) -> None:
        try:
            await introduce(self._app.bot, languages)
        except Trouble as trouble:
            log.warning("commands and description are not up to date: %s", trouble.detail)

    async def _listen(self) -> None:
        if self._public_url:
            try:
                await self._ingress.open_webhook(self._public_url)
            except Trouble as trouble:
                log.error("Telegram does not call %s, so it is asked: %s", self._public_url, trouble.detail)  # noqa: TRY400
            else:
                return
        await self._ingress.poll()

    async def _stood_in(self, job_id: JobId, message: str) -> None:
        self._board.posted(job_id, message)
        await self.posted(job_id, message)


def _application(token: str, api_url: str, meter: Meter, transport: httpx.AsyncBaseTransport | None) -> App:
    # From the version after this one on the library tells every wait so; until then it warns of the other way.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    base = api_url.rstrip("/")
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .updater(None)
        .job_queue(None)
        .request(_connections(CONNECTIONS, meter, transport))
        .get_updates_request(_connections(1, meter, transport))
        .build()
    )


def _connections(most: int, meter: Meter, transport: httpx.AsyncBaseTransport | None) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=most,
        pool_timeout=WRITE_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        write_timeout=WRITE_SECONDS,
        httpx_kwargs={
            "event_hooks": {"response": [noted(meter)]},
            **({"transport": transport} if transport else {"verify": tls(trust_env=True)}),
        },
    )
