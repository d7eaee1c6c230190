"""Writes every change of a job down, then shows it."""

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.job import Entry, EntryKind, Failure, FailureKind, ImpossibleStep, Job, Phase
from bot.meter import Meter
from bot.money import Micros
from bot.ports import Clock, Overtaken, Store
from bot.screen import Screen
from bot.terms import Terms
from bot.trouble import Trouble
from bot.waiting import Pause, retry_pause

MOST_TRIES = 6
"""After so many failed tries of one phase the job ends, or its clip waits for a person."""

log = logging.getLogger(__name__)


class Record:
    def __init__(
        self, clock: Clock, store: Store, terms: Terms, screen: Screen, *, dice: random.Random, meter: Meter
    ) -> None:
        self._clock = clock
        self._store = store
        self._terms = terms
        self._screen = screen
        self._dice = dice
        self._meter = meter

    async def change(self, job: Job, apply: Callable[[Job], Job], entry: Entry | None = None) -> Job:
        """`note`, and show what became of it."""
        saved = await self.note(job, apply, entry)
        self._screen.show(saved)
        return saved

    async def note(self, job: Job, apply: Callable[[Job], Job], entry: Entry | None = None) -> Job:
        """Apply to the job as it is stored now, whoever changed it since it was read.

        `apply` raises `ImpossibleStep` where the change no longer makes sense, and another price `LimitReached` where
        an allowance has no room for it.
        """
        while True:
            try:
                saved = await self._save(apply(job), entry)
            except Overtaken:
                job = await self._fresh(job)
            else:
                self._meter.note(job, saved, entry)
                return saved

    async def move(self, job: Job, phase: Phase, *, entry: Entry | None = None, **changes: Any) -> Job:  # noqa: ANN401 - the fields of Job
        """Raises `ImpossibleStep` where the job has left the phase in which it was read."""
        at = self._clock.now()

        def moved(now: Job) -> Job:
            if now.phase is not job.phase:
                raise ImpossibleStep(job.id, now.phase, phase)
            return replace(now.entering(phase, at), **changes)

        saved = await self.change(job, moved, entry)
        log.info("job %s", phase, extra={"job": job.id, "offer": saved.offer_id})
        return saved

    async def refund(self, job: Job, phase: Phase, reason: str, **changes: Any) -> Pause:  # noqa: ANN401 - the fields of Job
        """End the job at no cost for its person: nothing is left to do."""
        ended = await self.move(job, phase, entry=Entry(EntryKind.REFUND, Micros(0), reason), **changes)
        self._screen.forget(ended)
        return None

    async def charge(self, job: Job, phase: Phase, reason: str, **changes: Any) -> Pause:  # noqa: ANN401 - the fields of Job
        """Settle at the price of the offer that filmed."""
        entry = Entry(EntryKind.SETTLE, job.price, reason)
        self._screen.forget(await self.move(job, phase, entry=entry, charged=True, **changes))
        return None

    async def fail(self, job: Job, kind: FailureKind, detail: str = "") -> Pause:
        return await self.refund(job, Phase.FAILED, kind.value, failure=Failure(kind, detail))

    async def try_again(self, job: Job, trouble: Trouble | None = None) -> Pause:
        """Count a failed try and say in how many seconds the next one is due; `None` after the last."""
        job = await self.change(job, lambda now: replace(now, attempts=now.attempts + 1))
        return self.pause(job, trouble) if job.attempts < MOST_TRIES else None

    def pause(self, job: Job, trouble: Trouble | None) -> float:
        """Seconds until the next try, and at least what the other side asked for."""
        asked = (trouble.retry_after if trouble else None) or 0.0
        return max(asked, retry_pause(max(job.attempts, 1), self._dice.random()))

    async def _save(self, job: Job, entry: Entry | None) -> Job:
        if entry and entry.kind is EntryKind.ADJUST:
            return await self._store.adjust(job, entry, self._terms.rules)
        return await self._store.save(job, entry)

    async def _fresh(self, job: Job) -> Job:
        found = await self._store.job(job.id)
        if found is None:
            raise LookupError(job.id)
        return found
