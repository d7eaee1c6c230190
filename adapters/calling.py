"""One call over HTTP that ends in time and whose answer is not too long."""

import asyncio
from collections.abc import AsyncIterable, Mapping
from typing import NamedTuple

import aiohttp
import httpx

from adapters.network import FAILURES, DirectClient

BODY_LIMIT = 1 << 20
"""Bytes of an answer that are read; usual ones have a few hundred."""

_NEVER_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Reply(NamedTuple):
    status: int
    body: bytes
    headers: Mapping[str, str]
    """By names of any case."""


class NoReply(Exception):
    """`never_connected` only where not one byte of the request can have been sent."""

    def __init__(self, failure: Exception) -> None:
        # Httpx calls many things a failed connect, a reset in the middle of the answer among them; only the cause tells
        # them apart.
        self.never_connected = isinstance(failure, _NEVER_CONNECTED) or isinstance(failure.__cause__, _NEVER_CONNECTED)
        super().__init__("cannot be reached" if self.never_connected else f"no answer ({type(failure).__name__})")


async def call(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    seconds: float,
    headers: Mapping[str, str],
    payload: Mapping[str, object] | None = None,
) -> Reply:
    """`seconds` is from the first byte to the last, so it bounds answers that trickle. Raises `NoReply`."""
    try:
        async with asyncio.timeout(seconds):
            if isinstance(client, DirectClient):
                request = client.session.request(method, url, json=payload, headers=headers, allow_redirects=False)
                async with request as answer:
                    return Reply(answer.status, await _bounded(answer.content.iter_any()), answer.headers)
            async with client.stream(method, url, json=payload, headers=headers) as response:
                return Reply(response.status_code, await _bounded(response.aiter_bytes()), response.headers)
    except (*FAILURES, TimeoutError, _TooLong) as failure:
        raise NoReply(failure) from failure


class _TooLong(Exception):
    pass


async def _bounded(chunks: AsyncIterable[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > BODY_LIMIT:
            raise _TooLong
    return bytes(body)
