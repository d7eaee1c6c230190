"""A clip as large as a provider's best: ten seconds in 1080p, with sound and a camera's grain."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import numpy as np
from av import VideoFrame

from simulator.camera import audio_stream, frames, record
from simulator.film import Film
from simulator.picture import planes

BYTES = 40_000_000
SECONDS = 10

_FILM = Film(prompt="a red fox in snow", seed=1, resolution="1080p", seconds=SECONDS, audio=True, multi_clip=True)
_GRAIN = 2.8
"""Deviation of the brightness, of 255: without it the picture takes a tenth of the bytes."""

_SHIFT = 64
"""Pixels by which the same grain is moved at most from one picture to the next, which is cheaper than new grain."""


@cache
def reel() -> Path:
    """Its index comes last. Made once, and gone with this process."""
    folder = Path(tempfile.mkdtemp(prefix="rushes-reel-"))
    atexit.register(shutil.rmtree, folder)
    path = folder / "reel.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "veryfast"})
        stream.width, stream.height = _FILM.size
        stream.pix_fmt, stream.bit_rate = "yuv420p", BYTES * 8 // SECONDS
        sound = audio_stream(container)
        for frame in _grainy():
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        record(container, sound, _FILM)
    return path


def _grainy() -> Iterator[VideoFrame]:
    chance = np.random.default_rng(1)
    width, height = _FILM.size
    grain = np.rint(chance.normal(0, _GRAIN, (height + _SHIFT, width + _SHIFT))).astype(np.int16)
    for frame in frames(_FILM):
        down, right = chance.integers(0, _SHIFT, 2)
        light = planes(frame)[0]
        light[:] = np.clip(light + grain[down : down + height, right : right + width], 16, 235).astype(np.uint8)
        yield frame
