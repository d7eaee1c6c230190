"""A file from a stranger's address to our disk: bounded, redirected only to where it may, resumed when it breaks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import anyio
import httpx

from adapters.media.addresses import Addresses
from adapters.network import FAILURES
from bot.trouble import MediaExpired, MediaForbidden, MediaUnplayable, Passing

MOST_REDIRECTS = 5
MOST_BREAKS = 3
"""Times that one download goes on after the connection broke in the middle."""

_EXPIRED = {401, 403, 404, 410}
_CHUNK = 1 << 18
"""Bytes that are written at once."""


class _Broke(Exception):
    """The connection ended before the file did."""


@dataclass(slots=True)
class Download:
    client: httpx.AsyncClient
    addresses: Addresses
    size_limit: int
    validator: str | None = None
    """What the server calls this version of the file, where it says so: only then can it be resumed."""
    size: int = 0
    """Bytes of it that are on the disk."""

    async def run(self, url: str, file: Path) -> int:
        """The size in bytes. Raises `Passing`, `MediaExpired`, `MediaForbidden` or `MediaUnplayable`."""
        for _ in range(MOST_BREAKS):
            try:
                return await self._once(url, file)
            except _Broke as broke:
                if self.validator is None:
                    raise Passing("the connection to the media host broke") from broke
        raise Passing("the connection to the media host keeps breaking")

    async def _once(self, url: str, file: Path) -> int:
        headers = {"Range": f"bytes={self.size}-", "If-Range": self.validator} if self.validator and self.size else {}
        async with self._answer(url, headers) as response:
            goes_on = response.headers.get("content-range", "").startswith(f"bytes {self.size}-")
            self.size = self.size if goes_on else 0
            self.validator = _strong(response.headers.get("etag"))
            async with await anyio.open_file(file, "ab" if goes_on else "wb") as target:
                await self._copy(response, target)
        return self.size

    async def _copy(self, response: httpx.Response, target: anyio.AsyncFile[bytes]) -> None:
        waiting = bytearray()
        try:
            async for chunk in response.aiter_raw():
                waiting += chunk
                if self.size + len(waiting) > self.size_limit:
                    raise MediaUnplayable(f"larger than {self.size_limit} bytes")
                if len(waiting) >= _CHUNK:
                    await self._write(waiting, target)
        except FAILURES as error:
            await self._write(waiting, target)
            raise _Broke from error
        await self._write(waiting, target)

    async def _write(self, waiting: bytearray, target: anyio.AsyncFile[bytes]) -> None:
        await target.write(waiting)
        self.size += len(waiting)
        waiting.clear()

    @asynccontextmanager
    async def _answer(self, url: str, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """The first answer that is no redirect; every address on the way is checked."""
        for _ in range(MOST_REDIRECTS):
            self.addresses.check(url)
            async with self._opened(url, headers) as response:
                if not response.has_redirect_location:
                    _expect_content(response)
                    yield response
                    return
                url = _led_to(url, response.headers["location"])
        raise Passing("the media host redirects without end")

    @asynccontextmanager
    async def _opened(self, url: str, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        try:
            request = self.client.build_request("GET", url, headers=headers)
            response = await self.client.send(request, stream=True)
        except FAILURES as error:
            raise Passing(f"{type(error).__name__} from the media host") from error
        try:
            yield response
        finally:
            await response.aclose()


def _led_to(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise MediaForbidden("redirected to what is no address") from error


def _expect_content(response: httpx.Response) -> None:
    if response.status_code in _EXPIRED:
        raise MediaExpired(f"HTTP {response.status_code}")
    if not response.is_success:
        raise Passing(f"HTTP {response.status_code} from the media host")


def _strong(etag: str | None) -> str | None:
    """A weak one promises the same picture, not the same bytes."""
    return None if etag is None or etag.startswith("W/") else etag
