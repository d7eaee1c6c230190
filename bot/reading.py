"""Everything that the meters show at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.allowance import Use
from bot.gate import State
from bot.histogram import Histogram
from bot.job import Phase
from bot.meter import Meter
from bot.money import Micros


class UnderWay(NamedTuple):
    """Jobs that are not over, and what is held for them."""

    phase: Phase
    provider: str
    waits_for_a_person: bool
    jobs: int
    held: Micros


class Disk(NamedTuple):
    """Bytes."""

    free: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    version: str
    meter: Meter
    lag: Histogram
    """Seconds by which the event loop is late."""
    worst_lag: float
    under_way: Sequence[UnderWay]
    caps: Sequence[Use]
    """Of the bot as a whole."""
    gates: Mapping[str, State]
    connected: Mapping[str, bool]
    """The chat platforms, by name."""
    commits: Histogram
    writers_waiting: int
    files: Mapping[str, int]
    """Bytes of the database and of what is beside it."""
    disks: Mapping[str, Disk]
    """Where the clips are, and where the database is."""
    backed_up_at: datetime | None
    """`None` where nobody knows of a backup."""
