"""Redirects, and downloads that break in the middle."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.media.addresses import Addresses
from adapters.media.download import Download
from adapters.media.library import media_transport
from adapters.network import open_client
from bot.trouble import MediaForbidden, MediaUnplayable, Passing
from tests.listener import answering, serving

Handler = Callable[[httpx.Request], httpx.Response]
WHOLE = bytes(range(256)) * 40


def download(handler: Handler) -> Download:
    return Download(httpx.AsyncClient(transport=httpx.MockTransport(handler)), Addresses(), 1 << 20)


class Body(httpx.AsyncByteStream):
    def __init__(self, content: bytes, *, breaks: bool = False) -> None:
        self._content, self._breaks = content, breaks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        if self._breaks:
            raise httpx.ReadError("reset")


class Server:
    """Breaks after so many bytes of each answer, and remembers the ranges that it was asked for."""

    def __init__(self, *, after: int, etag: str | None, honours: bool = True) -> None:
        self.after, self.etag, self.honours = after, etag, honours
        self.ranges: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.headers.get("range")
        self.ranges.append(asked)
        begun = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.honours else 0
        headers = {"etag": self.etag} if self.etag else {}
        left = WHOLE[begun:]
        stream = Body(left[: self.after], breaks=len(left) > self.after)
        if begun:
            headers["content-range"] = f"bytes {begun}-{len(WHOLE) - 1}/{len(WHOLE)}"
        return httpx.Response(206 if begun else 200, headers=headers, stream=stream)


async def test_it_goes_on_where_it_broke(tmp_path: Path) -> None:
    server = Server(after=6000, etag='"v1"')
    assert await download(server).run("https://media.example/a", tmp_path / "a") == len(WHOLE)
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert server.ranges == [None, "bytes=6000-"]


async def test_it_begins_anew_where_the_server_sends_everything_again(tmp_path: Path) -> None:
    server = Server(after=6000, etag='"v1"', honours=False)
    with pytest.raises(Passing, match="keeps breaking"):
        await download(server).run("https://media.example/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE[:6000]


@pytest.mark.parametrize("etag", [None, 'W/"v1"'])
async def test_it_does_not_go_on_where_nobody_says_that_it_is_the_same_file(tmp_path: Path, etag: str | None) -> None:
    with pytest.raises(Passing, match="broke"):
        await download(Server(after=6000, etag=etag)).run("https://media.example/a", tmp_path / "a")


async def test_a_redirect_is_followed_to_where_it_may_lead(tmp_path: Path) -> None:
    def moved(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/a":
            return httpx.Response(302, headers={"location": "/b"})
        return httpx.Response(200, stream=Body(b"here"))

    assert await download(moved).run("https://media.example/a", tmp_path / "a") == 4


@pytest.mark.parametrize(
    "location", ["http://media.example/b", "https://169.254.169.254/", "//127.0.0.1/x", "https://[2"]
)
async def test_a_redirect_into_our_network_is_not_followed(tmp_path: Path, location: str) -> None:
    asked = []

    def moved(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": location})

    with pytest.raises(MediaForbidden):
        await download(moved).run("https://media.example/a", tmp_path / "a")
    assert asked == ["https://media.example/a"]


async def test_redirects_without_end_are_given_up(tmp_path: Path) -> None:
    with pytest.raises(Passing, match="without end"):
        await download(lambda _: httpx.Response(302, headers={"location": "/a"})).run(
            "https://media.example/a", tmp_path / "a"
        )


async def test_a_trusted_host_leads_nowhere_else_on_its_own_machine(tmp_path: Path) -> None:
    asked: list[bytes] = []

    async def remembering(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())

    async with (
        serving(remembering) as inside,
        serving(answering(f"302 Found\r\nlocation: {inside}/secret")) as outside,
    ):
        trusting = Addresses([urlsplit(outside).netloc])
        async with open_client(transport=media_transport(trusting)) as client:
            with pytest.raises(MediaForbidden):
                await Download(client, trusting, 1 << 20).run(outside, tmp_path / "a")
    assert asked == []


async def test_what_comes_packed_is_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(64 << 20))
    async with serving(answering("200 OK\r\ncontent-encoding: gzip", bomb)) as url:
        trusting = Addresses([urlsplit(url).netloc])
        async with open_client(transport=media_transport(trusting)) as client:
            assert await Download(client, trusting, 1 << 20).run(url, tmp_path / "a") == len(bomb)


async def test_a_body_without_end_is_left_as_soon_as_it_is_too_long(tmp_path: Path) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(ConnectionError):
            while True:
                writer.write(bytes(1 << 16))
                await writer.drain()

    async with serving(endless) as url:
        trusting = Addresses([urlsplit(url).netloc])
        async with open_client(transport=media_transport(trusting)) as client:
            with pytest.raises(MediaUnplayable, match="larger than"):
                await Download(client, trusting, 1 << 20).run(url, tmp_path / "a")
    assert (tmp_path / "a").stat().st_size <= 1 << 20
