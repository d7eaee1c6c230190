"""What an operator's browser can ask for, and the rounds that keep what it shows up to date."""

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlencode

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.browser import Front, preferred
from adapters.operator_page.audit import Audit
from adapters.operator_page.chats import Chats
from adapters.operator_page.door import NEXT, ROOT, TOKEN, Door, Visit, WrongToken, ours
from adapters.operator_page.forms import Fields, fields_in
from adapters.operator_page.gallery import Gallery
from adapters.operator_page.jobs import Jobs
from adapters.operator_page.look import Look
from adapters.operator_page.machine import Machine
from adapters.operator_page.moments import Clocks
from adapters.operator_page.money import Money
from adapters.operator_page.now import Now
from adapters.operator_page.people import People
from adapters.operator_page.sheets import FOLDER, Sheet, Sheets, mark_of
from bot.card import Card, Tone
from bot.desk import Desk
from bot.lookout import Lookout
from bot.ports import Clock, Library
from bot.refusal import Refusal
from bot.span import span
from bot.speech import Language, say
from bot.terms import Terms
from bot.tongue import Tongues
from bot.wording import refused

LOGIN = f"{ROOT}/login"
EVENTS = "text/event-stream"

EVERY = 2.0
"""Seconds between two looks at what a page shows."""

RETRY_MS = 2000
"""How soon a browser comes back after its line broke."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept",
    # Told nothing at all of where it comes from, a browser does not say whose page a form stood on either.
    "Referrer-Policy": "same-origin",
}

_SEEN = re.compile(r"&?seen=[0-9a-f]*$")

Show = Callable[[Request], Awaitable[Sheet]]
"""Reads what a page shows."""

Serve = Callable[[Request], Awaitable[Response]]

Do = Callable[[Request, Fields], Awaitable[Card]]
"""Does what a form asks for."""


class OperatorPage:
    def __init__(
        self,
        *,
        token: str,
        public_url: str | None,
        clock: Clock,
        terms: Terms,
        tongues: Tongues,
        desk: Desk,
        lookout: Lookout,
        library: Library,
        machine: Machine,
    ) -> None:
        self._door = Door(token, clock, public_url)
        self._clock = clock
        self._clocks = clocks = Clocks(clock, terms)
        self._tongues = tongues
        self._sheets = Sheets()
        self._closing = asyncio.Event()
        jobs, people, chats = Jobs(desk, clocks), People(desk), Chats(desk, lookout)
        gallery = Gallery(desk, library)
        now = Now(lookout, desk, machine)
        self._shown: Mapping[str, Show] = {
            "": now.show,
            "/": now.show,
            "/money": Money(desk, clocks).show,
            "/jobs": jobs.show,
            "/jobs/{job}": jobs.tell,
            "/people": people.show,
            "/chats": chats.show,
            "/gallery": gallery.show,
            "/audit": Audit(desk).show,
        }
        self._served: Mapping[str, Serve] = {"/clips/{job}.mp4": gallery.clip}
        self._done: Mapping[str, Do] = {
            "/jobs/{job}/{deed}": jobs.do,
            "/people/{task}": people.do,
            "/requests/{request}": chats.answer,
            "/say": chats.say,
        }

    def routes(self) -> Sequence[BaseRoute]:
        around = [Middleware(Front, answer=self._failed, language=self._language)]
        return (
            Mount(f"{ROOT}/static", StaticFiles(directory=FOLDER / "static"), middleware=around),
            Route(LOGIN, self._knock, methods=["GET"], middleware=around),
            Route(LOGIN, self._sign_in, methods=["POST"], middleware=around),
            Route(f"{ROOT}/logout", self._sign_out, methods=["POST"], middleware=around),
            *(
                Route(ROOT + path, self._showing(show), methods=["GET"], middleware=around)
                for path, show in self._shown.items()
            ),
            *(
                Route(ROOT + path, self._serving(serve), methods=["GET"], middleware=around)
                for path, serve in self._served.items()
            ),
            *(
                Route(ROOT + path, self._doing(do), methods=["POST"], middleware=around)
                for path, do in self._done.items()
            ),
            Route(f"{ROOT}/{{path:path}}", self._showing(_nothing), methods=["GET"], middleware=around),
        )

    def close(self) -> None:
        """End every stream, now and from now on: a server waits for its open answers before it goes."""
        self._closing.set()

    def _showing(self, show: Show) -> Serve:
        async def endpoint(request: Request) -> Response:
            found = self._door.inside(request)
            if request.headers.get("accept") == EVENTS:
                stream = self._stream(request, found[0], show) if found else _over()
                headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
                return StreamingResponse(stream, media_type=EVENTS, headers=headers)
            if found is None:
                return _to_the_door(request)
            visit, session = found
            self._door.sessions.use(session)
            sheet = await show(request)
            return _page(self._sheets.whole(sheet, self._look(request, visit), session.take()), sheet.status)

        return endpoint

    def _serving(self, serve: Serve) -> Serve:
        async def endpoint(request: Request) -> Response:
            return await serve(request) if self._door.inside(request) else Response(status_code=401)

        return endpoint

    def _doing(self, do: Do) -> Serve:
        async def endpoint(request: Request) -> Response:
            fields = await fields_in(request)
            found = self._door.inside(request)
            if found is None:
                return RedirectResponse(LOGIN, 303)
            visit, session = found
            visit.must_have_sealed(fields)
            self._door.sessions.use(session)
            try:
                session.told = await do(request, fields)
            except Refusal as refusal:
                session.told = refused(refusal)
            return RedirectResponse(ours(fields.get(NEXT, "")), 303)

        return endpoint

    async def _knock(self, request: Request) -> Response:
        if self._door.inside(request):
            return RedirectResponse(ROOT, 303)
        return self._at_the_door(request, self._door.outside(request), request.query_params.get(NEXT, ""))

    async def _sign_in(self, request: Request) -> Response:
        fields, outside = await fields_in(request), self._door.outside(request)
        outside.must_have_sealed(fields)
        wanted = ours(fields.get(NEXT, ""))
        try:
            visit = self._door.sign_in(fields.get(TOKEN, ""), request.client.host if request.client else "")
        except WrongToken as wrong:
            return self._at_the_door(request, outside, wanted, wrong)
        response = RedirectResponse(wanted, 303)
        self._door.show_in(response, request, visit)
        return response

    async def _sign_out(self, request: Request) -> Response:
        fields, found = await fields_in(request), self._door.inside(request)
        response = RedirectResponse(LOGIN, 303)
        if found:
            found[0].must_have_sealed(fields)
            self._door.show_out(response, found[0])
        return response

    def _at_the_door(self, request: Request, visit: Visit, wanted: str, wrong: WrongToken | None = None) -> Response:
        sheet = Sheet(name="login", facts={"wanted": ours(wanted)}, is_live=False)
        told = _why_not(wrong) if wrong else None
        status = 200 if wrong is None else 401 if wrong.was_tried else 429
        response = _page(self._sheets.whole(sheet, self._look(request, visit), told), status)
        if wrong and wrong.wait:
            response.headers["Retry-After"] = str(_seconds(wrong))
        self._door.keep_outside(response, request, visit)
        return response

    def _failed(self, request: Request, card: Card, status: int) -> Response:
        found = self._door.inside(request)
        visit = found[0] if found else self._door.outside(request)
        sheet = Sheet(name="failed", facts={"is_inside": found is not None}, is_live=False)
        return _page(self._sheets.whole(sheet, self._look(request, visit), card), status)

    async def _language(self, request: Request) -> Language:
        """The one that the browser prefers: the page knows nobody by name."""
        return self._tongues.platforms(preferred(request))

    def _look(self, request: Request, visit: Visit) -> Look:
        return Look(visit=visit, path=_path(request), now=self._clock.now(), zone=self._clocks.zone)

    async def _stream(self, request: Request, visit: Visit, show: Show) -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        seen = request.headers.get("last-event-id") or request.query_params.get("seen")
        while not self._closing.is_set():
            if not self._door.sessions.open(visit.key):
                async for event in _over():
                    yield event
                return
            live = self._sheets.live(await show(request), self._look(request, visit))
            mark = mark_of(live)
            yield ": still here\n\n" if mark == seen else f"id: {mark}\nevent: live\ndata: {json.dumps(live)}\n\n"
            seen = mark
            await self._clock.wait(self._closing, EVERY)


async def _nothing(_: Request) -> Sheet:
    return Sheet(name="nothing", is_live=False, status=404)


async def _over() -> AsyncIterator[str]:
    """Whoever looks on is to sign in again."""
    yield "event: over\ndata: \n\n"


def _page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers=_HEADERS)


def _path(request: Request) -> str:
    """Of the page itself, also where its stream is asked for."""
    query = _SEEN.sub("", request.url.query)
    return f"{request.url.path}?{query}" if query else request.url.path


def _to_the_door(request: Request) -> Response:
    wanted = ours(_path(request))
    return RedirectResponse(LOGIN if wanted == ROOT else f"{LOGIN}?{urlencode({NEXT: wanted})}", 303)


def _seconds(wrong: WrongToken) -> int:
    return math.ceil(wrong.wait.total_seconds())


def _why_not(wrong: WrongToken) -> Card:
    wait = say("The next try is possible in {span}.", span=span(_seconds(wrong))) if wrong.wait else say("Try again.")
    if wrong.was_tried:
        title, reason = say("Wrong token"), say("That is not what RUSHES_ADMIN_TOKEN is set to.")
    else:
        title, reason = say("Too many tries"), say("Too many wrong tokens came before this one.")
    return Card(title=title, lines=(reason, wait), tone=Tone.BAD)
