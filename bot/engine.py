"""Runs the jobs of one machine: the leftovers of last time first, a bounded number at each provider, in turns."""

import asyncio
import heapq
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.generation import Generation
from bot.job import AT_PROVIDER, Job, JobId, Phase
from bot.line import Line
from bot.ports import Clock, Store
from bot.screen import Screen
from bot.waiting import retry_pause

SHOWN_IN_LINE = 10
"""So many of those who wait see their position move."""

CALLS, FETCHES, DELIVERIES = 32, 4, 8
"""So many steps of each sort run at once."""

GRACE = 7.0
"""Seconds that a stop waits for the steps below."""

FINISH_BEFORE_STOPPING = frozenset({Phase.ACCEPTED, Phase.SUBMITTING, Phase.DELIVERING})
"""Steps that are awaited at a stop, because nobody could tell afterwards whether they happened."""

log = logging.getLogger(__name__)


class Engine:
    def __init__(
        self,
        *,
        clock: Clock,
        store: Store,
        generation: Generation,
        screen: Screen,
        lines: Mapping[str, Line],
        room: Mapping[str, int],
    ) -> None:
        """`room` is how many jobs a provider is given at a time; `lines` holds those who wait, per provider."""
        self._clock = clock
        self._store = store
        self._generation = generation
        self._screen = screen
        self._lines = lines
        self._room = room
        self._inside: dict[str, set[JobId]] = {provider: set() for provider in room}
        self._timetable = Timetable()
        self._steps: dict[JobId, tuple[Phase, asyncio.Task[None]]] = {}
        self._poked: set[JobId] = set()
        self._mishaps: dict[JobId, int] = {}
        self._wake = asyncio.Event()
        self._doors = {
            Phase.FETCHING: asyncio.Semaphore(FETCHES),
            Phase.DELIVERING: asyncio.Semaphore(DELIVERIES),
        }
        self._calls = asyncio.Semaphore(CALLS)
        self.is_stopping = False

    def admit(self, job: Job) -> None:
        """A job that was just accepted."""
        self._lines[job.offer.provider].join(job)
        self._wake.set()

    def poke(self, job: Job) -> None:
        """Look at this job now: somebody changed what should happen to it."""
        if job.id in self._steps:
            self._poked.add(job.id)
        elif job.is_over:
            self._forget(job)
        elif job.phase is not Phase.ACCEPTED:
            self._timetable.put(job.id, self._clock.now())
        self._wake.set()

    def stop(self) -> None:
        """Begin no further step; `run` returns when those that must not be broken off are done."""
        self.is_stopping = True
        self._wake.set()

    async def run(self) -> None:
        await self._resume()
        async with asyncio.TaskGroup() as group:
            while not self.is_stopping:
                self._wake.clear()
                self._let_in(group)
                self._start_due(group)
                await self._clock.wait(self._wake, self._timetable.seconds_to_next(self._clock.now()))
            await self._finish()

    async def _resume(self) -> None:
        now = self._clock.now()
        for job in await self._store.unfinished():
            if job.phase is Phase.ACCEPTED:
                self._lines[job.offer.provider].join(job)
                continue
            self._timetable.put(job.id, now)
            if job.phase in AT_PROVIDER:
                self._inside[job.offer.provider].add(job.id)
            log.info("resumed in phase %s", job.phase, extra={"job": job.id})

    def _let_in(self, group: asyncio.TaskGroup) -> None:
        for provider, line in self._lines.items():
            inside = self._inside[provider]
            moved = False
            while len(inside) < self._room[provider] and (job_id := line.take()):
                inside.add(job_id)
                self._timetable.put(job_id, self._clock.now())
                moved = True
            if moved and len(line):
                group.create_task(self._show_positions(line), name=f"positions at {provider}")

    async def _show_positions(self, line: Line) -> None:
        for job_id in line.first(SHOWN_IN_LINE):
            job = await self._store.job(job_id)
            if job and job.phase is Phase.ACCEPTED:
                self._screen.show(job)

    def _start_due(self, group: asyncio.TaskGroup) -> None:
        for job_id in self._timetable.due(self._clock.now()):
            task = group.create_task(self._step(job_id), name=f"job {job_id}")
            self._steps[job_id] = (Phase.RENDERING, task)

    async def _step(self, job_id: JobId) -> None:
        pause: float | None = 0.0
        try:
            pause = await self._one_step(job_id)
            self._mishaps.pop(job_id, None)
        except Exception:
            # One job's mishap must not end the others; it is tried again ever more rarely.
            failed = self._mishaps[job_id] = self._mishaps.get(job_id, 0) + 1
            pause = retry_pause(failed, 1.0)
            log.exception("a step failed; next try in %.0f s", pause, extra={"job": job_id})
        finally:
            del self._steps[job_id]
        self._schedule(job_id, pause)

    async def _one_step(self, job_id: JobId) -> float | None:
        job = await self._store.job(job_id)
        if job is None:
            return None
        if job.phase is not Phase.ACCEPTED and job.phase not in AT_PROVIDER:
            self._leave_provider(job)
        self._steps[job_id] = (job.phase, self._steps[job_id][1])
        async with self._doors.get(job.phase, self._calls):
            pause = await self._generation.step(job)
        if pause is None:
            self._leave_provider(job)
        return pause

    def _schedule(self, job_id: JobId, pause: float | None) -> None:
        if job_id in self._poked:
            self._poked.discard(job_id)
            pause = 0.0
        if pause is not None:
            self._timetable.put(job_id, self._clock.now() + timedelta(seconds=pause))
        self._wake.set()

    def _forget(self, job: Job) -> None:
        self._lines[job.offer.provider].leave(job.id)
        self._timetable.drop(job.id)
        self._leave_provider(job)

    def _leave_provider(self, job: Job) -> None:
        self._inside[job.offer.provider].discard(job.id)
        self._wake.set()

    async def _finish(self) -> None:
        running = dict(self._steps)
        must_finish = [task for phase, task in running.values() if phase in FINISH_BEFORE_STOPPING]
        for _, task in running.values():
            if task not in must_finish:
                task.cancel()
        if must_finish:
            _, late = await asyncio.wait(must_finish, timeout=GRACE)
            for task in late:
                task.cancel()


class Timetable:
    """When which job is looked at next; each stands in it once."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, JobId]] = []
        self._at: dict[JobId, datetime] = {}

    def put(self, job_id: JobId, at: datetime) -> None:
        self._at[job_id] = at
        heapq.heappush(self._heap, (at, job_id))

    def drop(self, job_id: JobId) -> None:
        self._at.pop(job_id, None)

    def due(self, now: datetime) -> list[JobId]:
        """Take out everything whose time has come."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            at, job_id = heapq.heappop(self._heap)
            if self._at.get(job_id) == at:
                del self._at[job_id]
                found.append(job_id)
        return found

    def seconds_to_next(self, now: datetime) -> float | None:
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return max(0.0, (self._heap[0][0] - now).total_seconds()) if self._heap else None
