"""A Discord on loopback (REST v10 and gateway), for tests of whatever talks to it.

It keeps the rules that a bot has to live with, and shows a test what members would see.
"""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from tests.caller import CALLER, PREFIX
from tests.discord_api.backstage import Backstage
from tests.discord_api.faults import HTML, Fault, Faults
from tests.discord_api.flood import Rule, Rules
from tests.discord_api.gateway import Gateway
from tests.discord_api.parameters import Parameters, parameters_of
from tests.discord_api.people import Member
from tests.discord_api.refusal import Limited, Refused, unauthorized
from tests.discord_api.routes import ROUTES, Method
from tests.discord_api.world import World
from tests.telegram_api.clock import Clock

TOKEN = "MTEwMjAxNTQzMDAwMDAwMDAwMA.nobody.nothing"  # noqa: S105  # of nobody
BOT_ID = 1_102_015_430_000_000_000
API = "/api/v10"

ALL_AT_ONCE = 0.05  # seconds; whoever has not finished by then is cancelled


@dataclass(slots=True, kw_only=True)
class Call:
    route: str
    path: str
    body: object
    uploaded: int  # bytes of files
    at: float
    status: int = 0  # 0: no answer yet, or none at all
    code: int = 0  # Discord's own, of a refusal
    message: str = ""  # of a refusal


class DiscordServer(Backstage):
    def __init__(
        self, folder: Path, *, token: str = TOKEN, clock: Clock | None = None, rules: Rules | None = None
    ) -> None:
        bot = Member(id=BOT_ID, name="Rushes", is_bot=True)
        world = World(folder, bot, clock or Clock(), rules or Rules())
        super().__init__(world, Gateway(world, token))
        self.token = token
        self.faults = Faults()
        self.calls: list[Call] = []  # in the order in which they arrived
        self.throttled: Counter[str] = Counter()  # answers 429 by route
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    def called(self, route: str) -> list[Call]:
        assert route in ROUTES, f"{route} is none of {list(ROUTES)}"
        return [call for call in self.calls if call.route == route]

    def fault(self, route: str, fault: Fault, *, times: int = 1, channel: int | None = None) -> None:
        """Of the next calls, `*` being any; faults of one route wait for each other."""
        assert route in ROUTES or route == "*", f"{route} is none of {list(ROUTES)}"
        self.faults.plan(route, fault, times, channel)

    def hold(self, route: str, *, after: bool = False, times: int = 1) -> asyncio.Event:
        """The next calls wait until it is set, before they have their effect or before they are answered."""
        gate = asyncio.Event()
        self.fault(route, Fault(gate=gate, after=after), times=times)
        return gate

    def limit(self, route: str, calls: int, seconds: float) -> None:
        """So many calls in so many seconds, for each channel or interaction; `*` is all routes together."""
        self.world.flood.limit(route, Rule(calls, seconds))

    def unlimit(self, route: str) -> None:
        self.world.flood.limit(route, None)

    async def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port), backlog=512)
        self._port = listener.getsockname()[1]
        self.world.gateway_url, self.world.files.url = self.gateway_url, self.url
        # No client keeps an idle connection for so long: one that is hung up on just then would see an error.
        self._runner = web.AppRunner(
            self._app(), access_log=None, keepalive_timeout=75, shutdown_timeout=ALL_AT_ONCE, handle_signals=False
        )
        await self._runner.setup()
        assert self._runner.server is not None
        self._listening = await asyncio.get_running_loop().create_server(self._runner.server, sock=listener)

    async def stop(self) -> None:
        """Hang up on everybody; what was said and what is still to be told stays."""
        assert self._listening is not None
        assert self._runner is not None
        assert self._runner.server is not None
        self._listening.close()
        self.gateway.drop()
        for connection in self._runner.server.connections:
            if connection.transport:
                connection.transport.abort()
        await self._runner.cleanup()
        await self._listening.wait_closed()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=8 * 1024 * 1024)
        for name, (verb, path, method) in ROUTES.items():
            for prefix in ("", PREFIX):
                app.router.add_route(verb, prefix + API + path, partial(self._call, name, method))
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{attachment}/{name}", self._download)
        app.router.add_route("*", "/{anything:.*}", nowhere)
        return app

    async def _call(self, name: str, method: Method, request: web.Request) -> web.StreamResponse:
        CALLER.set(request.match_info.get("caller", ""))
        is_exempt = name == "respond" or "{token}" in ROUTES[name][1]
        if not is_exempt and request.headers.get("Authorization") != f"Bot {self.token}":
            return refusal(unauthorized())
        try:
            parameters = await parameters_of(request, self.world.files)
        except Refused as unreadable:
            return refusal(unreadable)
        call = Call(
            route=name,
            path=request.path,
            body=parameters.body,
            uploaded=parameters.uploaded,
            at=self.world.clock.now(),
        )
        self.calls.append(call)
        return await self._answer(call, method, parameters, request)

    async def _answer(
        self, call: Call, method: Method, parameters: Parameters, request: web.Request
    ) -> web.StreamResponse:
        self.world.change()
        fault = self.faults.next(call.route, parameters.number("channel") or None)
        response: web.Response | None = None
        if not fault.after:
            await fault.wait()
            response = await self._faulty(fault, request)
        response = response or await self._effect(call, method, parameters)
        if fault.after:
            self.world.change()
            await fault.wait()
            response = await self._faulty(fault, request) or response
        if not fault.cut:
            call.status = response.status
        if call.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.throttled[call.route] += 1
        self.world.change()
        return response

    async def _faulty(self, fault: Fault, request: web.Request) -> web.Response | None:
        if fault.silent:
            await asyncio.Event().wait()
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault.by_cloudflare:
            return web.Response(status=fault.status or 429, text=HTML, content_type="text/html")
        if fault.status is None:
            return None
        sent = {"X-RateLimit-Global": "true"} if fault.is_global else {}
        sent |= {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:.3f}"}
        return answer(fault.as_json(), fault.status, sent)

    async def _effect(self, call: Call, method: Method, parameters: Parameters) -> web.Response:
        major = parameters.word("channel") or parameters.word("token") or parameters.word("guild")
        flood, is_exempt = self.world.flood, bool(parameters.word("token"))
        try:
            flood.admit(call.route, major, is_exempt=is_exempt)
            result = await method(self.world, parameters)
        except Refused as refused:
            call.code, call.message = refused.code, refused.message
            return refusal(refused, flood.headers(call.route, major))
        return answer(
            result, HTTPStatus.OK if result is not None else HTTPStatus.NO_CONTENT, flood.headers(call.route, major)
        )

    async def _download(self, request: web.Request) -> web.StreamResponse:
        number, query = request.match_info["attachment"], request.query
        attachment = self.world.files.at(number, query.get("ex", ""), query.get("hm", ""))
        if attachment is None:
            return web.Response(status=404, text="This content is no longer available.")
        return web.FileResponse(attachment.path)


def answer(result: object, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """Of exactly this type: with a charset behind it the library would take it for text."""
    if result is None:
        return web.Response(status=status, headers=headers)
    body = json.dumps(result).encode()
    sent = {"Via": "1.1 google"} | (headers or {})
    return web.Response(body=body, status=status, headers=sent, content_type="application/json")


def refusal(refused: Refused, headers: dict[str, str] | None = None) -> web.Response:
    sent = dict(headers or {})
    if isinstance(refused, Limited):
        sent |= {"Retry-After": f"{refused.seconds:.3f}", "X-RateLimit-Scope": refused.scope}
        sent |= {"X-RateLimit-Global": "true"} if refused.scope == "global" else {}
    return answer(refused.as_json(), refused.status, sent)


async def nowhere(request: web.Request) -> web.Response:  # noqa: ARG001  # whatever it is
    return refusal(Refused(404, 0, "404: Not Found"))


@asynccontextmanager
async def discord_api(
    folder: Path, *, token: str = TOKEN, clock: Clock | None = None, rules: Rules | None = None
) -> AsyncIterator[DiscordServer]:
    """Uploads are kept in `folder`."""
    server = DiscordServer(folder, token=token, clock=clock, rules=rules)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
