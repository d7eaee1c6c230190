"""The HTTP client that providers and media share, and what it may raise."""

import ssl
from collections.abc import Mapping
from functools import cache

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError)
"""The transport translates most of aiohttp's errors, and lets some through."""

KEEP_ALIVE = 100.0
"""Seconds for which a connection that nobody uses is kept: longer than the longest pause between two looks."""

_TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=30.0)
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "rushes"}


@cache
def tls(*, trust_env: bool = False) -> ssl.SSLContext:
    """One for all clients: to read the world's certificates takes 20 ms, in which nothing else runs.

    With `trust_env` those that SSL_CERT_FILE or SSL_CERT_DIR names, if one of them is set.
    """
    return httpx.create_ssl_context(trust_env=trust_env)


class DirectClient(httpx.AsyncClient):
    """Lends its connections to calls that need nothing else of httpx, which costs twice as much as such a call."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__(
            transport=AiohttpTransport(verify=tls(), client=session),
            timeout=_TIMEOUT,
            headers=_HEADERS,
            trust_env=False,
        )
        self.session = session


def open_client(
    mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """To be opened where a loop runs; what is mounted, or behind another transport, is reached through httpx alone.

    Httpx's own transport slows down beyond fifty calls in flight, aiohttp's does not.
    """
    if transport is None and not mounts:
        return DirectClient(_session())
    return httpx.AsyncClient(
        transport=transport or AiohttpTransport(verify=tls(), client=_session),
        mounts=dict(mounts or {}),
        timeout=_TIMEOUT,
        headers=_HEADERS,
        follow_redirects=False,
        trust_env=False,
    )


def _session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(
        total=None, connect=_TIMEOUT.pool, sock_connect=_TIMEOUT.connect, sock_read=_TIMEOUT.read
    )
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=KEEP_ALIVE, ssl=tls()),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=_HEADERS,
        timeout=timeout,
    )
