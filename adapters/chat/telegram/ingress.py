"""How updates come in. None is confirmed to Telegram before what it asked for is written down.

The library's own poller confirms what it has fetched and not begun to handle; a process that ends just then would lose
it. Most updates of a busy group are none of our business: that is seen before an object is built.
"""

import asyncio
import hashlib
import hmac
import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from telegram import Update
from telegram.constants import UpdateType
from telegram.error import Conflict

from adapters.chat.telegram.answers import App
from adapters.chat.telegram.incoming import Raw, plainly_said
from adapters.chat.telegram.wire import Moved, Unchanged, translated
from bot.ports import Clock
from bot.trouble import Trouble

KINDS = (UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER)

POLL_SECONDS, POLL_READ_SECONDS = 50, 65.0
HANDLING_SECONDS = 5.0
"""For which the next poll waits at most: what takes longer must not keep everybody else waiting."""

AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
"""After so many polls that failed in a row; then always the last."""

_MOVES = frozenset({"migrate_to_chat_id", "migrate_from_chat_id"})

MOST_BYTES = 1 << 20
PATH = "/telegram"

log = logging.getLogger(__name__)


def concerns(update: Raw, bot_id: int) -> bool:
    """Whether it can be for us: a press, a command, an answer to us, anything said in private, or where we are."""
    if "callback_query" in update or "my_chat_member" in update:
        return True
    message = update.get("message") or update.get("edited_message")
    if not message:
        return False
    if message.get("chat", {}).get("type") == "private" or not _MOVES.isdisjoint(message):
        return True
    asked = message.get("reply_to_message") or {}
    return (message.get("text") or message.get("caption") or "").startswith("/") or (
        asked.get("from", {}).get("id") == bot_id
    )


class Ingress:
    def __init__(self, app: App, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._secret = ""
        self._polling: asyncio.Task[None] | None = None
        self._is_closed = False

    def close(self) -> None:
        self._is_closed = True
        if self._polling:
            self._polling.cancel()

    async def poll(self) -> None:
        """Until closed. What was fetched and not done by then Telegram tells again."""
        await self._close_webhook()
        self._polling, offset, failed = asyncio.current_task(), 0, 0
        async with asyncio.TaskGroup() as handling:
            while not self._is_closed:
                updates = await self._fetch(offset)
                if isinstance(updates, float):
                    pause = max(updates, AGAIN_SECONDS[min(failed, len(AGAIN_SECONDS) - 1)])
                    await self._clock.wait(asyncio.Event(), pause)
                    failed += 1
                    continue
                failed = 0
                offset = max((update["update_id"] + 1 for update in updates), default=offset)
                begun = []
                for line in _lines(updates):
                    begun.append(handling.create_task(self._in_turn(line), name="updates"))
                    # A hundred at once would hold the loop for longer than anybody should wait for it.
                    await asyncio.sleep(0)
                if begun:
                    await asyncio.wait(begun, timeout=HANDLING_SECONDS)

    async def open_webhook(self, public_url: str) -> None:
        """Have Telegram call us; raises what `wire` names."""
        # Made from the token, so that a restart knows it too and nobody else does.
        self._secret = hmac.new(self._app.bot.token.encode(), b"webhook", hashlib.sha256).hexdigest()
        with translated():
            await self._app.bot.set_webhook(
                f"{public_url.rstrip('/')}{PATH}", allowed_updates=KINDS, secret_token=self._secret
            )

    async def _close_webhook(self) -> None:
        """While there is one, nobody can ask."""
        try:
            with translated():
                await self._app.bot.delete_webhook()
        except Trouble as trouble:
            log.warning("a webhook may still be set: %s", trouble.detail)

    async def called(self, request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            return PlainTextResponse("This is not Telegram.", 403)
        if self._is_closed:
            return PlainTextResponse("Stopping; tell it again.", 503)
        update = await _read(request)
        if update is None:
            return PlainTextResponse("This is no update.", 400)
        await self.handle(update)
        return PlainTextResponse("ok")

    async def handle(self, update: Raw) -> None:
        try:
            if concerns(update, self._app.bot.id):
                bot = self._app.bot
                said = plainly_said(update["message"], bot) if "message" in update else None
                await self._app.process_update(said or Update.de_json(update, bot))
        except Exception:
            # One update that makes no sense must not end the intake; it would come again and again.
            log.exception("update %s could not be handled", update.get("update_id"))

    async def _in_turn(self, updates: Sequence[Raw]) -> None:
        for update in updates:
            await self.handle(update)

    async def _fetch(self, offset: int) -> list[Raw] | float:
        """The seconds that Telegram asks us to wait where that failed, or 0."""
        asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": json.dumps(KINDS)}
        # Not by the library's own method, which builds an object of everything.
        address = f"{self._app.bot.base_url}/getUpdates?{urlencode(asked)}"
        try:
            with translated():
                answer = await self._app.bot.request.post(address, read_timeout=POLL_READ_SECONDS)
        except (Trouble, Unchanged, Moved) as trouble:
            log.warning("no updates from Telegram: %s", trouble)
            if isinstance(trouble.__cause__, Conflict):
                await self._close_webhook()
            return (trouble.retry_after or 0.0) if isinstance(trouble, Trouble) else 0.0
        if not isinstance(answer, list):
            log.warning("no updates from Telegram, but %s", type(answer).__name__)
            return 0.0
        return answer


def _lines(updates: Sequence[Raw]) -> list[list[Raw]]:
    """What was said in one chat is heard in its order."""
    lines = defaultdict(list)
    for update in updates:
        content: Raw = next((update[kind] for kind in KINDS if kind in update), {})
        chat = (content.get("message") or content).get("chat") or {}
        lines[chat.get("id")].append(update)
    return list(lines.values())


async def _read(request: Request) -> Raw | None:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return None
        update = json.loads(body)
    except (ClientDisconnect, ValueError):
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None
