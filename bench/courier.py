"""Brings clips from an address into a chat as the program does, and prints what that took.

`python -m bench.courier FOLDER ORIGIN PLATFORM TOKEN URL PLACE ...` fetches `small.mp4` and `large.mp4` from ORIGIN.
Every place gets a small clip first, which brings along all that any clip needs; then all get a large one at the same
time, and at last one of them gets another.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from adapters.media.addresses import Addresses
from adapters.media.lab import Lab
from adapters.media.library import ClipFolder, media_transport
from adapters.network import open_client
from bench.memory import forget_peak, memory_mib
from bot.catalogue import OFFERS
from bot.job import Clip, Identity, Job, JobId, Phase, Place
from bot.meter import Meter
from bot.money import Micros
from bot.ports import Chat, Library
from bot.request import VideoRequest
from bot.wording import job_card
from rushes.clock import SystemClock


def delivered(job: JobId, clip: Clip, place: Place) -> Job:
    now = datetime.now(UTC)
    return Job(
        id=job,
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
        clip=clip,
    )


async def deliver(library: Library, chat: Chat, url: str, place: Place) -> None:
    name = JobId(token_hex(10))
    job = delivered(name, await library.fetch(name, url), place)
    await chat.deliver(job, job_card(job), maybe_sent=False)


@asynccontextmanager
async def connected(library: Library, platform: str, token: str, url: str) -> AsyncIterator[Chat]:
    clock = SystemClock()
    if platform == "telegram":
        from adapters.chat.telegram.chat import TelegramChat  # noqa: PLC0415 - the other one is not measured

        telegram = TelegramChat(token, clock, library, Meter(clock), api_url=url)
        await telegram._connect()  # noqa: SLF001 - without a studio nothing can be ordered, only sent
        yield telegram
        await telegram._disconnect()  # noqa: SLF001
    else:
        from adapters.chat.discord.address import point_to  # noqa: PLC0415
        from adapters.chat.discord.chat import DiscordChat  # noqa: PLC0415

        point_to(*url.split())
        discord = DiscordChat(token, clock, library, Meter(clock))
        await discord._log_in()  # noqa: SLF001
        connecting = asyncio.create_task(discord._client.connect())  # noqa: SLF001
        await discord._client.wait_until_ready()  # noqa: SLF001
        yield discord
        await discord._client.close()  # noqa: SLF001
        await asyncio.gather(connecting, return_exceptions=True)


async def main(folder: str, origin: str, platform: str, token: str, url: str, *chats: str) -> None:
    trusted = Addresses(["127.0.0.1"])
    places = [_place(platform, chat) for chat in chats]
    async with open_client(transport=media_transport(trusted)) as client:
        library = ClipFolder(Path(folder), client, trusted, Lab())
        async with connected(library, platform, token, url) as chat:

            async def everywhere(name: str, places: Sequence[Place]) -> None:
                await asyncio.gather(*(deliver(library, chat, f"{origin}/{name}.mp4", place) for place in places))

            await everywhere("small", places)
            forget_peak()
            before = memory_mib("VmRSS")
            await everywhere("large", places)
            more = memory_mib("VmHWM") - before
            begun = time.perf_counter()
            await everywhere("large", places[:1])
            print(json.dumps({"mib": more, "seconds": time.perf_counter() - begun}))


def _place(platform: str, chat: str) -> Place:
    """`guild/channel` on Discord."""
    guild, _, channel = chat.partition("/")
    return Place(platform=platform, chat=guild, thread=channel or None)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
