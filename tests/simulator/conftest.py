from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from simulator.app import Options, Simulator, assembled
from simulator.clock import Clock
from tests.simulator.aimlapi_client import Opened


class ManualClock:
    """Stands still, except while somebody sleeps."""

    def __init__(self) -> None:
        self._now = 1_800_000_000.0

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += seconds


@pytest.fixture
def clock() -> Clock:
    return ManualClock()


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture
def directory(tmp_path: Path, films: Path) -> Path:
    """A simulator's own, but for the films: what one test has shot, the next need not shoot again."""
    (tmp_path / "films").symlink_to(films)
    return tmp_path


@pytest.fixture
def simulator(clock: Clock, directory: Path) -> Iterator[Simulator]:
    options = Options(seed=1, directory=directory, runners=2, media_lifetime=3600)
    with assembled(options, clock) as simulator:
        yield simulator


@pytest.fixture
async def api(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(simulator.api)
    headers = {"authorization": "Key id:secret"}
    base_url = "http://simulator.invalid"
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers) as client:
        yield client


@pytest.fixture
async def media(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(simulator.media)) as client:
        yield client


@pytest.fixture
def opened(clock: Clock, directory: Path) -> Opened:
    """A simulator where some faults are always there."""

    @contextmanager
    def with_faults(*always: str) -> Iterator[httpx.AsyncClient]:
        with assembled(Options(seed=1, directory=directory, always=always), clock) as simulator:
            yield httpx.AsyncClient(
                transport=httpx.ASGITransport(simulator.api),
                base_url="http://simulator.invalid",
                headers={"authorization": "Bearer k"},
            )

    return with_faults


@pytest.fixture
def usual(opened: Opened) -> Iterator[httpx.AsyncClient]:
    with opened() as api:
        yield api
