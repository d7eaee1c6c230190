"""Runs the jobs of one machine: the leftovers of last time first, a bounded number at each provider, in turns."""

import asyncio
import heapq
import logging
import math
from collections import Counter, defaultdict, deque
from datetime import datetime, timedelta

from bot.choosing import candidates
from bot.gate import Gates
from bot.generation import Generation
from bot.job import AT_PROVIDER, Job, JobId, Phase
from bot.line import Hall, Line
from bot.ports import Clock, Store
from bot.refusal import NotWritten
from bot.screen import Screen
from bot.subject import about
from bot.submission import BackInLine, Next, Submission
from bot.terms import Terms
from bot.waiting import retry_pause
from bot.watch import Watches

SHOWN_IN_LINE = 10
"""So many of those who wait see their position move."""

CALLS, FETCHES, DELIVERIES = 32, 4, 8
"""So many steps of each sort run at once; the calls at each provider, so that one that hangs keeps up no other."""

BEAT = timedelta(milliseconds=20)
"""Looks begin on it, several together: to be woken for each one costs nearly as much as the look."""

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
        submission: Submission,
        generation: Generation,
        watches: Watches,
        screen: Screen,
        hall: Hall,
        gates: Gates,
        terms: Terms,
    ) -> None:
        self._clock = clock
        self._store = store
        self._submission = submission
        self._generation = generation
        self._watches = watches
        self._screen = screen
        self._hall = hall
        self._gates = gates
        self._terms = terms
        self._timetable = Timetable()
        self._let_in: dict[JobId, str | None] = {}
        self._glances: Counter[str] = Counter()
        """Under way at each provider."""
        self._steps: dict[JobId, tuple[Phase, asyncio.Task[None]]] = {}
        self._poked: set[JobId] = set()
        self._mishaps: dict[JobId, int] = {}
        self._wake = asyncio.Event()
        self._doors = {Phase.FETCHING: asyncio.Semaphore(FETCHES), Phase.DELIVERING: asyncio.Semaphore(DELIVERIES)}
        self._calls: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(CALLS))
        self.is_stopping = False
        self.is_running = False

    def admit(self, job: Job) -> None:
        """A job that was just accepted."""
        self._hall.join(job, candidates(job, self._terms.offers))
        self._wake.set()

    def recall(self, job: Job) -> bool:
        """Take a job out of the line, for whoever changes it and admits it again; False if it does not stand there."""
        return self._hall.leave(job.id)

    def poke(self, job: Job) -> None:
        """Look at this job now: somebody changed what should happen to it."""
        self._watches.note_change(job.id)
        if job.id in self._steps:
            self._poked.add(job.id)
        elif job.is_over:
            self._forget(job.id)
        elif job.phase is not Phase.ACCEPTED:
            self._put(job.id, 0.0)
        self._wake.set()

    def stop(self) -> None:
        """Begin no further step; `run` returns when those that must not be broken off are done."""
        self.is_stopping = True
        self._wake.set()

    async def run(self) -> None:
        await self._resume()
        self.is_running = True
        async with asyncio.TaskGroup() as group:
            while not self.is_stopping:
                self._wake.clear()
                self._open_gates(group)
                self._start_due(group)
                await self._clock.wait(self._wake, self._seconds_to_next())
            self.is_running = False
            await self._finish()

    async def _resume(self) -> None:
        left = deque(await self._store.unfinished())
        while left:
            # One that was taken up is not kept: there may be thousands.
            await self._take_up(left.popleft())
            # Which at once would hold the loop for longer than anybody should wait for it.
            await asyncio.sleep(0)

    async def _take_up(self, job: Job) -> None:
        if job.phase is Phase.ACCEPTED:
            self.admit(job)
            self._screen.show(job)
            return
        self._screen.show(job)
        if job.phase is Phase.RENDERING:
            await self._watches.of(job)
        self._put(job.id, 0.0)
        if job.phase in AT_PROVIDER:
            self._gates[job.offer.provider].enter(job.id)
        log.info("resumed in phase %s", job.phase, extra={"job": job.id})

    def _open_gates(self, group: asyncio.TaskGroup) -> None:
        """Let in whoever may go in, one of each line in turn."""
        moved: dict[int, Line] = {}
        while passed := [line for providers, line in self._hall.lines if self._pass(providers, line)]:
            moved |= {id(line): line for line in passed}
        for line in moved.values():
            if len(line):
                group.create_task(self._show_positions(line), name="positions in line")

    def _pass(self, providers: tuple[str, ...], line: Line) -> bool:
        """Take the next one out of the line: to a provider, or, where nobody takes it, to be told so."""
        now = self._clock.steady()
        provider = self._gates.way_in(providers, now)
        if provider is None and self._gates.hopeful(providers, now):
            return False
        job_id = self._hall.take(line)
        if provider:
            self._gates[provider].enter(job_id)
        self._let_in[job_id] = provider
        self._put(job_id, 0.0)
        return True

    async def _show_positions(self, line: Line) -> None:
        for job_id in line.first(SHOWN_IN_LINE):
            try:
                job = await self._store.job(job_id)
            except Exception:
                # Whoever cannot be shown a position is filmed all the same, and so are the others.
                log.exception("a position in line cannot be shown", extra={"job": job_id})
                continue
            if job is not None:
                self._screen.show(job)

    def _start_due(self, group: asyncio.TaskGroup) -> None:
        now = self._clock.steady()
        for provider in self._timetable.lanes:
            for job_id in self._timetable.due(now, provider, self._free(provider)):
                self._glances[provider] += 1
                task = group.create_task(self._step(job_id, provider), name=f"job {job_id}")
                self._steps[job_id] = (Phase.RENDERING, task)

    def _free(self, provider: str) -> float:
        """How many more may be looked at; what is not a look has doors of its own."""
        return CALLS - self._glances[provider] if provider else math.inf

    async def _step(self, job_id: JobId, provider: str) -> None:
        following: Next
        try:
            following = await self._one_step(job_id)
            self._mishaps.pop(job_id, None)
        except Exception as mishap:
            # One job's mishap must not end the others; it is tried again ever more rarely.
            failed = self._mishaps[job_id] = self._mishaps.get(job_id, 0) + 1
            following = retry_pause(failed, 1.0)
            trace = not isinstance(mishap, NotWritten)
            log.exception("a step failed; next try in %.0f s", following, extra={"job": job_id}, exc_info=trace)
        finally:
            del self._steps[job_id]
            self._glances[provider] -= 1
        self._follow(job_id, following)

    async def _one_step(self, job_id: JobId) -> Next:
        if watch := self._watches[job_id]:
            async with self._calls[watch.offer.provider]:
                return None if self.is_stopping else await self._generation.glance(watch)
        job = await self._store.job(job_id)
        if job is None:
            return None
        self._steps[job_id] = (job.phase, self._steps[job_id][1])
        provider = self._let_in.get(job_id)
        if job.phase is not Phase.ACCEPTED and job.phase not in AT_PROVIDER:
            self._leave_provider(job_id)
        async with self._doors.get(job.phase) or self._calls[provider or job.offer.provider]:
            if self.is_stopping:
                return None
            with about(job, provider or job.offer.provider):
                if job.phase is Phase.ACCEPTED:
                    return await self._submission.submit(job, provider)
                return await self._generation.step(job)

    def _follow(self, job_id: JobId, following: Next) -> None:
        if isinstance(following, BackInLine):
            self._poked.discard(job_id)
            self._leave_provider(job_id)
            self._hall.join(following.job, candidates(following.job, self._terms.offers), first=True)
            return
        if following is None:
            self._leave_provider(job_id)
        if job_id in self._poked:
            self._poked.discard(job_id)
            following = 0.0
        if following is not None:
            self._put(job_id, following)
        self._wake.set()

    def _put(self, job_id: JobId, pause: float) -> None:
        """One that is only looked at stands in the lane of its provider, where a few go at a time."""
        watch = self._watches[job_id]
        at = self._clock.steady() + timedelta(seconds=pause)
        if watch is None:
            self._timetable.put(job_id, at)
        else:
            self._timetable.put(job_id, _on_the_beat(at) if pause else at, watch.offer.provider)

    def _forget(self, job_id: JobId) -> None:
        self._hall.leave(job_id)
        self._timetable.drop(job_id)
        self._leave_provider(job_id)

    def _leave_provider(self, job_id: JobId) -> None:
        self._let_in.pop(job_id, None)
        self._watches.end(job_id)
        self._gates.leave(job_id)
        self._wake.set()

    def _seconds_to_next(self) -> float | None:
        now = self._clock.steady()
        due = (self._timetable.next_due(lane) for lane in self._timetable.lanes if self._free(lane))
        first = min((at for at in (*due, self._gates.next_change(now)) if at), default=None)
        return None if first is None else max(0.0, (first - now).total_seconds())

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


def _on_the_beat(at: datetime) -> datetime:
    return at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % BEAT


class Timetable:
    """When which job is looked at next; each stands in it once, in one of several lanes."""

    def __init__(self) -> None:
        self._heaps: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._entries: dict[JobId, _Entry] = {}

    @property
    def lanes(self) -> tuple[str, ...]:
        return tuple(self._heaps)

    def put(self, job_id: JobId, at: datetime, lane: str = "") -> None:
        entry = self._entries[job_id] = (at, job_id, lane)
        heapq.heappush(self._heaps[lane], entry)

    def drop(self, job_id: JobId) -> None:
        self._entries.pop(job_id, None)

    def due(self, now: datetime, lane: str = "", most: float = math.inf) -> list[JobId]:
        """Take out everything of the lane whose time has come, but no more than so many."""
        found: list[JobId] = []
        while len(found) < most and (first := self.next_due(lane)) and first <= now:
            _, job_id, _ = heapq.heappop(self._heaps[lane])
            del self._entries[job_id]
            found.append(job_id)
        return found

    def next_due(self, lane: str = "") -> datetime | None:
        heap = self._heaps[lane]
        while heap and self._entries.get(heap[0][1]) is not heap[0]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None


_Entry = tuple[datetime, JobId, str]
