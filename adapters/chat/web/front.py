"""What stands around every answer: the headers that keep a page safe, and the one place where a request may fail."""

import logging
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.chat.web.guest import guest, new_token, token_in
from adapters.chat.web.incoming import TurnedAway, language_of
from adapters.chat.web.page import Page
from bot.card import Card, JobCard
from bot.refusal import NoSuchClip, Refusal
from bot.speech import speaking
from bot.tongue import Tongues
from bot.wording import mishap, refused

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = logging.getLogger(__name__)


def card_answer(page: Page, card: Card, viewer: str | None, status: int = 200) -> Response:
    job = card.job if isinstance(card, JobCard) else None
    said = {"title": card.title, "lines": card.lines, "tone": card.tone, "job": job}
    return JSONResponse(said | {"html": page.card(card, viewer)}, status)


class Front:
    def __init__(self, app: ASGIApp, page: Page, tongues: Tongues) -> None:
        self._app = app
        self._page = page
        self._tongues = tongues

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with speaking(await language_of(Request(scope), self._tongues)):
            await self._answered(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                # Asked for again each time, so that nobody runs yesterday's script on today's page.
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        try:
            await self._app(scope, receive, send_shielded)
        except ClientDisconnect:
            return
        except Refusal as refusal:
            answer = self._answer(Request(scope), refused(refusal), _status(refusal))
        except Exception:
            if started:
                raise
            reference = secrets.token_hex(4)
            log.exception("a web request failed, reference %s", reference)
            answer = self._answer(Request(scope), mishap(reference), 500)
        else:
            return
        await answer(scope, receive, send_shielded)

    def _answer(self, request: Request, card: Card, status: int) -> Response:
        if request.method == "POST":
            return card_answer(self._page, card, None, status)
        stranger = guest(token_in(request) or new_token())
        return HTMLResponse(self._page.whole((), stranger, "", (card,)), status)


def _status(refusal: Refusal) -> int:
    match refusal:
        case TurnedAway():
            return refusal.status
        case NoSuchClip():
            return 404
        case _:
            return 422
