"""From the command to the clip, through the real program over HTTP."""

import asyncio
import time
from pathlib import Path

from bench.table import Measure, Row, Taken
from bot.job import Phase
from tests.process import started
from tests.visitor import visiting


def _ordered(folder: Path) -> list[Taken]:
    return [Taken(asyncio.run(_order(folder)))]


async def _order(folder: Path) -> float:
    settings = {"RUSHES_WEB_PORT": "0", "RUSHES_SIMULATOR_SPEED": "60"}
    async with started(folder, "run", **settings) as program, visiting(program.url) as ann:
        begun = time.perf_counter()
        job = await ann.order("a red fox in snow --ar 9:16 --dur 8")
        await ann.until(job, Phase.DELIVERED)
        await ann.clip(job)
        return time.perf_counter() - begun


MEASURE = Measure(take=_ordered, rows=(Row(what="a command typed, until its clip can be played, at speed 60 (s)"),))
