"""One call over HTTP that ends in time and whose answer is not too long."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

import aiohttp
import httpx

from adapters.network import FAILURES

BODY_LIMIT = 1 << 20
"""Bytes of an answer that are read; usual ones have a few hundred."""


class Reply(NamedTuple):
    status: int
    body: bytes
    headers: httpx.Headers


class NoReply(Exception):
    """`never_connected` only where not one byte of the request can have been sent."""

    def __init__(self, failure: Exception) -> None:
        # The transport calls many things a failed connect, a reset in the middle of the answer among them;
        # only its cause tells them apart.
        cause = failure.__cause__
        self.never_connected = isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
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
        async with (
            asyncio.timeout(seconds),
            client.stream(method, url, json=payload, headers=headers) as response,
        ):
            return Reply(response.status_code, await _bounded(response), response.headers)
    except (*FAILURES, TimeoutError, _TooLong) as failure:
        raise NoReply(failure) from failure


class _TooLong(Exception):
    pass


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise _TooLong
    return bytes(body)
