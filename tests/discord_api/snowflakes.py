"""Discord's numbers, which tell when they were given out."""

import itertools

from tests.telegram_api.clock import Clock

EPOCH = 1_420_070_400_000  # milliseconds since 1970


class Snowflakes:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)

    def next(self) -> int:
        """Greater than all before, however little time has passed."""
        milliseconds = int(self._clock.now() * 1000) - EPOCH
        return milliseconds << 22 | next(self._numbers) & 0x3FFFFF
