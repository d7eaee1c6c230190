"""The program in this process, asked for what its meters say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from adapters.chat.web.room import PLATFORM, ROOM
from bot.card import JobCard, Order
from bot.job import Identity, Phase, Place
from rushes.settings import Settings
from rushes.wiring import Rushes, assembled

ANN = Identity(platform=PLATFORM, user="user-4711", name="Annabel")
PROMPT = "a vermilion fox"


@asynccontextmanager
async def at_work(folder: Path, films: Path, **settings: object) -> AsyncIterator[Rushes]:
    """What one test has filmed the next need not film again."""
    (folder / "simulator").mkdir(parents=True)
    (folder / "simulator" / "films").symlink_to(films)
    given = {"data_dir": folder, "simulator_speed": 1000.0} | settings
    async with assembled(Settings.model_validate(given)) as rushes:
        working = asyncio.create_task(rushes.engine.run(), name="engine")
        yield rushes
        rushes.engine.stop()
        await working


@asynccontextmanager
async def asking(rushes: Rushes, host: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(rushes.app), base_url=f"http://{host}") as client:
        yield client


async def filmed(rushes: Rushes) -> JobCard:
    """A clip that was ordered, once it is there."""
    place = Place(platform=PLATFORM, chat=ROOM)
    with rushes.web.seat(None) as seat:
        order = Order(identity=ANN, place=place, event="1", text=f"/video {PROMPT} --res 360p --seed 1")
        ordered = await rushes.studio.order(order)
        assert isinstance(ordered, JobCard)
        while news := await rushes.web.news(seat):
            if done := [card for card in news.cards if card.phase is Phase.DELIVERED]:
                return done[0]
    raise AssertionError
