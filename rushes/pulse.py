"""How late the event loop is: while one piece of work holds it, nobody is answered."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.histogram import Histogram

EVERY = 0.05
"""Seconds between two beats; of a hold that is shorter, only a part may be seen."""

TOO_LATE = 0.1
"""Seconds from which on it is worth a warning."""

QUIET = 60.0
"""Seconds after a warning in which there is no other."""

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds."""

log = logging.getLogger(__name__)


class Pulse:
    def __init__(self) -> None:
        self.lag = Histogram(BOUNDS)
        """By how many seconds beats came late."""
        self.worst = 0.0
        """Seconds."""
        self._untold = 0.0
        self._told_at = -QUIET

    @contextmanager
    def beating(self) -> Iterator[None]:
        """On the running loop."""
        self._await_beat(asyncio.get_running_loop())
        try:
            yield
        finally:
            self._next.cancel()

    def note(self, late: float, now: float) -> None:
        """A beat that came `late` seconds after it was due. `now` is the loop's time."""
        late = max(late, 0.0)
        self.lag.note(late)
        self.worst = max(self.worst, late)
        self._untold = max(self._untold, late)
        if self._untold > TOO_LATE and now - self._told_at >= QUIET:
            log.warning("nothing was answered for %.0f ms: something held the event loop", self._untold * 1000)
            self._untold, self._told_at = 0.0, now

    def _await_beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._next = loop.call_later(EVERY, self._beat, loop, loop.time() + EVERY)

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        self.note(loop.time() - due, loop.time())
        self._await_beat(loop)
