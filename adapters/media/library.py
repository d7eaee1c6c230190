"""`bot.ports.Library` as a folder of MP4 files."""

import asyncio
from pathlib import Path

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from adapters.media.addresses import Addresses, PublicResolver
from adapters.media.download import Download
from adapters.media.lab import Lab
from adapters.network import tls
from bot.job import Clip, JobId
from bot.trouble import Passing

SIZE_LIMIT = 512 * 1024 * 1024
"""Bytes of a clip; ten seconds in 1080p have about thirty million."""

FETCH_SECONDS = 600.0


class ClipFolder:
    def __init__(self, folder: Path, client: httpx.AsyncClient, addresses: Addresses, lab: Lab) -> None:
        """`client` must carry no key: the media host is a stranger."""
        self._folder = folder
        self._client = client
        self._addresses = addresses
        self._lab = lab
        for left_over in folder.glob("*.part"):
            left_over.unlink()

    async def fetch(self, job_id: JobId, url: str) -> Clip:
        clip, part = self._folder / f"{job_id}.mp4", self._folder / f"{job_id}.part"
        download = Download(self._client, self._addresses, SIZE_LIMIT)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                size = await download.run(url, part)
            facts = await self._lab.probed(part)
            part.replace(clip)
        except TimeoutError as error:
            raise Passing("the clip came too slowly") from error
        finally:
            part.unlink(missing_ok=True)
        return Clip(name=clip.name, width=facts.width, height=facts.height, seconds=facts.seconds, size=size)

    async def discard(self, clip: Clip) -> None:
        await asyncio.to_thread((self._folder / clip.name).unlink, missing_ok=True)


def media_transport(addresses: Addresses) -> httpx.AsyncBaseTransport:
    """Connects to nothing but public addresses and what is trusted."""

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=PublicResolver(addresses), ssl=tls(), limit=16)
        )

    return AiohttpTransport(verify=tls(), client=session)
