"""The simulator's camera."""

import time
from pathlib import Path

from simulator.camera import shoot
from simulator.film import Film


def draw_seconds(folder: Path) -> float:
    film = Film(prompt="a red fox in snow", seed=1, aspect_ratio="16:9", resolution="720p", seconds=5)
    begun = time.perf_counter()
    shoot(film, folder / "film.mp4")
    return time.perf_counter() - begun
