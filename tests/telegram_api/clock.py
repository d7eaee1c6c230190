"""Telegram's time, which a test may hurry or hold."""

import asyncio
import heapq
import itertools
import time


class Clock:
    def __init__(self, speed: float = 1.0) -> None:
        """With a speed of 60 a minute of Telegram's lasts a second."""
        self.speed = speed
        self.start = time.time()  # when it began, by our clock
        self._began = time.monotonic()

    def now(self) -> float:
        """Seconds since 1970."""
        return self.start + (time.monotonic() - self._began) * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


class HeldClock(Clock):
    """Moves by `advance` alone."""

    def __init__(self) -> None:
        super().__init__()
        self._now = self.start
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            heapq.heappop(self._sleepers)[2].set()

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        await woken.wait()
