"""Time that passes twenty times as fast for the program as it does for the test."""

import asyncio
from datetime import datetime

from rushes.clock import SystemClock

SPEED = 20

_RUN = """
from rushes import wiring
from rushes.cli import main
from tests.hurried import HurriedClock

wiring.SystemClock = HurriedClock
main(["run"])
"""

PROGRAM = ("-c", _RUN)
"""In place of `-m rushes run`."""


class HurriedClock(SystemClock):
    def __init__(self) -> None:
        self._begun, self._started = super().now(), super().steady()

    def now(self) -> datetime:
        return self._begun + SPEED * (super().now() - self._begun)

    def steady(self) -> datetime:
        return self._started + SPEED * (super().steady() - self._started)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        await super().wait(event, None if seconds is None else seconds / SPEED)
