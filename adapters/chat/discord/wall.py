"""How a job goes on, in the message that answers its command."""

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime, timedelta

from adapters.chat.board import is_end
from adapters.chat.discord.buttons import view
from adapters.chat.discord.delivery import receipt_in
from adapters.chat.discord.handle import Handle, handle_in
from adapters.chat.discord.incoming import channel_of
from adapters.chat.discord.rendering import called_text, status_text
from adapters.chat.discord.writing import Post, Writer
from adapters.chat.mishap import MessageGone, PlaceGone
from bot.card import JobCard
from bot.job import Job, JobId, Phase
from bot.ports import Clock
from bot.trouble import Undeliverable

BETWEEN_EDITS = 3.0

_REMEMBERED = 5000

_QUIET = frozenset({Phase.DELIVERED, Phase.CANCELLED})
"""Ends that call nobody: the clip does it, or whoever cancelled knows."""


class DiscordWall:
    def __init__(self, clock: Clock, writer: Writer) -> None:
        self._clock = clock
        self._writer = writer
        self._next: OrderedDict[JobId, datetime] = OrderedDict()

    def rest(self) -> float:
        # What Discord takes of one bot is far beyond one call a channel, on which its library keeps an eye.
        return 0.0

    def wait(self, job: Job, status: str | None) -> float:  # noqa: ARG002 - the port
        at = self._next.get(job.id)
        return max(0.0, (at - self._clock.steady()).total_seconds()) if at and not is_end(job) else 0.0

    def seen(self, card: JobCard) -> object:
        return status_text(card), card.buttons

    async def go_on(self, job: Job, card: JobCard, status: str | None) -> str | None:
        handle = handle_in(status)
        if handle:
            try:
                return (await self._write(job, card, handle)).written()
            except (MessageGone, PlaceGone):
                if self._writer.has_token(handle):
                    raise
        if job.phase is Phase.DELIVERING:
            return None
        posted = await self._writer.send(channel_of(job.place), _call(card), f"s{job.id}")
        self._pace(job)
        return posted.written()

    async def end(self, job: Job, card: JobCard, status: str | None) -> None:
        handle = handle_in(status)
        if job.phase is Phase.DELIVERED:
            await self._fold(job, handle)
            if job.deleted:
                await self._take_clip(job, card)
        elif job.phase in _QUIET and handle:
            await self._write(job, card, handle)
        else:
            await self._announce(job, card, handle)
        self._next.pop(job.id, None)

    async def _write(self, job: Job, card: JobCard, handle: Handle) -> Handle:
        try:
            return await self._writer.rewrite(handle, _call(card) if handle.is_own else _status(card))
        finally:
            self._pace(job)

    async def _announce(self, job: Job, card: JobCard, handle: Handle | None) -> None:
        """A message of its own, because an edit calls nobody."""
        post = _call(card)
        try:
            await self._writer.send(channel_of(job.place), post, f"e{job.id}")
        except (PlaceGone, MessageGone):
            if handle is None:
                raise
            await self._writer.rewrite(handle, post)
        else:
            await self._fold(job, handle)

    async def _fold(self, job: Job, handle: Handle | None) -> None:
        """What has been followed long enough goes away, unless the clip stands there."""
        receipt = receipt_in(job)
        if handle and not (receipt and receipt.message == handle.message):
            with suppress(Undeliverable):
                await self._writer.erase(handle)

    async def _take_clip(self, job: Job, card: JobCard) -> None:
        receipt = receipt_in(job)
        if receipt is None:
            return
        try:
            await self._writer.erase(receipt)
        except PlaceGone:
            await self._writer.rewrite(receipt, _status(card))

    def _pace(self, job: Job) -> None:
        self._next[job.id] = self._clock.steady() + timedelta(seconds=BETWEEN_EDITS)
        if len(self._next) > _REMEMBERED:
            self._next.popitem(last=False)


def _call(card: JobCard) -> Post:
    return Post(text=called_text(card), view=view(card), mention=card.by.user)


def _status(card: JobCard) -> Post:
    return Post(text=status_text(card), view=view(card))
