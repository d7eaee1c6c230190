"""The simulator's camera."""

import time
from pathlib import Path

from bench.table import Measure, Row, Taken
from simulator.camera import shoot
from simulator.film import Film


def _drawn(folder: Path) -> list[Taken]:
    film = Film(prompt="a red fox in snow", seed=1, aspect_ratio="16:9", resolution="720p", seconds=5)
    begun = time.perf_counter()
    shoot(film, folder / "film.mp4")
    return [Taken(time.perf_counter() - begun)]


MEASURE = Measure(take=_drawn, rows=(Row(what="a clip of 5 s at 720p drawn by the simulator (s)"),))
