"""The HTTP client that providers and media share, and what it may raise."""

import ssl
from collections.abc import Mapping
from functools import cache

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError)
"""The transport translates most of aiohttp's errors, and lets some through."""

_TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=30.0)


@cache
def tls(*, trust_env: bool = False) -> ssl.SSLContext:
    """One for all clients: to read the world's certificates takes 20 ms, in which nothing else runs.

    With `trust_env` those that SSL_CERT_FILE or SSL_CERT_DIR names, if one of them is set.
    """
    return httpx.create_ssl_context(trust_env=trust_env)


def open_client(
    mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Httpx's own transport slows down beyond fifty calls in flight, aiohttp's does not."""
    limits = httpx.Limits(max_connections=64, keepalive_expiry=75.0)
    return httpx.AsyncClient(
        transport=transport or AiohttpTransport(verify=tls(), limits=limits),
        mounts=dict(mounts or {}),
        timeout=_TIMEOUT,
        headers={"Accept-Encoding": "identity", "User-Agent": "rushes"},
        follow_redirects=False,
        trust_env=False,
    )
