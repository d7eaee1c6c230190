"""Files and addresses from strangers."""

import asyncio
import math
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import httpx
import yarl

from adapters.media.addresses import Addresses, is_public
from adapters.media.boxes import MOST_SECONDS, Odd, Outline, outline
from adapters.media.download import MOST_REDIRECTS, Download
from adapters.media.faststart import index_first
from bot.trouble import MediaForbidden, Trouble

MOST_BYTES = 1 << 12


def boxes(data: bytes) -> None:
    """Odd, or with measures that a clip can have, which stay the same when the index is brought to the front."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clip.mp4"
        file.write_bytes(data)
        before, moved, after = _outline(file), index_first(file), _outline(file)
        assert moved or file.read_bytes() == data
        # An index may have had a longer header than it needs.
        assert len(data) - 8 <= file.stat().st_size <= len(data)
    if before is None or after is None:
        assert before is after
        return
    assert after == replace(before, faststart=before.faststart or moved)
    assert 0 < after.width < 1 << 16
    assert 0 < after.height < 1 << 16
    assert 0 < after.seconds <= MOST_SECONDS
    assert math.isfinite(after.seconds)


def _outline(file: Path) -> Outline | None:
    try:
        return outline(file)
    except Odd:
        return None


def address(data: bytes) -> None:
    """Forbidden, or public to the one who asks and to the one who connects, who reads addresses in another way."""
    url = data.decode(errors="surrogateescape")
    try:
        Addresses().check(url)
    except MediaForbidden:
        return
    _check_public(httpx.URL(url))


def redirect(data: bytes) -> None:
    """Every line is where the answer before it leads to; nothing that is not public is ever asked."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_led(data.split(b"\n"), Path(folder) / "clip"))


async def _led(locations: list[bytes], file: Path) -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        if len(asked) > len(locations):
            return httpx.Response(200, content=_body())
        location = locations[len(asked) - 1].replace(b"\r", b"")
        return httpx.Response(302, headers=[(b"location", location)])

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        try:
            assert await Download(client, Addresses(), MOST_BYTES).run("https://media.example/a", file) <= MOST_BYTES
        except Trouble as trouble:
            _check_told(trouble)
    assert len(asked) <= MOST_REDIRECTS
    for url in asked:
        _check_public(url)


async def _body() -> AsyncIterator[bytes]:
    yield b"whatever"


def _check_told(trouble: Trouble) -> None:
    assert trouble.detail.isprintable(), trouble


def _check_public(url: httpx.URL) -> None:
    try:
        read = yarl.URL(str(url))
        host = read.host or ""
    except ValueError:
        return  # nobody connects there
    assert read.scheme == "https", url
    assert read.port == 443, url
    try:
        literal = ip_address(host.partition("%")[0])
    except ValueError:
        return  # a name, which is looked at when it is resolved
    assert is_public(literal), url
