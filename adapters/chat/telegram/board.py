"""How each job goes on, shown in one message that is edited, and how it ended.

Only what changed is written, the newest state wins, and what tells how a job goes on waits for room that what ends one
does not need. What ends a job is a message of its own, because an edit notifies nobody.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from adapters.chat.telegram.delivery import receipt_in
from adapters.chat.telegram.keyboard import keyboard
from adapters.chat.telegram.pace import Lane, is_private
from adapters.chat.telegram.rendering import status_text
from adapters.chat.telegram.wire import MessageGone, PlaceGone
from adapters.chat.telegram.writing import Writer
from bot.card import Button, JobCard
from bot.job import Job, JobId, Phase, Place
from bot.ports import Clock
from bot.trouble import NotNow, Trouble, Undeliverable

AGAIN_SECONDS = 10.0
"""After a call that failed."""

_REMEMBERED = 2000
"""Jobs whose end was shown, so that a card that comes late does not show anything of them."""

_NOTIFYING = frozenset({Phase.FAILED, Phase.UNRESOLVED, Phase.DELIVERING})

log = logging.getLogger(__name__)


class Notes(Protocol):
    """What the board has written down; `Studio` is one."""

    async def posted(self, job_id: JobId, message: str | None) -> None: ...

    async def told(self, job_id: JobId) -> None: ...


@dataclass(slots=True)
class Sheet:
    """One job on the board."""

    job: Job
    card: JobCard
    status: str | None
    """The message, once there is one."""
    noted: str | None
    """Which message is written down, for after a restart."""
    written: tuple[str, tuple[Button, ...]] | None = None
    """What the message shows."""
    due: datetime | None = None
    """Not before this moment, where something stood in the way."""
    is_busy: bool = False


class Board:
    def __init__(self, clock: Clock, writer: Writer, notes: Notes) -> None:
        self._clock = clock
        self._writer = writer
        self._notes = notes
        self._sheets: dict[JobId, Sheet] = {}
        self._stale: dict[JobId, Sheet] = {}
        """Those whose message does not show yet how it stands."""
        self._done: OrderedDict[JobId, int] = OrderedDict()
        self._wake = asyncio.Event()

    def show(self, job: Job, card: JobCard) -> None:
        sheet = self._sheets.get(job.id)
        if job.revision < (sheet.job.revision if sheet else self._done.get(job.id, 0)):
            return
        if sheet is None:
            sheet = self._sheets[job.id] = Sheet(job, card, job.status, job.status)
        else:
            has_moved = job.place.chat != sheet.job.place.chat
            sheet.job, sheet.card, sheet.due = job, card, None
            sheet.status = job.status if has_moved else sheet.status or job.status
        if _is_end(job) or sheet.written != _shown(card):
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
            if (wait := self._writer.wait(sheet.job.place.chat, self._lane(sheet))) > 0 and not _is_silent(sheet):
                sheet.due = now + timedelta(seconds=wait)
                continue
            sheet.is_busy = True
            group.create_task(self._write(sheet), name=f"status of {sheet.job.id}")

    def _seconds_to_next(self) -> float | None:
        waiting = [sheet.due for sheet in self._stale.values() if sheet.due and not sheet.is_busy]
        now = self._clock.steady()
        return max(0.0, (min(waiting) - now).total_seconds()) if waiting else None

    def _lane(self, sheet: Sheet) -> Lane:
        if _is_end(sheet.job):
            return Lane.FINAL
        return Lane.PROGRESS if sheet.status else Lane.REPLY

    async def _write(self, sheet: Sheet) -> None:
        job, card = sheet.job, sheet.card
        sheet.due = None
        try:
            await (self._end(sheet, job, card) if _is_end(job) else self._go_on(sheet, job, card))
            await self._finish(sheet, job, card)
        except Undeliverable as trouble:
            log.info("the status was not shown: %s", trouble.detail, extra={"job": job.id})
            await self._finish(sheet, job, card)
        except Trouble as trouble:
            seconds = trouble.retry_after if isinstance(trouble, NotNow) and trouble.retry_after else AGAIN_SECONDS
            sheet.due = self._clock.steady() + timedelta(seconds=seconds)
        except Exception:
            # One job's mishap must not leave the others in the dark.
            log.exception("the status could not be shown", extra={"job": job.id})
            sheet.due = self._clock.steady() + timedelta(seconds=AGAIN_SECONDS)
        finally:
            sheet.is_busy = False
            self._wake.set()

    async def _finish(self, sheet: Sheet, job: Job, card: JobCard) -> None:
        sheet.written = _shown(card)
        if _is_end(job):
            await self._notes.told(job.id)
        if sheet.job is not job:
            return
        del self._stale[job.id]
        if _is_end(job):
            del self._sheets[job.id]
            self._done[job.id] = job.revision
            if len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)

    async def _go_on(self, sheet: Sheet, job: Job, card: JobCard) -> None:
        if sheet.status is not None:
            try:
                await self._writer.rewrite(sheet.status, status_text(card), keyboard(card))
            except MessageGone:
                # Somebody took it away; whoever looks for it finds the next one.
                sheet.status = None
        # The clip itself is about to stand there, perhaps in the very message that has no text any more.
        if sheet.status is None and job.phase is not Phase.DELIVERING:
            sheet.status = await self._writer.write(job.place, status_text(card), keyboard(card))
        if sheet.status and sheet.status != sheet.noted:
            await self._notes.posted(job.id, sheet.status)
            sheet.noted = sheet.status

    async def _end(self, sheet: Sheet, job: Job, card: JobCard) -> None:
        if job.deleted:
            return await self._take_clip(job, card)
        if job.phase is Phase.DELIVERED:
            return await self._take_status(sheet, job)
        if job.phase not in _NOTIFYING and sheet.status:
            try:
                return await self._writer.rewrite(sheet.status, status_text(card), keyboard(card), lane=Lane.FINAL)
            except MessageGone:
                sheet.status = None
        await self._announce(job, card)
        return await self._take_status(sheet, job)

    async def _announce(self, job: Job, card: JobCard) -> None:
        try:
            await self._writer.write(job.place, status_text(card), keyboard(card), lane=Lane.FINAL)
        except PlaceGone:
            by = job.identity.user
            if is_private(job.place.chat) or not is_private(by):
                raise
            there = Place(platform=job.place.platform, chat=by)
            await self._writer.write(there, status_text(card), keyboard(card), lane=Lane.FINAL)

    async def _take_status(self, sheet: Sheet, job: Job) -> None:
        receipt = receipt_in(job)
        if sheet.status is None or (receipt and receipt.mark == sheet.status):
            return
        try:
            await self._writer.erase(sheet.status)
        except Undeliverable:
            # It is gone already, or nothing of it can be seen any more.
            log.debug("the status message stays", extra={"job": job.id})
        sheet.status = None

    async def _take_clip(self, job: Job, card: JobCard) -> None:
        receipt = receipt_in(job)
        if receipt is None:
            return
        try:
            await self._writer.erase(receipt.mark)
        except MessageGone:
            # Telegram lets a bot delete what is up to two days old.
            await self._put_over(receipt.mark, card)

    async def _put_over(self, mark: str, card: JobCard) -> None:
        text, buttons = status_text(card), keyboard(card)
        try:
            await self._writer.recaption(mark, text, buttons)
        except MessageGone:
            # It may be a link.
            await self._writer.rewrite(mark, text, buttons, lane=Lane.FINAL)


def _is_end(job: Job) -> bool:
    return job.is_over or job.waits_for_a_person


def _shown(card: JobCard) -> tuple[str, tuple[Button, ...]]:
    return str(status_text(card)), card.buttons


def _is_silent(sheet: Sheet) -> bool:
    """Whether what ends it is only that something goes away, for which there is always room."""
    return sheet.job.phase is Phase.DELIVERED


def _urgency(sheet: Sheet) -> tuple[bool, bool, datetime]:
    """What ends a job first, then who sees nothing yet, then the rest in turns."""
    return not _is_end(sheet.job), sheet.status is not None, sheet.job.phase_since
