"""A clip of 49 MB from its host into a chat, with the real libraries over real sockets."""

import asyncio
import json
import struct
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bench.reel import reel
from bench.table import Goal, Measure, Row, Taken
from simulator.camera import shoot
from simulator.film import Film
from tests.discord_api.server import discord_api
from tests.telegram_api.clock import Clock
from tests.telegram_api.server import telegram

LARGE = 49_000_000
PARALLEL = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Into one platform: what the courier is told, and what curl is to reach the first of its places."""

    courier: Sequence[str]
    curl: Sequence[str]


def _deliveries(folder: Path) -> list[Taken]:
    return asyncio.run(_delivered(folder))


async def _delivered(folder: Path) -> list[Taken]:
    for name in ("host", "clips", "uploads"):
        (folder / name).mkdir()
    shoot(Film(prompt="a fox", seed=1, resolution="360p", seconds=2), folder / "host" / "small.mp4")
    large = folder / "host" / "large.mp4"
    padding = LARGE - reel().stat().st_size
    large.write_bytes(reel().read_bytes() + struct.pack(">I4s", padding, b"free") + bytes(padding - 8))
    taken = []
    async with _host(folder / "host") as origin:
        for reached in (_telegram, _discord):
            async with reached(folder / "uploads") as way:
                taken += await _both(folder, origin, way)
    return taken


async def _both(folder: Path, origin: str, way: Way) -> list[Taken]:
    courier = await _run(
        sys.executable, "-W", "ignore", "-m", "bench.courier", str(folder / "clips"), origin, *way.courier
    )
    ours = json.loads(courier)
    begun = time.perf_counter()
    file = str(folder / "clip.mp4")
    await _run("curl", "-sf", "-o", file, f"{origin}/large.mp4")
    await _run("curl", "-sf", *(part.format(file=file) for part in way.curl))
    return [Taken(ours["mib"]), Taken(_rate(ours["seconds"]), _rate(time.perf_counter() - begun))]


def _rate(seconds: float) -> float:
    return LARGE / 1e6 / seconds


async def _run(*command: str) -> bytes:
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(command[0])
    return output


@asynccontextmanager
async def _host(folder: Path) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _telegram(uploads: Path) -> AsyncIterator[Way]:
    async with telegram(uploads, clock=Clock(speed=60)) as server:
        chats = [str(server.private(server.member(f"Member {number}")).id) for number in range(PARALLEL)]
        yield Way(
            courier=("telegram", server.token, server.url, *chats),
            curl=(
                "-F",
                "video=@{file};type=video/mp4",
                "-F",
                f"chat_id={chats[0]}",
                f"{server.base_url}{server.token}/sendVideo",
            ),
        )


@asynccontextmanager
async def _discord(uploads: Path) -> AsyncIterator[Way]:
    async with discord_api(uploads, clock=Clock(speed=60)) as server:
        guild = server.guild("Film club", server.member("Ann"), tier=3)
        channels = [server.channel(guild, f"foxes-{number}").id for number in range(PARALLEL)]
        places = [f"{guild.id}/{channel}" for channel in channels]
        yield Way(
            courier=("discord", server.token, f"{server.api_url} {server.gateway_url}", *places),
            curl=(
                *("-F", "files[0]=@{file};type=video/mp4", "-F", "payload_json={{}}"),
                *("-H", f"Authorization: Bot {server.token}", f"{server.api_url}/channels/{channels[0]}/messages"),
            ),
        )


PICTURE_FIRST = (
    "Before the upload a decoder makes the picture that stands for the clip, which curl does without: 0.4 s of 0.6 s, "
    "namely 0.15 to start a process, 0.1 to open the clip and 0.15 to decode and draw. The way to Discord has none."
)


def _rows(platform: str, note: str = "") -> tuple[Row, Row]:
    return (
        Row(what=f"8 clips of 49 MB at a time to {platform}, more memory at the peak (MiB)", goal=Goal(most=16)),
        Row(what="one of them, against `curl -o` and `curl -F` (MB/s)", goal=Goal(least=0.8), note=note),
    )


MEASURE = Measure(take=_deliveries, rows=(*_rows("Telegram", PICTURE_FIRST), *_rows("Discord")))
