"""A simulator on loopback for the tests of whatever talks to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from simulator.app import Addresses, Options, simulate

FAST = Options(speed=1000, seed=3)


@asynccontextmanager
async def simulator(folder: Path, films: Path, options: Options = FAST) -> AsyncIterator[Addresses]:
    """`films` is shared, so that what one test has filmed the next need not film again."""
    (folder / "films").symlink_to(films)
    ready: asyncio.Future[Addresses] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        simulate("127.0.0.1", 0, replace(options, directory=folder), ready.set_result), name="simulator"
    )
    try:
        yield await ready
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
