"""How each job goes on and how it ended, on whatever a platform shows it with.

Only what changed is written, the newest state wins, and one job's mishap leaves no other in the dark.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.card import JobCard
from bot.job import Job, JobId
from bot.ports import Clock
from bot.trouble import NotNow, Trouble, Undeliverable

AGAIN_SECONDS = 10.0
"""After a call that failed."""

_REMEMBERED = 2000
"""Jobs whose end was shown, so that a card that comes late does not show anything of them."""

log = logging.getLogger(__name__)


class Notes(Protocol):
    """What is to be written down of what is shown."""

    async def posted(self, job_id: JobId, message: str) -> None: ...

    async def told(self, job_id: JobId) -> None: ...


class Wall(Protocol):
    """Raises the trouble of `bot.trouble`; what is `Undeliverable` is not tried again."""

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
    """What it shows."""
    due: datetime | None = None
    """Not before this moment, where something stood in the way."""
    is_busy: bool = False


class Board:
    def __init__(self, clock: Clock, wall: Wall, notes: Notes) -> None:
        self._clock = clock
        self._wall = wall
        self._notes = notes
        self._sheets: dict[JobId, Sheet] = {}
        self._stale: dict[JobId, Sheet] = {}
        """Those whose message does not show yet how it stands."""
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
            sheet.job, sheet.card, sheet.due = job, card, None
            sheet.status = job.status if has_moved else sheet.status or job.status
        if is_end(job) or sheet.written != self._wall.seen(card):
            self._stale[job.id] = sheet
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
                self._begin_due(group)
                await self._clock.wait(self._wake, self._seconds_to_next())

    def _begin_due(self, group: asyncio.TaskGroup) -> None:
        now = self._clock.steady()
        for sheet in sorted(self._stale.values(), key=_urgency):
            if sheet.is_busy or (sheet.due and sheet.due > now):
                continue
            if (wait := self._wall.wait(sheet.job, sheet.status)) > 0:
                sheet.due = now + timedelta(seconds=wait)
                continue
            sheet.is_busy = True
            group.create_task(self._write(sheet), name=f"status of {sheet.job.id}")

    def _seconds_to_next(self) -> float | None:
        waiting = [sheet.due for sheet in self._stale.values() if sheet.due and not sheet.is_busy]
        now = self._clock.steady()
        return max(0.0, (min(waiting) - now).total_seconds()) if waiting else None

    async def _write(self, sheet: Sheet) -> None:
        job, card = sheet.job, sheet.card
        sheet.due = None
        try:
            await self._show(sheet, job, card)
            await self._finish(sheet, job, card)
        except Trouble as trouble:
            seconds = trouble.retry_after if isinstance(trouble, NotNow) and trouble.retry_after else AGAIN_SECONDS
            sheet.due = self._clock.steady() + timedelta(seconds=seconds)
        except Exception:
            # One job's mishap must not end the board.
            log.exception("the status could not be shown", extra={"job": job.id})
            sheet.due = self._clock.steady() + timedelta(seconds=AGAIN_SECONDS)
        finally:
            sheet.is_busy = False
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


def _urgency(sheet: Sheet) -> tuple[bool, bool, datetime]:
    """What ends a job first, then who sees nothing yet, then the rest in turns."""
    return not is_end(sheet.job), sheet.status is not None, sheet.job.phase_since
