"""What an update from Telegram costs here, against python-telegram-bot with a handler that does nothing."""

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, MessageHandler, filters
from telegram.request import HTTPXRequest

from adapters.chat.telegram.chat import TelegramChat
from adapters.chat.telegram.desk import Desk
from bench.orders import filming
from bench.table import Goal, Measure, Row, Taken
from bot.meter import Meter
from rushes.clock import SystemClock
from rushes.run import SWITCH_SECONDS
from storage.sqlite.store import sqlite_store
from tests.stage import PSEUDONYM, HandLibrary

TOKEN = "1:of-nobody"  # noqa: S105 - nobody's
UPDATES, AT_ONCE = 2000, 100
"""As many as Telegram tells at most with one call."""

Raw = dict[str, Any]
Take = Callable[[Raw], Awaitable[object]]


class Nowhere(httpx.AsyncBaseTransport):
    """Knows who the bot is, and takes everything."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        bot = {"id": 1, "is_bot": True, "first_name": "Rushes", "username": "rushes_bot"}
        is_asked = request.url.path.endswith("getMe")
        return httpx.Response(200, json={"ok": True, "result": bot if is_asked else True})


def _handled(_: Path) -> list[Taken]:
    return asyncio.run(_each())


async def _each() -> list[Taken]:
    sys.setswitchinterval(SWITCH_SECONDS)
    orders, talk = [_order(number) for number in range(UPDATES)], [_talk(number) for number in range(UPDATES)]
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        async with sqlite_store(Path(folder) / "rushes.db", PSEUDONYM) as store, _Peer() as theirs:
            chat = TelegramChat(
                TOKEN, clock, HandLibrary(), Meter(clock), api_url="http://telegram.example", transport=Nowhere()
            )
            core = filming(store, {"telegram": chat})
            await chat._connect()  # noqa: SLF001 - as `run` does it, without listening
            chat._open(Desk(core.studio, chat._writer, chat._answers, chat._app.bot, clock))  # noqa: SLF001
            ours = chat._ingress.handle  # noqa: SLF001 - from here on it is the same for polling and webhook
            seconds = [(await _cpu(ours, updates), await _cpu(theirs, updates)) for updates in (orders, talk)]
            await chat._disconnect()  # noqa: SLF001
    (our_order, their_order), (our_talk, their_talk) = seconds
    return [Taken(UPDATES / our_order, UPDATES / their_order), Taken(our_talk, their_talk)]


class _Peer:
    async def __aenter__(self) -> Take:
        builder = ApplicationBuilder().token(TOKEN).updater(None).job_queue(None)
        requests = (HTTPXRequest(httpx_kwargs={"transport": Nowhere()}) for _ in range(2))
        self._app: Application[Any, Any, Any, Any, Any, Any] = (
            builder.request(next(requests)).get_updates_request(next(requests)).build()
        )
        self._app.add_handler(MessageHandler(filters.UpdateType.MESSAGE, _nothing))
        await self._app.initialize()
        return self._take

    async def __aexit__(self, *_: object) -> None:
        await self._app.shutdown()

    async def _take(self, raw: Raw) -> None:
        await self._app.process_update(Update.de_json(raw, self._app.bot))


async def _nothing(_update: object, _context: object) -> None:
    pass


async def _cpu(take: Take, updates: Sequence[Raw]) -> float:
    """Seconds, of all threads."""
    gc.collect()
    begun = time.process_time()
    for start in range(0, UPDATES, AT_ONCE):
        await asyncio.gather(*map(take, updates[start : start + AT_ONCE]))
    return time.process_time() - begun


def _order(number: int) -> Raw:
    who = {"id": 1000 + number % 500, "first_name": "Member", "last_name": "Nobody", "username": "member"}
    message = _message(number, "/video a red fox in snow --ar 9:16 --res 360p", {**who, "type": "private"})
    message["entities"] = [{"offset": 0, "length": 6, "type": "bot_command"}]
    return {"update_id": number, "message": {**message, "from": {**who, "is_bot": False, "language_code": "en"}}}


def _talk(number: int) -> Raw:
    group = {"id": -1001234567890, "title": "Film club", "type": "supergroup"}
    who = {"id": 1000 + number % 500, "first_name": "Member", "is_bot": False, "language_code": "en"}
    message = _message(number, "Who else is in for the film tonight?", group)
    return {"update_id": number, "message": {**message, "from": who}}


def _message(number: int, text: str, chat: Raw) -> Raw:
    return {"message_id": number + 1, "chat": chat, "date": 1_790_000_000, "text": text}


MEASURE = Measure(
    take=_handled,
    rows=(
        Row(
            what="orders from Telegram a CPU-second, to the durable row, against updates that do nothing",
            goal=Goal(least=0.6),
            note="The row and its ledger alone cost SQLite twice what the library's own update costs.",
        ),
        Row(
            what="talk in a group that is not for us, CPU, against the library's own handling of it (s)",
            goal=Goal(most=0.15),
        ),
    ),
)
