"""What a browser can ask for."""

import asyncio
import json
import os
import re
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import partial
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.browser import Front
from adapters.chat.web.answers import card_answer, failed
from adapters.chat.web.guest import guest, new_token, remember, token_in
from adapters.chat.web.incoming import language_of, order_in, press_in
from adapters.chat.web.page import Page
from adapters.chat.web.room import PLATFORM, ROOM, WebChat
from bot.card import JobCard
from bot.studio import Studio

RETRY_MS = 1000
"""How soon a browser comes back after its line broke."""

_CLIP = re.compile(r"[0-9a-f]{20}\.mp4")


def web_routes(studio: Studio, chat: WebChat, clips: Path, *, demo: bool) -> Sequence[BaseRoute]:
    """`clips` is the folder of finished clips; `demo` tells the guests that no provider is paid."""
    page = Page(demo=demo)
    desk = Desk(studio, chat, clips, page)
    around = [Middleware(Front, answer=partial(failed, page), language=partial(language_of, tongues=studio.tongues))]
    return (
        Route("/", desk.page, middleware=around),
        Route("/orders", desk.order, methods=["POST"], middleware=around),
        Route("/jobs/{job}/{verb}", desk.press, methods=["POST"], middleware=around),
        Route("/events", desk.events, middleware=around),
        Route("/clips/{name}", desk.clip, middleware=around),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), middleware=around),
    )


class Desk:
    """Translates in, calls the studio, translates out."""

    def __init__(self, studio: Studio, chat: WebChat, clips: Path, page: Page) -> None:
        self._studio = studio
        self._chat = chat
        self._clips = clips
        self._page = page

    async def page(self, request: Request) -> Response:
        token = token_in(request) or new_token()
        mark = self._chat.mark
        cards = await self._studio.latest(PLATFORM, ROOM)
        response = HTMLResponse(self._page.whole(cards, guest(token), mark), headers={"Cache-Control": "no-store"})
        remember(response, request, token)
        return response

    async def order(self, request: Request) -> Response:
        order = await order_in(request)
        return card_answer(self._page, await self._studio.say(order), order.identity.user)

    async def press(self, request: Request) -> Response:
        press = await press_in(request)
        return card_answer(self._page, await self._studio.act(press), press.identity.user)

    async def events(self, request: Request) -> Response:
        token = token_in(request)
        seen = request.headers.get("last-event-id") or request.query_params.get("after")
        stream = self._stream(guest(token).user if token else None, seen)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def clip(self, request: Request) -> Response:
        name = request.path_params["name"]
        if not _CLIP.fullmatch(name):
            return Response(status_code=404)
        try:
            found = await asyncio.to_thread(os.stat, self._clips / name)
        except FileNotFoundError:
            return Response(status_code=404)
        kind = "attachment" if "download" in request.query_params else "inline"
        headers = {"Cache-Control": "private, max-age=3600"}
        return FileResponse(
            self._clips / name,
            headers=headers,
            media_type="video/mp4",
            filename=name,
            stat_result=found,
            content_disposition_type=kind,
        )

    async def _stream(self, viewer: str | None, seen: str | None) -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        with self._chat.seat(seen) as seat:
            while news := await self._chat.news(seat):
                if news.is_behind:
                    yield self._event("history", await self._studio.latest(PLATFORM, ROOM), viewer, news.mark)
                elif news.cards:
                    yield self._event("cards", news.cards, viewer, news.mark)
                else:
                    yield ": still here\n\n"

    def _event(self, kind: str, cards: Iterable[JobCard], viewer: str | None, mark: str) -> str:
        shown = [{"job": card.job, "html": self._page.card(card, viewer)} for card in cards]
        data = json.dumps({"now": time.time_ns() // 1_000_000, "cards": shown})
        return f"id: {mark}\nevent: {kind}\ndata: {data}\n\n"
