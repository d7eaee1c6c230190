"""Where Prometheus asks, and who may."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.reading import Reading

PATH = "/metrics"


class _Written(Protocol):
    def __call__(self, reading: Reading, accept: str) -> tuple[bytes, str]: ...


def metrics_route(read: Callable[[], Awaitable[Reading]], token: str | None) -> Route:
    """Without a token whoever can reach it may read it."""

    async def asked(request: Request) -> Response:
        if token and not hmac.compare_digest(_given(request), f"Bearer {token}".encode()):
            return PlainTextResponse(
                "This takes the token that RUSHES_METRICS_TOKEN is set to.", 401, {"WWW-Authenticate": "Bearer"}
            )
        written = await asyncio.to_thread(_writer)
        body, content_type = written(await read(), request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})

    return Route(PATH, asked)


def _given(request: Request) -> bytes:
    return request.headers.get("authorization", "").encode()


def _writer() -> _Written:
    from adapters.metrics.sheet import written  # noqa: PLC0415 - a twentieth of a second, for whoever is never asked

    return written
