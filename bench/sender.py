"""Sends two clips with the adapter that the program has, and prints by how many MiB the second one raised the peak."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx

from adapters.media.addresses import Addresses
from adapters.media.lab import Lab
from adapters.media.library import ClipFolder
from bot.catalogue import OFFERS
from bot.job import Clip, Identity, Job, JobId, Phase, Place
from bot.meter import Meter
from bot.money import Micros
from bot.ports import Chat
from bot.request import VideoRequest
from bot.wording import job_card
from rushes.clock import SystemClock

SMALL, LARGE = 1_000_000, 49_000_000
"""Bytes; the first clip brings along everything that any clip needs."""


def memory_mib(name: str) -> float:
    """What Linux says of this process: `VmRSS` for now, `VmHWM` for the peak."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name)]
    return int(line.split()[1]) / 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def a_job(place: Place, size: int) -> Job:
    now = datetime.now(UTC)
    return Job(
        id=JobId(f"{size:020x}"),
        person="p",
        identity=Identity(platform=place.platform, user="1", name="Ann"),
        place=place,
        request=VideoRequest(prompt="a fox"),
        offer_id=OFFERS[0].id,
        seed=1,
        price=Micros(0),
        ordered_at=now,
        phase=Phase.DELIVERED,
        phase_since=now,
        clip=Clip(name=f"{size}.mp4", width=1280, height=720, seconds=5.0, size=size),
    )


async def measured(chat: Chat, place: Place) -> float:
    async def send(size: int) -> None:
        job = a_job(place, size)
        await chat.deliver(job, job_card(job), maybe_sent=False)

    await send(SMALL)
    forget_peak()
    before = memory_mib("VmRSS")
    await send(LARGE)
    return memory_mib("VmHWM") - before


async def main(folder: str, platform: str, token: str, url: str, *rest: str) -> None:
    clock, clips = SystemClock(), Path(folder)
    async with httpx.AsyncClient() as client:
        library = ClipFolder(clips, client, Addresses(), Lab())
        if platform == "telegram":
            from adapters.chat.telegram.chat import TelegramChat  # noqa: PLC0415 - the other one is not measured

            telegram = TelegramChat(token, clock, library, Meter(clock), api_url=url)
            await telegram._connect()  # noqa: SLF001 - without a studio nothing can be ordered, only sent
            print(await measured(telegram, Place(platform=platform, chat=rest[0])))
            await telegram._disconnect()  # noqa: SLF001
        else:
            from adapters.chat.discord.address import point_to  # noqa: PLC0415
            from adapters.chat.discord.chat import DiscordChat  # noqa: PLC0415

            gateway, place = rest
            point_to(url, gateway)
            discord = DiscordChat(token, clock, library, Meter(clock))
            await discord._log_in()  # noqa: SLF001
            connecting = asyncio.create_task(discord._client.connect())  # noqa: SLF001
            await discord._client.wait_until_ready()  # noqa: SLF001
            guild, _, channel = place.partition("/")
            print(await measured(discord, Place(platform=platform, chat=guild, thread=channel)))
            await discord._client.close()  # noqa: SLF001
            await asyncio.gather(connecting, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
