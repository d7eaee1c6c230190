"""Forty megabytes in 1080p made to fit into ten."""

import asyncio
import math
import time
from pathlib import Path

import av
import numpy as np

from adapters.media.lab import Lab
from bench.reel import reel
from bench.table import Goal, Measure, Row, Taken
from simulator.picture import planes

LIMIT = 10_000_000
BRIGHTEST = 255


def _fitted(folder: Path) -> list[Taken]:
    clip, target = reel(), folder / "fitted.mp4"
    before = _decoded(clip)
    begun = time.perf_counter()
    fitted = asyncio.run(Lab().fitted(clip, target, LIMIT))
    seconds = time.perf_counter() - begun
    decoded = (before + _decoded(clip)) / 2
    return [Taken(seconds, decoded), Taken(_likeness(clip, target)), Taken(fitted.size, LIMIT)]


def _decoded(clip: Path) -> float:
    """Seconds, with as many threads as the library likes."""
    begun = time.perf_counter()
    with av.open(clip) as container:
        container.streams.video[0].thread_type = "AUTO"
        for _ in container.decode(video=0):
            pass
    return time.perf_counter() - begun


def _likeness(clip: Path, fitted: Path) -> float:
    """PSNR of the brightness in dB, over all pictures together; both have the same measures."""
    errors = []
    with av.open(clip) as before, av.open(fitted) as after:
        for one, other in zip(before.decode(video=0), after.decode(video=0), strict=True):
            difference = planes(one)[0].astype(np.int16) - planes(other)[0]
            errors.append(float(np.square(difference, dtype=np.int32).mean()))
    return 10 * math.log10(BRIGHTEST**2 / (sum(errors) / len(errors)))


MEASURE = Measure(
    take=_fitted,
    rows=(
        Row(
            what="40 MB, 10 s in 1080p, made to fit into 10 MB, against decoding alone (s)",
            goal=Goal(most=3),
            headline="making 40 MB fit into 10, against only decoding them",
        ),
        Row(what="the same, likeness of the brightness (PSNR-Y, dB)", goal=Goal(least=39.5)),
        Row(what="the same, size against the limit (bytes)", goal=Goal(most=1)),
    ),
)
