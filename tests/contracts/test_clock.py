"""What every implementation of `bot.ports.Clock` keeps; the one that tests hold in their hand, too."""

import asyncio
from datetime import UTC

import pytest

from bot.ports import Clock
from rushes.clock import SystemClock
from tests.stage import HandClock


@pytest.fixture(params=[SystemClock, HandClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    built: Clock = request.param()
    return built


def test_now_is_aware_and_in_utc(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC


def test_the_steady_hand_never_goes_back(clock: Clock) -> None:
    assert clock.steady() <= clock.steady()


async def test_an_event_that_is_set_is_not_waited_for(clock: Clock) -> None:
    event = asyncio.Event()
    event.set()
    async with asyncio.timeout(30):
        await clock.wait(event, None)
        await clock.wait(event, 3600)


async def test_no_time_at_all_is_not_waited_for(clock: Clock) -> None:
    async with asyncio.timeout(30):
        await clock.wait(asyncio.Event(), 0.0)


@pytest.mark.parametrize("seconds", [None, 3600.0])
async def test_the_event_ends_the_wait(clock: Clock, seconds: float | None) -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(clock.wait(event, seconds))
    await asyncio.sleep(0)
    assert not waiting.done()
    event.set()
    async with asyncio.timeout(30):
        await waiting
