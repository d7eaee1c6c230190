from pathlib import Path

import pytest

from simulator.camera import shoot
from simulator.film import Film


@pytest.fixture(scope="session")
def sounding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds in 540p, with sound."""
    path = tmp_path_factory.mktemp("clips") / "sounding.mp4"
    shoot(Film(prompt="a fox in the snow", seed=5, resolution="540p", seconds=2, audio=True), path)
    return path
