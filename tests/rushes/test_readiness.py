"""Whether orders are taken and filmed, as whoever watches over the bot is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.job import Phase
from rushes.readiness import HOLDS, Readiness
from tests.full_disk import no_file_larger_than
from tests.meters import asking, at_work, filmed
from tests.stage import Stage


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[Readiness]:
    working = asyncio.create_task(stage.engine.run())
    await stage.order()
    await stage.chat.until(lambda card: card.phase is Phase.RENDERING)
    yield Readiness(stage.clock, stage.store, stage.engine, {})
    stage.engine.stop()
    await working


async def test_a_bot_that_runs_is_ready_and_one_that_stops_says_so(stage: Stage) -> None:
    async with running(stage) as readiness:
        assert await readiness.missing() == []
    stage.clock.forward(HOLDS.total_seconds())
    assert await readiness.missing() == ["The engine does not run: it has not begun yet, or is stopping."]


async def test_a_database_that_cannot_be_written_is_told(stage: Stage) -> None:
    async with running(stage) as readiness:
        with no_file_larger_than(4096):
            (told,) = await readiness.missing()
        assert told.startswith("The database cannot be written: ")
        stage.clock.forward(HOLDS.total_seconds())
        assert await readiness.missing() == []


async def test_however_many_ask_the_database_is_written_once_a_second(stage: Stage) -> None:
    async with running(stage) as readiness:
        before = sum(stage.store.commits.buckets)
        await asyncio.gather(*(readiness.missing() for _ in range(10)))
        assert sum(stage.store.commits.buckets) == before + 1


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        ({"telegram_token": f"123:{'a' * 30}"}, "Not connected to Telegram."),
        ({"telegram_token": f"123:{'a' * 30}", "discord_token": "d" * 30}, "Not connected to Telegram nor Discord."),
    ],
)
async def test_what_is_missing_is_told_by_name(tmp_path: Path, films: Path, tokens: dict[str, str], told: str) -> None:
    async with at_work(tmp_path / "data", films, **tokens) as rushes, asking(rushes) as client:
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert told in answer.text.splitlines()


async def test_who_is_ready_answers_well(tmp_path: Path, films: Path) -> None:
    async with at_work(tmp_path / "data", films) as rushes, asking(rushes) as client:
        await filmed(rushes)
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.text) == (200, "ready")
