"""From the command to the clip, through the real program over HTTP."""

import asyncio
import time
from pathlib import Path

from bot.job import Phase
from tests.process import started
from tests.visitor import visiting


def command_to_clip_seconds(folder: Path) -> float:
    return asyncio.run(_order(folder))


async def _order(folder: Path) -> float:
    settings = {"RUSHES_WEB_PORT": "0", "RUSHES_SIMULATOR_SPEED": "60"}
    async with started(folder, "run", **settings) as program, visiting(program.url) as ann:
        begun = time.perf_counter()
        job = await ann.order("a red fox in snow --ar 9:16 --dur 8")
        await ann.until(job, Phase.DELIVERED)
        await ann.clip(job)
        return time.perf_counter() - begun
