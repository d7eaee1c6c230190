"""The long run: `python -m tests.chaos JOBS KILLS SEED`. Ends with 1 where a demand is not met."""

import asyncio
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.audit import audit, table
from tests.chaos.lives import lives
from tests.chaos.orders import orders
from tests.chaos.performance import Performance, at_random
from tests.chaos.scene import cast, staged

CROWD, PARALLEL = 60, 16

EVERY = 10
"""Kills after which something is said."""


async def run(folder: Path, jobs: int, kills: int, seed: int) -> bool:
    begun = time.monotonic()
    films = folder / "films"
    films.mkdir()
    async with staged(folder, films, parallel=PARALLEL, cap=jobs) as scene, lives(scene.folder) as program:

        def told(news: str) -> None:
            if len(scene.kills) % EVERY == 0:
                say(f"{time.monotonic() - begun:6.0f} s  {news}")

        ordered = list(orders(cast(scene), jobs, seed))
        performance = Performance(scene, program, ordered, CROWD, told)
        await performance.play(at_random(scene, orders=jobs, kills=kills, seed=seed))
        lines = await audit(scene, ordered)
    say(f"{time.monotonic() - begun:6.0f} s  everything is over\n\n{table(lines)}")
    return all(line.is_met for line in lines)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    jobs, kills, seed = map(int, sys.argv[1:])
    # An upload that breaks off is an error elsewhere, and meant here.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="rushes-chaos-"))
    if not asyncio.run(run(folder, jobs, kills, seed)):
        say(f"\nA demand is not met; the log and the database are in {folder / 'bot'}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
