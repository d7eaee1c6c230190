"""How each job goes on and how it ended, on whatever a platform shows it with.

Only what changed is written, the newest state wins, and one job's mishap leaves no other in the dark.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from adapters.chat.agenda import Agenda, Urgency
from bot.card import JobCard
from bot.job import Job, JobId
from bot.ports import Clock
from bot.refusal import NotWritten
from bot.trouble import NotNow, Trouble, Undeliverable

AGAIN_SECONDS = 10.0
"""After a call that failed."""

AT_ONCE = 64
"""Words on their way to the platform; whoever has more to say waits for one of them."""

_REMEMBERED = 2000
"""Jobs whose end was shown, so that a card that comes late does not show anything of them."""

log = logging.getLogger(__name__)


class Notes(Protocol):
    """What is to be written down of what is shown."""

    async def posted(self, job_id: JobId, message: str) -> None: ...

    async def told(self, job_id: JobId) -> None: ...


class Wall(Protocol):
    """Raises the trouble of `bot.trouble`; what is `Undeliverable` is not tried again."""

    def rest(self) -> float:
        """Seconds until the platform takes any word at all."""
        ...

    def wait(self, job: Job, status: str | None) -> float:
        """Seconds until the platform takes the next word about this job."""
        ...

    def seen(self, card: JobCard) -> object:
        """Equal for cards that would look the same."""
        ...

    async def go_on(self, job: Job, card: JobCard, status: str | None) -> str | None:
        """Show how it goes on, and say in which message."""
        ...

    async def end(self, job: Job, card: JobCard, status: str | None) -> None: ...


@dataclass(slots=True)
class Sheet:
    """One job on the board."""

    job: Job
    card: JobCard
    status: str | None
    """The message, once there is one."""
    noted: str | None
    """Which message is written down, for after a restart."""
    written: object = None
    """What it shows; `None` while it shows nothing."""
    shown: Job | None = None
    """The state that was shown, which may not be written down yet."""
    is_busy: bool = False


class Board:
    def __init__(self, clock: Clock, wall: Wall, notes: Notes) -> None:
        self._clock = clock
        self._wall = wall
        self._notes = notes
        self._sheets: dict[JobId, Sheet] = {}
        self._stale: dict[JobId, Sheet] = {}
        """Those whose message does not show yet how it stands."""
        self._agenda = Agenda()
        """The same, but for those that are being written."""
        self._busy = 0
        self._done: OrderedDict[JobId, int] = OrderedDict()
        self._wake = asyncio.Event()

    def show(self, job: Job, card: JobCard) -> None:
        sheet = self._sheets.get(job.id)
        known = sheet.job.revision if sheet else self._done.get(job.id, -1)
        if job.revision < known or (job.revision == known and is_end(job)):
            # What was untold at the start may have ended a moment before, and then is being told already.
            return
        if sheet is None:
            sheet = self._sheets[job.id] = Sheet(job, card, job.status, job.status)
        else:
            has_moved = job.place.chat != sheet.job.place.chat
            sheet.job, sheet.card = job, card
            sheet.status = job.status if has_moved else sheet.status or job.status
        if is_end(job) or sheet.written is None or sheet.written != self._wall.seen(card):
            self._stale[job.id] = sheet
            if not sheet.is_busy:
                self._agenda.put(job.id, _urgency(sheet))
            self._wake.set()

    def status(self, job: Job) -> str | None:
        """The message that shows how the job goes on."""
        sheet = self._sheets.get(job.id)
        return (sheet.status if sheet else None) or job.status

    def posted(self, job_id: JobId, message: str) -> None:
        """Somebody else wrote the message for the status."""
        if sheet := self._sheets.get(job_id):
            sheet.status = sheet.noted = message

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                await self._begin_due(group)
                await self._clock.wait(self._wake, self._seconds_to_next())

    async def _begin_due(self, group: asyncio.TaskGroup) -> None:
        while self._has_room() and (job_id := self._agenda.take(now := self._clock.steady())):
            sheet = self._stale[job_id]
            if (wait := self._wall.wait(sheet.job, sheet.status)) > 0:
                self._agenda.put(job_id, _urgency(sheet), now + timedelta(seconds=wait))
                continue
            sheet.is_busy = True
            self._busy += 1
            group.create_task(self._write(sheet), name=f"status of {job_id}")
            # It is under way before the next one asks for room.
            await asyncio.sleep(0)

    def _has_room(self) -> bool:
        return self._busy < AT_ONCE and self._wall.rest() <= 0

    def _seconds_to_next(self) -> float | None:
        now = self._clock.steady()
        at = self._agenda.next_at(now)
        if at is None or self._busy >= AT_ONCE:
            # Whoever shows something, or has written it, wakes us.
            return None
        return max((at - now).total_seconds(), self._wall.rest())

    async def _write(self, sheet: Sheet) -> None:
        job, card = sheet.job, sheet.card
        again_at = None
        try:
            if sheet.shown is not job:
                await self._show(sheet, job, card)
                sheet.shown = job
            await self._finish(sheet, job, card)
        except Trouble as trouble:
            seconds = trouble.retry_after if isinstance(trouble, NotNow) and trouble.retry_after else AGAIN_SECONDS
            again_at = self._clock.steady() + timedelta(seconds=seconds)
        except Exception as mishap:
            # One job's mishap must not end the board.
            trace = not isinstance(mishap, NotWritten)
            log.exception("the status could not be shown", extra={"job": job.id}, exc_info=trace)
            again_at = self._clock.steady() + timedelta(seconds=AGAIN_SECONDS)
        finally:
            sheet.is_busy = False
            self._busy -= 1
            if job.id in self._stale:
                self._agenda.put(job.id, _urgency(sheet), again_at)
            self._wake.set()

    async def _show(self, sheet: Sheet, job: Job, card: JobCard) -> None:
        try:
            if is_end(job):
                await self._wall.end(job, card, sheet.status)
                return
            sheet.status = await self._wall.go_on(job, card, sheet.status)
            if sheet.status is not None and sheet.status != sheet.noted:
                await self._notes.posted(job.id, sheet.status)
                sheet.noted = sheet.status
        except Undeliverable as trouble:
            log.info("the status was not shown: %s", trouble.detail, extra={"job": job.id})

    async def _finish(self, sheet: Sheet, job: Job, card: JobCard) -> None:
        sheet.written = self._wall.seen(card)
        if is_end(job):
            await self._notes.told(job.id)
        if sheet.job is not job:
            return
        del self._stale[job.id]
        if is_end(job):
            del self._sheets[job.id]
            self._done[job.id] = job.revision
            if len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)


def is_end(job: Job) -> bool:
    return job.is_over or job.waits_for_a_person


def _urgency(sheet: Sheet) -> Urgency:
    """What ends a job first, then who sees nothing yet, then the rest in turns."""
    return not is_end(sheet.job), sheet.status is not None, sheet.job.phase_since
