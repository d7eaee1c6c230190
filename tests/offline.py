"""What the tests of both chat platforms stand on: one clock for everybody, and clips of any size."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.job import Clip
from bot.ports import Link
from tests.stage import HandClock, HandLibrary, Script
from tests.telegram_api.clock import Clock

CONTENT = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 8


class StageTime(Clock):
    """The platform's clock goes with the one that the test holds in its hand."""

    def __init__(self, hand: HandClock) -> None:
        super().__init__()
        self._hand = hand

    def now(self) -> float:
        return self._hand.steady().timestamp()


@dataclass
class Shelf(HandLibrary):
    """Clips whose size is what the test says."""

    fits: Script[Clip] | None = None
    limits: list[int] = field(default_factory=list)
    picture: Path | None = None
    is_public: bool = True

    async def fitted(self, clip: Clip, limit: int) -> Clip:
        self.limits.append(limit)
        return self.fits.next() if self.fits else await super().fitted(clip, limit)

    async def thumbnail(self, clip: Clip) -> Path | None:  # noqa: ARG002 - the port
        return self.picture

    def link(self, clip: Clip) -> Link | None:
        return super().link(clip) if self.is_public else None
