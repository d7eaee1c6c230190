"""`bot.ports.Library` as a folder of MP4 files."""

import asyncio
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from adapters.media.addresses import Addresses, PublicResolver
from adapters.media.download import Download
from adapters.media.faststart import index_first
from adapters.media.lab import Lab, OutOfTime
from adapters.media.sharing import Sharing
from adapters.network import tls
from bot.job import Clip, JobId
from bot.ports import Link
from bot.trouble import MediaUnplayable, NotKept, Passing, Undeliverable

SIZE_LIMIT = 512 * 1024 * 1024
"""Bytes of a clip; ten seconds in 1080p have about thirty million."""

FETCH_SECONDS = 600.0

_OURS = re.compile(r"([0-9a-f]{20})\.")

log = logging.getLogger(__name__)


class ClipFolder:
    def __init__(
        self,
        folder: Path,
        client: httpx.AsyncClient,
        addresses: Addresses,
        lab: Lab,
        sharing: Sharing | None = None,
    ) -> None:
        """`client` must carry no key: the media host is a stranger."""
        self._folder = folder
        self._client = client
        self._addresses = addresses
        self._lab = lab
        self._sharing = sharing
        for left_over in folder.glob("*.part"):
            left_over.unlink()

    async def fetch(self, job_id: JobId, url: str) -> Clip:
        clip, part = self._folder / f"{job_id}.mp4", self._folder / f"{job_id}.part"
        download = Download(self._client, self._addresses, SIZE_LIMIT)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                await download.run(url, part)
            facts = await self._lab.probed(part)
            size = await asyncio.to_thread(_settled, part)
            part.replace(clip)
        except TimeoutError as error:
            raise Passing("the clip came too slowly") from error
        except OSError as error:
            raise NotKept(error.strerror or type(error).__name__) from error
        finally:
            part.unlink(missing_ok=True)
        return Clip(name=clip.name, width=facts.width, height=facts.height, seconds=facts.seconds, size=size)

    async def discard(self, *jobs: JobId) -> None:
        def discarded() -> None:
            for job, file in self._ours():
                if job in gone:
                    file.unlink(missing_ok=True)

        if gone := frozenset(jobs):
            await asyncio.to_thread(discarded)

    async def untouched(self, since: datetime) -> Sequence[JobId]:
        def found() -> Sequence[JobId]:
            newest: dict[JobId, float] = {}
            for job, file in self._ours():
                with suppress(FileNotFoundError):
                    newest[job] = max(newest.get(job, 0.0), file.stat().st_mtime)
            return [job for job, written in newest.items() if written < since.timestamp()]

        return await asyncio.to_thread(found)

    def file(self, clip: Clip) -> Path:
        return self._folder / clip.name

    async def fitted(self, clip: Clip, limit: int) -> Clip:
        target = self._beside(clip, f"{limit}.mp4")
        try:
            if target.exists():
                facts = await self._lab.probed(target)
                size = target.stat().st_size
                return Clip(name=target.name, width=facts.width, height=facts.height, seconds=facts.seconds, size=size)
            return await self._lab.fitted(self.file(clip), target, limit)
        except MediaUnplayable as trouble:
            raise Undeliverable(trouble.detail) from trouble

    async def thumbnail(self, clip: Clip) -> Path | None:
        target = self._beside(clip, "jpg")
        try:
            if not target.exists():
                await self._lab.thumbnailed(self.file(clip), target)
        except (MediaUnplayable, OutOfTime, NotKept) as trouble:
            log.warning("no thumbnail of %s: %s", clip.name, trouble.detail)
            return None
        return target

    def link(self, clip: Clip) -> Link | None:
        return self._sharing.link(clip) if self._sharing else None

    def _ours(self) -> Iterator[tuple[JobId, Path]]:
        """Every file that we may have made, and of which job."""
        for file in self._folder.iterdir():
            if found := _OURS.match(file.name):
                yield JobId(found[1]), file

    def _beside(self, clip: Clip, ending: str) -> Path:
        return self._folder / f"{Path(clip.name).stem}.{ending}"


def _settled(clip: Path) -> int:
    """Its size in bytes, once it is as a player likes it and the disk has all of it."""
    try:
        index_first(clip)
    except OSError as error:
        log.warning("%s keeps its index at the end: %s", clip.name, error.strerror)
    with clip.open("rb") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size


def media_transport(addresses: Addresses) -> httpx.AsyncBaseTransport:
    """Connects to nothing but public addresses and what is trusted."""

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=PublicResolver(addresses), ssl=tls(), limit=16)
        )

    return AiohttpTransport(verify=tls(), client=session)
