"""Those that render, each with as little as a look at it needs."""

from dataclasses import dataclass
from datetime import datetime

from bot.catalogue import Offer
from bot.course import UNCOUNTED, UNSEEN, Course
from bot.job import Job, JobId, Ticket
from bot.ports import Queued, Rendering
from bot.schedule import Schedule
from bot.waiting import Schedules


@dataclass(slots=True, kw_only=True)
class Watch:
    job: JobId
    offer: Offer
    ticket: Ticket
    submitted_at: datetime
    schedule: Schedule
    course: Course
    looked_since: datetime | None = None
    """When this process looked for the first time, by the steady clock; `None` before."""
    is_changed: bool = False
    """Whether somebody changed the job since it was read."""
    is_silent: bool = False
    """Whether the provider did not answer the last time."""

    def age(self, now: datetime) -> float:
        """Seconds since the submission; none where the clock was set back to before it."""
        return max(0.0, (now - self.submitted_at).total_seconds())

    def looked_for(self, now: datetime) -> float:
        """Seconds by the steady clock, from the first look on."""
        self.looked_since = self.looked_since or now
        return (now - self.looked_since).total_seconds()

    def saw(self, sight: Queued | Rendering, age: float) -> None:
        is_queued = isinstance(sight, Queued)
        self.course = self.course.seen_queued(age) if is_queued else self.course.seen_rendering(age)

    def pause(self, age: float) -> float:
        """Seconds until the next look."""
        return self.schedule.pause(self.course, age)


class Watches:
    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules
        self._watches: dict[JobId, Watch] = {}

    def __getitem__(self, job_id: JobId) -> Watch | None:
        return self._watches.get(job_id)

    async def schedule(self, job: Job) -> Schedule:
        return await self._schedules.load(job.offer, job.shot)

    def begin(self, job: Job, schedule: Schedule, course: Course = UNSEEN) -> Watch:
        watch = self._watches[job.id] = Watch(
            job=job.id,
            offer=job.offer,
            ticket=ticket_of(job),
            submitted_at=job.submitted_at or job.ordered_at,
            schedule=schedule,
            course=course,
        )
        return watch

    async def of(self, job: Job) -> Watch:
        """Also of one that was submitted before we came."""
        return self._watches.get(job.id) or self.begin(job, await self.schedule(job), UNCOUNTED)

    def note_change(self, job_id: JobId) -> None:
        if watch := self._watches.get(job_id):
            watch.is_changed = True

    def end(self, job_id: JobId) -> None:
        self._watches.pop(job_id, None)


def ticket_of(job: Job) -> Ticket:
    if job.ticket is None:
        raise LookupError(job.id)
    return job.ticket
