"""What the machine has left: time between two beats, and room on its disk."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.histogram import Histogram


class Pulse(Protocol):
    worst: float
    """Seconds by which the event loop was late at most."""

    lag: Histogram
    """Seconds by which it was late, beat by beat."""


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes."""

    free: int
    total: int
    database: int

    @property
    def share(self) -> float:
        """Used, of 1."""
        return 1 - self.free / self.total


class Machine:
    def __init__(self, pulse: Pulse, folder: Path, database: Path) -> None:
        self.pulse = pulse
        self._folder = folder
        self._database = database

    async def room(self) -> Room:
        return await asyncio.to_thread(self._room)

    def _room(self) -> Room:
        disk = shutil.disk_usage(self._folder)
        return Room(disk.free, disk.total, self._database.stat().st_size)
