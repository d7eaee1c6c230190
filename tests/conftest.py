import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from simulator.app import Addresses
from tests.simulated import simulator
from tests.stage import Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as built:
        yield built


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all the workers, so that they draw each film once between them."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "films"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
async def addresses(tmp_path: Path, films: Path) -> AsyncIterator[Addresses]:
    """Of a simulator that is a thousand times faster than the real thing."""
    folder = tmp_path / "simulator"
    folder.mkdir()
    async with simulator(folder, films) as served:
        yield served
