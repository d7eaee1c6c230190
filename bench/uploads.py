"""How much memory a clip of 49 MB takes on its way into a chat, with the real libraries over real sockets."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from bench.sender import LARGE, SMALL
from bench.table import Goal, Measure, Row, Taken
from tests.discord_api.server import discord_api
from tests.telegram_api.clock import Clock
from tests.telegram_api.server import telegram

START = b"\0\0\0\x18ftypmp42"


def _uploads(folder: Path) -> list[Taken]:
    return [
        Taken(asyncio.run(_to_telegram(_made(folder / "telegram")))),
        Taken(asyncio.run(_to_discord(_made(folder / "discord")))),
    ]


async def _to_telegram(folder: Path) -> float:
    async with telegram(_made(folder / "uploads"), clock=Clock(speed=60)) as server:
        chat = server.private(server.member("Ann"))
        return await _sent(folder, "telegram", server.token, server.url, str(chat.id))


async def _to_discord(folder: Path) -> float:
    async with discord_api(_made(folder / "uploads"), clock=Clock(speed=60)) as server:
        guild = server.guild("Film club", server.member("Ann"), tier=3)
        place = f"{guild.id}/{server.channel(guild, 'foxes').id}"
        return await _sent(folder, "discord", server.token, server.api_url, server.gateway_url, place)


async def _sent(folder: Path, *where: str) -> float:
    clips = _made(folder / "clips")
    for size in (SMALL, LARGE):
        (clips / f"{size}.mp4").write_bytes(START + bytes(size - len(START)))
    sender = [sys.executable, "-W", "ignore", "-m", "bench.sender", str(clips), *where]
    process = await asyncio.create_subprocess_exec(*sender, stdout=PIPE)
    output, _ = await process.communicate()
    return float(output)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


MEASURE = Measure(
    take=_uploads,
    rows=tuple(
        Row(what=f"a clip of 49 MB to {name}, more memory at the peak (MiB)", goal=Goal(most=8))
        for name in ("Telegram", "Discord")
    ),
)
