"""Ends what was kept long enough: at the start, and every hour from then on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.ports import Clock, Library, Store
from bot.terms import Terms

BETWEEN = timedelta(hours=1)
BETWEEN_SCRUBS = timedelta(days=1)
"""Writing the whole database anew keeps others waiting for it."""

BATCH = 100
"""So much in one transaction, so that orders come in between."""

TOLD_AGAIN = timedelta(days=2)
"""For so long after its job ended a platform may tell of something a second time."""

STRAY = timedelta(days=1)
"""Since a file was last written to, after which it is nobody's work any more."""

log = logging.getLogger(__name__)


class Sweeper:
    def __init__(self, clock: Clock, store: Store, library: Library, terms: Terms) -> None:
        self._clock = clock
        self._store = store
        self._library = library
        self._terms = terms
        self._next_scrub = clock.steady()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.sweep()
            await self._clock.wait(asyncio.Event(), BETWEEN.total_seconds())

    async def sweep(self) -> None:
        """Once. The chats are shown nothing of it."""
        for part in (self._clips, self._prompts, self._memories, self._strays, self._scrub):
            try:
                await part(self._clock.now())
            except Exception:
                # What went wrong is tried again in an hour, and the rest is swept all the same.
                log.exception("not everything could be swept")

    async def _clips(self, now: datetime) -> None:
        if span := self._terms.keep.clips:
            while jobs := await self._store.sweep_clips(now - span, BATCH):
                await self._library.discard(*jobs)
                log.info("%d clips are kept no longer", len(jobs))

    async def _prompts(self, now: datetime) -> None:
        if span := self._terms.keep.prompts:
            await _all(lambda: self._store.erase_prompts(now - span, BATCH))

    async def _memories(self, now: datetime) -> None:
        await _all(lambda: self._store.end_memories(now, BATCH))
        await _all(lambda: self._store.drop_events(now - TOLD_AGAIN, BATCH))

    async def _strays(self, now: datetime) -> None:
        """Files that a crash left behind."""
        untouched = await self._library.untouched(now - STRAY)
        for first in range(0, len(untouched), BATCH):
            await self._library.discard(*await self._store.without_clip(untouched[first : first + BATCH]))

    async def _scrub(self, _: datetime) -> None:
        if self._clock.steady() >= self._next_scrub and await self._store.scrub():
            self._next_scrub = self._clock.steady() + BETWEEN_SCRUBS


async def _all(once: Callable[[], Awaitable[int]]) -> None:
    while await once():
        pass
