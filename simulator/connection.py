"""Answers that go wrong on the wire: cut off, dribbling, too long."""

import asyncio
from collections.abc import AsyncIterator

import httpx
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.clock import Clock

TRANSPORT = "simulator.transport"
PIECE = 64 * 1024


class ConnectionCut(httpx.RemoteProtocolError):
    """Raised where there is no socket to cut: a client in the same process sees the error of a real one."""

    def __init__(self) -> None:
        super().__init__("Server disconnected without sending a response.")


class SeverableProtocol(H11Protocol):
    """Hands the application the transport, so that it can hang up: ASGI itself knows no such thing."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = transport
            await app(scope, receive, send)

        self.app = with_transport


async def cut(scope: Scope, receive: Receive) -> None:
    """Hang up, and return when the server has noticed."""
    transport = scope.get("extensions", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionCut
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


class Cut(Response):
    """No answer at all."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # nothing is sent
        await cut(scope, receive)


class CutMidway(Response):
    """Announces the whole body, sends half of it and hangs up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await cut(scope, receive)


def garbled(answer: Response) -> Response:
    body = bytes(answer.body)
    return like(answer, Response(body[: len(body) // 2]))


def dribbling(answer: Response, seconds: float, clock: Clock) -> Response:
    """Give the same answer in twenty pieces."""
    body = bytes(answer.body)
    slow = like(answer, StreamingResponse(pieces(body, seconds, clock)))
    slow.headers["content-length"] = str(len(body))
    return slow


async def pieces(body: bytes, seconds: float, clock: Clock) -> AsyncIterator[bytes]:
    size = max(1, -(-len(body) // 20))
    for start in range(0, len(body), size):
        await clock.sleep(seconds / 20)
        yield body[start : start + size]


def oversized(answer: Response, excess: int) -> Response:
    """Follow the same answer by so many bytes of blanks. JSON permits them."""
    return like(answer, StreamingResponse(padded(bytes(answer.body), excess)))


async def padded(body: bytes, excess: int) -> AsyncIterator[bytes]:
    yield body
    blanks = b" " * PIECE
    for _ in range(excess // PIECE):
        yield blanks


def like(answer: Response, other: Response) -> Response:
    """`other` with the status and the headers of `answer`, except for the length."""
    other.status_code = answer.status_code
    length = [header for header in other.raw_headers if header[0] == b"content-length"]
    other.raw_headers = [header for header in answer.raw_headers if header[0] != b"content-length"] + length
    return other
