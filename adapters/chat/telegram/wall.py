"""How a job goes on, in one message that is edited, within what Telegram takes.

What ends a job is a message of its own, because an edit notifies nobody.
"""

import logging
from collections import OrderedDict
from typing import TypeVar

from adapters.chat.board import is_end
from adapters.chat.mishap import MessageGone, PlaceGone
from adapters.chat.telegram.delivery import receipt_in
from adapters.chat.telegram.keyboard import keyboard
from adapters.chat.telegram.pace import Lane, is_private
from adapters.chat.telegram.rendering import status_text
from adapters.chat.telegram.writing import Writer
from bot.card import JobCard
from bot.job import Job, JobId, Phase, Place
from bot.trouble import DeliveryUnknown, Undeliverable

_NOTIFYING = frozenset({Phase.FAILED, Phase.UNRESOLVED, Phase.DELIVERING})

_REMEMBERED = 2000

K = TypeVar("K")

log = logging.getLogger(__name__)


class TelegramWall:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._blind: OrderedDict[JobId, None] = OrderedDict()
        """Jobs whose status may have been written, in a message that nobody knows."""
        self._announced: OrderedDict[tuple[JobId, int], None] = OrderedDict()
        """Ends that must not be said again because what follows did not go well."""

    def rest(self) -> float:
        return self._writer.rest()

    def wait(self, job: Job, status: str | None) -> float:
        if job.phase is Phase.DELIVERED:
            # All that happens is that something goes away, for which there is always room.
            return 0.0
        going_on = Lane.PROGRESS if status else Lane.REPLY
        return self._writer.wait(job.place.chat, Lane.FINAL if is_end(job) else going_on)

    def seen(self, card: JobCard) -> object:
        return str(status_text(card)), card.buttons

    async def go_on(self, job: Job, card: JobCard, status: str | None) -> str | None:
        if job.phase is Phase.DELIVERING and job.attempts > 1:
            # The clip, or the link to it, may be about to stand in this very message.
            return status
        if status is not None:
            try:
                await self._writer.rewrite(status, status_text(card), keyboard(card))
            except MessageGone:
                # Somebody took it away; whoever looks for it finds the next one.
                status = None
        if status is not None or job.phase is Phase.DELIVERING or job.id in self._blind:
            return status
        try:
            return await self._writer.write(job.place, status_text(card), keyboard(card))
        except DeliveryUnknown:
            # It may stand there, and nobody can change it: another one would only stand beside it.
            _remember(self._blind, job.id)
            raise

    async def end(self, job: Job, card: JobCard, status: str | None) -> None:
        if job.phase is Phase.DELIVERED:
            # Whoever was quick to delete the clip still has the status, too.
            await self._take_status(job, status)
            return await self._take_clip(job, card) if job.deleted else None
        if job.phase not in _NOTIFYING and status:
            try:
                return await self._writer.rewrite(status, status_text(card), keyboard(card), lane=Lane.FINAL)
            except MessageGone:
                status = None
        if (job.id, job.revision) not in self._announced:
            try:
                await self._announce(job, card)
            except DeliveryUnknown:
                # It may have arrived. An edit can be repeated, another announcement not.
                if status:
                    await self._writer.rewrite(status, status_text(card), keyboard(card), lane=Lane.FINAL)
                return None
            _remember(self._announced, (job.id, job.revision))
        return await self._take_status(job, status)

    async def _announce(self, job: Job, card: JobCard) -> None:
        try:
            await self._writer.write(job.place, status_text(card), keyboard(card), lane=Lane.FINAL)
        except PlaceGone:
            by = job.identity.user
            if is_private(job.place.chat) or not is_private(by):
                raise
            there = Place(platform=job.place.platform, chat=by)
            await self._writer.write(there, status_text(card), keyboard(card), lane=Lane.FINAL)

    async def _take_status(self, job: Job, status: str | None) -> None:
        receipt = receipt_in(job)
        if status is None or (receipt and receipt.mark == status):
            return
        try:
            await self._writer.erase(status)
        except Undeliverable:
            # It is gone already, or nothing of it can be seen any more.
            log.debug("the status message stays", extra={"job": job.id})

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


def _remember(memory: OrderedDict[K, None], what: K) -> None:
    memory[what] = None
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
