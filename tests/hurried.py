"""Time that passes twenty times as fast for the program as it does for the test; its clips it looks into itself."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

from rushes.clock import SystemClock
from simulator.app import Addresses
from tests.process import Program, started

SPEED = 20

_RUN = """
from rushes import wiring
from rushes.cli import main
from tests.hurried import HurriedClock
from tests.open_lab import OpenLab

wiring.SystemClock, wiring.Lab = HurriedClock, OpenLab
main(["run"])
"""

PROGRAM = ("-c", _RUN)
"""In place of `-m rushes run`."""


def at_work(folder: Path, addresses: Addresses, **settings: str) -> AbstractAsyncContextManager[Program]:
    """The hurried program in this folder, with a provider where a create whose answer was lost can be looked up."""
    usual = {
        "RUSHES_WEB_PORT": "0",
        "RUSHES_AIMLAPI_KEY": "secret",
        "RUSHES_AIMLAPI_URL": f"{addresses.api}/aimlapi",
        "RUSHES_TRUSTED_MEDIA_HOSTS": "127.0.0.1",
        "RUSHES_PARALLEL": "16",
        "RUSHES_LOG_LEVEL": "debug",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    return started(folder, program=PROGRAM, **usual | settings)


class HurriedClock(SystemClock):
    def __init__(self) -> None:
        self._begun, self._started = super().now(), super().steady()

    def now(self) -> datetime:
        return self._begun + SPEED * (super().now() - self._begun)

    def steady(self) -> datetime:
        return self._started + SPEED * (super().steady() - self._started)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        await super().wait(event, None if seconds is None else seconds / SPEED)
