"""Looking into a clip of 40 MB, and bringing its index to the front."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import av

from adapters.media.faststart import index_first
from adapters.media.lab import Lab
from bench.reel import reel
from bench.table import Goal, Measure, Row, Taken

LOOKS = 20


def _looked(folder: Path) -> list[Taken]:
    clip, copy = folder / "clip.mp4", folder / "copy.mp4"
    shutil.copyfile(reel(), clip)
    # Whoever opens it with PyAV and reads width and length; the product's own probe would go through every packet.
    opened = _seconds(lambda: av.open(clip).close())
    copied = _seconds(lambda: subprocess.run(["cp", clip, copy], check=True))
    return [Taken(asyncio.run(_probed(clip)) * 1000, opened * 1000), Taken(_seconds(lambda: index_first(clip)), copied)]


async def _probed(clip: Path) -> float:
    lab = Lab()
    await lab.probed(clip)
    begun = time.perf_counter()
    for _ in range(LOOKS):
        await lab.probed(clip)
    return (time.perf_counter() - begun) / LOOKS


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


MEASURE = Measure(
    take=_looked,
    rows=(
        Row(
            what="a clip of 40 MB probed, against opening it with PyAV (ms)",
            goal=Goal(most=1 / 50),
            headline="looking into a clip of 40 MB, against PyAV",
        ),
        Row(what="its index brought to the front, against `cp` (s)", goal=Goal(most=2.5)),
    ),
    runs=9,
)
