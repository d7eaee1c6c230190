"""Nothing can be reached for ten minutes: what is tried meanwhile is counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.job import Phase
from bot.trouble import Passing, Trouble, Unreachable
from tests.stage import ANN, HandClock, Script, Stage, staged

MINUTES = 10
ROOM = 5


class Counted(Script[object]):
    """Answers with the same trouble whenever it is asked."""

    asked = 0

    def next(self) -> object:
        self.asked += 1
        return super().next()


@dataclass
class Wakes:
    """How often somebody began to wait."""

    count: int = 0


@asynccontextmanager
async def working(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wakes]:
    wakes, wait = Wakes(), HandClock.wait

    async def counted(clock: HandClock, event: asyncio.Event, seconds: float | None) -> None:
        wakes.count += 1
        await wait(clock, event, seconds)

    monkeypatch.setattr(HandClock, "wait", counted)
    engine = asyncio.create_task(stage.engine.run())
    try:
        yield wakes
    finally:
        stage.engine.stop()
        await engine


async def ten_minutes(stage: Stage) -> None:
    for _ in range(MINUTES * 60):
        stage.clock.forward(1)
        await stage.store.unfinished()


async def test_a_provider_that_cannot_be_reached_is_knocked_at_by_one_job_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, room=ROOM) as stage:
        stage.provider.submits.will(Unreachable("cannot be reached"))
        async with working(stage, monkeypatch) as wakes:
            for number in range(20):
                await stage.order(by=replace(ANN, user=f"u{number}"))
            await ten_minutes(stage)
            # Those that were let in together, and then one after each pause.
            assert len(stage.provider.takes) <= ROOM + 2 * MINUTES
            assert wakes.count <= 20 * MINUTES * 10
            await stage.chat.until(lambda shown: shown.lines[0] == "fal is busy or out of reach; trying again.")
        # One may be knocking just now.
        waiting = await stage.store.unfinished()
        # Whoever has knocked ten times in vain is told and refunded.
        assert len(waiting) >= 20 - MINUTES // 5
        assert {job.phase for job in waiting} <= {Phase.ACCEPTED, Phase.SUBMITTING}


@pytest.mark.parametrize("trouble", [Passing("no answer"), Passing("HTTP 503", retry_after=1)])
async def test_a_provider_that_does_not_tell_how_it_goes_on_is_asked_four_times_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    async with staged(tmp_path, room=ROOM) as stage:
        sights = stage.provider.sights = Counted(trouble)  # type: ignore[assignment] # it never answers
        async with working(stage, monkeypatch):
            cards = [await stage.order(by=replace(ANN, user=f"u{number}")) for number in range(ROOM)]
            for card in cards:
                await stage.chat.until(lambda shown, job=card.job: shown.job == job and shown.phase is Phase.RENDERING)  # type: ignore[misc]
            await ten_minutes(stage)
        assert ROOM <= sights.asked <= ROOM * (4 * MINUTES + 12)
