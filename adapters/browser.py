"""What stands around every page of ours: the headers that keep it safe, and the one place where a request may fail."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.card import Card
from bot.refusal import NoSuchClip, Refusal
from bot.speech import Language, speaking
from bot.wording import mishap, refused

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Asked for again each time, so that nobody runs yesterday's script on today's page.
    "Cache-Control": "no-cache",
}
"""Of every answer that does not say otherwise."""

Answer = Callable[[Request, Card, int], Response]
"""How a page tells what went wrong: the request, the words, and the status."""

Tongue = Callable[[Request], Awaitable[Language]]
"""In which language whoever asks is answered."""

log = logging.getLogger(__name__)


class TurnedAway(Refusal):
    """Nothing that a page of ours sends."""

    status = 400


class BodyTooLong(Exception):
    pass


def is_from_here(request: Request) -> bool:
    """Every browser says where a POST comes from. The scheme is left out: a proxy may have ended the TLS."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin is None:
        return site == "same-origin"
    return site in (None, "same-origin") and urlsplit(origin).netloc == request.headers.get("host")


def preferred(request: Request) -> list[str]:
    """Languages. Browsers send what they prefer first, and how much besides, which says the same."""
    header = request.headers.get("accept-language", "")
    return [tag for part in header.split(",") if (tag := part.partition(";")[0].strip())]


def kind_of(request: Request) -> str:
    """The media type of what is posted."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def body_of(request: Request, most: int) -> bytes:
    """Raises `BodyTooLong` as soon as there are more bytes than that."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise BodyTooLong
    return bytes(read)


class Front:
    def __init__(self, app: ASGIApp, answer: Answer, language: Tongue) -> None:
        self._app = app
        self._answer = answer
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with speaking(await self._language(Request(scope))):
            await self._answered(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_shielded)
        except ClientDisconnect:
            return
        except Exception as failure:
            if started:
                # A browser whose line breaks comes back.
                raise
            answer = self._answer(Request(scope), *_told(failure))
        else:
            return
        await answer(scope, receive, send_shielded)


def _told(failure: Exception) -> tuple[Card, int]:
    """The words and the status."""
    match failure:
        case TurnedAway():
            return refused(failure), failure.status
        case NoSuchClip():
            return refused(failure), 404
        case Refusal():
            return refused(failure), 422
        case _:
            reference = secrets.token_hex(4)
            log.error("a web request failed, reference %s", reference, exc_info=failure)
            return mishap(reference), 500
