"""What is asked for from beside the running program, which alone changes jobs: done here, and answered."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.desk import Deed, Desk
from bot.job import Identity
from bot.ports import Clock
from bot.refusal import NotWritten, Refusal

BETWEEN, BETWEEN_FAILURES = 0.25, 30.0
"""Seconds."""

STALE = timedelta(minutes=1)
"""After which nobody waits for an answer any more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    deed: Deed
    about: str
    """How the id of the job begins, or the id of a request."""
    reason: str = ""
    by: Identity
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    is_done: bool
    lines: tuple[str, ...]


class Errands(Protocol):
    """Each method is one transaction, durable when it returns."""

    async def leave(self, errand: Errand) -> int:
        """The number under which it is answered."""
        ...

    async def begin(self, since: datetime) -> Sequence[tuple[int, Errand]]:
        """Those that nobody has begun yet, which is nobody else's work any more; what is older is thrown away."""
        ...

    async def answer(self, number: int, answer: Answer) -> None: ...

    async def answered(self, number: int) -> Answer | None:
        """Once; `None` while there is no answer."""
        ...

    async def withdraw(self, number: int) -> bool:
        """False where it was begun, so that it is done or being done."""
        ...


class Porter:
    def __init__(self, clock: Clock, errands: Errands, desk: Desk) -> None:
        self._clock = clock
        self._errands = errands
        self._desk = desk

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            pause = await self.look()
            await self._clock.wait(asyncio.Event(), pause)

    async def look(self) -> float:
        """Once; says in how many seconds the next look is due."""
        try:
            for number, errand in await self._errands.begin(self._clock.now() - STALE):
                await self._errands.answer(number, await self._done(errand))
        except NotWritten:
            return BETWEEN_FAILURES
        return BETWEEN

    async def _done(self, errand: Errand) -> Answer:
        try:
            card = await self._desk.do(errand.deed, errand.by, errand.about, errand.reason)
        except Refusal as refusal:
            return Answer(is_done=False, lines=(refusal.title, str(refusal)))
        except Exception:
            # What goes wrong with one errand must end nothing else.
            log.exception("an errand went wrong")
            return Answer(is_done=False, lines=("That went wrong", "The log of the running Rushes tells why."))
        return Answer(is_done=True, lines=(card.title, *card.lines))
