"""What the bot has yet to hear, and how it polls for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.caller import CALLER
from tests.telegram_api.clock import Clock
from tests.telegram_api.refusal import conflict

BY_REQUEST_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}
LONGEST_POLL = 50
MOST_UPDATES = 100
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    id: int
    kind: str
    content: dict[str, object]
    line: tuple[str, int]  # a webhook hears those of one line one after the other

    def as_json(self) -> dict[str, object]:
        return {"update_id": self.id, self.kind: self.content}


@dataclass(frozen=True, slots=True)
class Confirmed:
    by: str  # which of several programs
    at: float


class Updates:
    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self.all: list[Update] = []
        self.pending: list[Update] = []
        self.again: list[Update] = []  # delivered before; a poller hears them once more whatever its offset
        self.confirmed: dict[int, Confirmed] = {}  # by whoever polled; these are not told again
        self.allowed: frozenset[str] | None = None  # None: all but those by request only
        self.wanted = asyncio.Event()  # set when there may be something for a webhook
        self.last_id = 700_000_000
        self._changed = changed
        self._waiting: asyncio.Future[None] | None = None

    def add(self, kind: str, content: dict[str, object], line: tuple[str, int]) -> int | None:
        """Its number; None where the bot has not asked for this kind."""
        if kind in BY_REQUEST_ONLY if self.allowed is None else kind not in self.allowed:
            return None
        self.last_id += 1
        update = Update(self.last_id, kind, content, line)
        self.all.append(update)
        self.pending.append(update)
        self._wake()
        return update.id

    def redeliver(self, update_id: int | None) -> None:
        wanted = self.all[-1] if update_id is None else next(u for u in self.all if u.id == update_id)
        self.again.append(wanted)
        self._wake()

    def allow(self, kinds: list[object] | None) -> None:
        """None: as before; nothing: the usual ones."""
        if kinds is not None:
            self.allowed = frozenset(map(str, kinds)) or None

    def forget(self, update: Update) -> None:
        for line in (self.again, self.pending):
            if update in line:
                line.remove(update)
                break
        self._changed()

    def drop(self) -> None:
        self.pending.clear()
        self.again.clear()

    @property
    def is_polled(self) -> bool:
        return self._waiting is not None

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        self.end_poll(OTHER_POLL)
        self._confirm(offset)
        if not (batch := self._batch(limit)) and seconds > 0:
            await self._news(min(seconds, LONGEST_POLL))
            batch = self._batch(limit)
        return batch

    def end_poll(self, why: str) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(conflict(why))

    def _confirm(self, offset: int) -> None:
        before = self.pending
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update.id >= offset]
        confirmed = Confirmed(CALLER.get(), self._clock.now())
        self.confirmed |= dict.fromkeys(
            {update.id for update in before} - {update.id for update in self.pending}, confirmed
        )
        self._changed()

    def _batch(self, limit: int) -> list[Update]:
        batch = (self.again + self.pending)[:limit]
        self.again = [update for update in self.again if update not in batch]
        return batch

    async def _news(self, seconds: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self._changed()
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            pass
        finally:
            if self._waiting is waiting:
                self._waiting = None
            self._changed()

    def _wake(self) -> None:
        self.wanted.set()
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
        self._changed()
