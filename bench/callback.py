"""From a provider's word that a clip is done to the message with it, through the real program over loopback."""

import asyncio
import socket
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import av
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bench.table import Goal, Measure, Row, Taken
from tests.process import started
from tests.telegram_api.server import TelegramServer, telegram

CLIPS = 100
BETWEEN = 0.5
"""Seconds between two clips, in which the process for the next thumbnail gets ready."""
BYTES = 64 * 1024
PATIENCE = 30.0
PADDING = b"free"


@dataclass
class Studio:
    """Stands in for ShortAPI, as far as one clip after another needs it."""

    clip: Path
    url: str = ""
    asked: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    """Where it is to call back for each submission."""
    is_done: bool = False

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/v1/job/create", self.create, methods=["POST"]),
                Route("/api/v1/job/query", self.query),
                Route("/clip.mp4", self.film),
            ]
        )

    async def create(self, request: Request) -> Response:
        self.is_done = False
        self.asked.put_nowait((await request.json())["callback_url"])
        return JSONResponse({"code": 0, "data": {"job_id": "1"}})

    async def query(self, _: Request) -> Response:
        videos = [{"url": f"{self.url}/clip.mp4"}]
        job = {"status": "2", "result": {"videos": videos}} if self.is_done else {"status": "1"}
        return JSONResponse({"code": 0, "data": job})

    async def film(self, _: Request) -> Response:
        return FileResponse(self.clip, media_type="video/mp4")


def _called_back(folder: Path) -> list[Taken]:
    lags = asyncio.run(_lags(folder))
    return [Taken(statistics.quantiles(lags, n=100)[-1] * 1000), Taken(statistics.median(lags) * 1000)]


async def _lags(folder: Path) -> list[float]:
    for name in ("uploads", "bot"):
        (folder / name).mkdir()
    port = _free_port()
    async with (
        _filming(Studio(_small(folder / "clip.mp4"))) as studio,
        telegram(folder / "uploads") as chat,
        httpx.AsyncClient() as outside,
        started(
            folder / "bot",
            "run",
            RUSHES_WEB_PORT=f"{port}",
            RUSHES_PUBLIC_URL=f"http://127.0.0.1:{port}",
            RUSHES_SHORTAPI_KEY="key",
            RUSHES_SHORTAPI_URL=studio.url,
            RUSHES_TRUSTED_MEDIA_HOSTS="127.0.0.1",
            RUSHES_TELEGRAM_TOKEN=chat.token,
            RUSHES_TELEGRAM_API_URL=chat.url,
        ),
    ):
        await chat.until(lambda: chat.called("setWebhook"), PATIENCE)
        lags = [await _lag(chat, studio, outside, number) for number in range(CLIPS + 1)]
        # The first one brings along all that any clip needs.
        return lags[1:]


async def _lag(chat: TelegramServer, studio: Studio, outside: httpx.AsyncClient, number: int) -> float:
    """Seconds. Everybody orders once, so that no chat has had its share of messages."""
    member = chat.member(f"Member {number}")
    await chat.says(member, chat.private(member), "/video a fox")
    callback = await asyncio.wait_for(studio.asked.get(), PATIENCE)
    await chat.until(lambda: len(chat.called("sendMessage")) > number, PATIENCE)
    await asyncio.sleep(BETWEEN)
    studio.is_done = True
    begun = chat.world.clock.now()
    await outside.post(callback, json={"job_id": "1"})
    await chat.until(lambda: len(chat.called("sendVideo")) > number, PATIENCE)
    return chat.called("sendVideo")[number].at - begun


@asynccontextmanager
async def _filming(studio: Studio) -> AsyncIterator[Studio]:
    listener = socket.create_server(("127.0.0.1", 0))
    studio.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(studio.app, lifespan="off", access_log=False, log_level="warning"))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield studio
    finally:
        server.should_exit = True
        await serving


def _small(path: Path) -> Path:
    """A clip that is filled up to its size with a box that players pass over."""
    with av.open(path, "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for _ in range(24):
            container.mux(stream.encode(av.VideoFrame(320, 180, "yuv420p")))
        container.mux(stream.encode())
    rest = BYTES - path.stat().st_size
    with path.open("ab") as file:
        file.write(rest.to_bytes(4, "big") + PADDING + bytes(rest - 8))
    return path


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


MEASURE = Measure(
    take=_called_back,
    rows=(
        Row(
            what="from a provider's call to the clip of 64 KB on its way to Telegram, but for one in a hundred (ms)",
            goal=Goal(most=150),
            headline="from the provider's word to the clip on its way into the chat, 99 times of 100 (ms)",
        ),
        Row(what="the same, half of the times (ms)"),
    ),
    runs=2,
)
