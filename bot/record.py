"""Writes every change of a job down, then shows it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.job import Entry, EntryKind, ImpossibleStep, Job, Phase
from bot.money import Micros
from bot.ports import Clock, Overtaken, Store
from bot.screen import Screen

log = logging.getLogger(__name__)


class Record:
    def __init__(self, clock: Clock, store: Store, screen: Screen) -> None:
        self._clock = clock
        self._store = store
        self._screen = screen

    async def change(self, job: Job, apply: Callable[[Job], Job], entry: Entry | None = None) -> Job:
        """Apply to the job as it is stored now, whoever changed it since it was read.

        `apply` raises `ImpossibleStep` where the change no longer makes sense.
        """
        while True:
            try:
                saved = await self._store.save(apply(job), entry)
            except Overtaken:
                job = await self.fresh(job)
            else:
                self._screen.show(saved)
                return saved

    async def move(self, job: Job, phase: Phase, *, entry: Entry | None = None, **changes: Any) -> Job:  # noqa: ANN401 - the fields of Job
        """Raises `ImpossibleStep` where the job has left the phase in which it was read."""
        at = self._clock.now()

        def moved(now: Job) -> Job:
            if now.phase is not job.phase:
                raise ImpossibleStep(job.id, now.phase, phase)
            return replace(now.entering(phase, at), **changes)

        saved = await self.change(job, moved, entry)
        log.info("job %s", phase, extra={"job": job.id, "offer": job.offer_id})
        return saved

    async def refund(self, job: Job, phase: Phase, reason: str, **changes: Any) -> Job:  # noqa: ANN401 - the fields of Job
        """End the job at no cost for its person."""
        return await self.move(job, phase, entry=Entry(EntryKind.REFUND, Micros(0), reason), **changes)

    async def charge(self, job: Job, phase: Phase, reason: str, **changes: Any) -> Job:  # noqa: ANN401 - the fields of Job
        """Settle at the price that was quoted."""
        return await self.move(job, phase, entry=Entry(EntryKind.SETTLE, job.price, reason), charged=True, **changes)

    async def fresh(self, job: Job) -> Job:
        found = await self._store.job(job.id)
        if found is None:
            raise LookupError(job.id)
        return found
