import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page

from adapters.network import tls
from rushes.settings import Settings
from rushes.wiring import Rushes, assembled
from tests.process import Program, started

FAST = 1000.0
NEVER_READY = 0.001


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs, on a loopback port, with the simulator as provider."""

    url: str
    folder: Path
    rushes: Rushes
    server: uvicorn.Server
    serving: "asyncio.Task[None]"


Build = Callable[[float], Awaitable[House]]


@asynccontextmanager
async def housed(folder: Path, films: Path, speed: float) -> AsyncIterator[House]:
    _share(films, folder)
    async with assembled(Settings(data_dir=folder, simulator_speed=speed)) as rushes:
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(rushes.app, lifespan="off", log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve([listener]), name="web")
        working = asyncio.create_task(rushes.engine.run(), name="engine")
        try:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield House(url, folder, rushes, server, serving)
        finally:
            rushes.engine.stop()
            rushes.web.close()
            # Not by its flag, which the server looks at ten times a second.
            await server.shutdown([listener])
            serving.cancel()
            await asyncio.gather(serving, working, return_exceptions=True)


@asynccontextmanager
async def guest(house: House, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has opened the page."""
    async with httpx.AsyncClient(
        verify=tls(), base_url=house.url, headers={"Origin": house.url} | headers, timeout=30
    ) as client:
        assert (await client.get("/")).status_code == 200
        yield client


async def order(client: httpx.AsyncClient, text: str, event: str | None = None) -> httpx.Response:
    return await client.post("/orders", json={"text": text, "event": event or str(uuid.uuid4())})


def _share(films: Path, folder: Path) -> None:
    """What one test has filmed the next need not film again."""
    (folder / "simulator").mkdir(parents=True)
    (folder / "simulator" / "films").symlink_to(films)


@pytest.fixture
async def build(tmp_path: Path, films: Path) -> AsyncIterator[Build]:
    """Makes a house where clips take their usual time divided by the speed."""
    async with AsyncExitStack() as stack:

        async def built(speed: float) -> House:
            return await stack.enter_async_context(housed(tmp_path / "data", films, speed))

        yield built


@pytest.fixture
async def house(build: Build) -> House:
    """Where clips are ready at once."""
    return await build(FAST)


@pytest.fixture
async def slow_house(build: Build) -> House:
    """Where no clip is ready before the test is over."""
    return await build(NEVER_READY)


@pytest_asyncio.fixture(loop_scope="module")
async def program(request: pytest.FixtureRequest, tmp_path: Path, films: Path) -> AsyncIterator[Program]:
    """`rushes run` as people start it; the parameter is the simulator's speed."""
    data = tmp_path / "data"
    _share(films, data)
    speed = str(getattr(request, "param", 60))
    settings = {"RUSHES_WEB_PORT": "0", "RUSHES_DATA_DIR": str(data), "RUSHES_SIMULATOR_SPEED": speed}
    async with started(tmp_path, "run", **settings) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, program: Program) -> AsyncIterator[Page]:
    """The chat, just opened. Fails where a script or the content policy complained."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    await opened.goto(program.url)
    yield opened
    await context.close()
    assert complaints == []
