"""Somebody who is called back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.app import bound, serve, url_of


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]
    body: bytes
    query: str


@dataclass
class Receiver:
    url: str = ""
    answers: list[int] = field(default_factory=list)  # then 200
    received: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)

    async def hear(self, request: Request) -> Response:
        await self.received.put(Received(dict(request.headers), await request.body(), request.url.query))
        return Response(status_code=self.answers.pop(0) if self.answers else 200)

    async def next(self) -> Received:
        async with asyncio.timeout(10):
            return await self.received.get()


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = Starlette(routes=[Route("/hook", receiver.hear, methods=["POST"])])
    with bound("127.0.0.1", 0) as listener:
        receiver.url = f"{url_of('127.0.0.1', listener)}/hook"
        serving = asyncio.create_task(serve({listener: app}), name="receiver")
        yield receiver
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
