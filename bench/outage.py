"""What the program does while it waits for the world to come back."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from bench.crowd import PATIENCE
from bench.process import cpu_seconds
from bench.table import Goal, Measure, Row, Taken
from simulator.app import Options
from tests.process import started
from tests.simulated import simulator
from tests.telegram_api.server import telegram

ORDERS, ROOM = 100, 50
SETTLING, WATCHED = 5.0, 20.0
"""Seconds."""


def _out_of_reach(folder: Path) -> list[Taken]:
    return [Taken(asyncio.run(_outage(folder)))]


async def _outage(folder: Path) -> float:
    for name in ("films", "simulator", "uploads", "bot"):
        (folder / name).mkdir()
    async with AsyncExitStack() as bot, AsyncExitStack() as world:
        provider = await world.enter_async_context(simulator(folder / "simulator", folder / "films", Options(seed=3)))
        chat = await world.enter_async_context(telegram(folder / "uploads"))
        running = started(
            folder / "bot",
            "run",
            RUSHES_WEB_PORT="0",
            RUSHES_FAL_KEY="id:secret",
            RUSHES_FAL_QUEUE_URL=f"{provider.api}/fal",
            RUSHES_TELEGRAM_TOKEN=chat.token,
            RUSHES_TELEGRAM_API_URL=chat.url,
            RUSHES_PARALLEL=str(ROOM),
        )
        program = await bot.enter_async_context(running)
        await chat.until(lambda: chat.world.updates.is_polled, PATIENCE)
        for number in range(ORDERS):
            member = chat.member(f"Member {number}")
            await chat.says(member, chat.private(member), "/video a fox sim:endless")
        await chat.until(lambda: len(chat.called("sendMessage")) >= ORDERS, PATIENCE)
        await world.aclose()
        await asyncio.sleep(SETTLING)
        before = cpu_seconds(program)
        await asyncio.sleep(WATCHED)
        return (cpu_seconds(program) - before) / WATCHED * 100


MEASURE = Measure(
    take=_out_of_reach,
    rows=(
        Row(
            what="everything out of reach with 100 orders under way, the share of a core (%)",
            goal=Goal(most=20),
        ),
    ),
)
