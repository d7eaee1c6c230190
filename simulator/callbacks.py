"""Calls back, as the providers do, when a generation that asked for it has ended."""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeAlias

import httpx

from simulator.clock import Clock
from simulator.fault_table import Effect, Fault, Point
from simulator.faults import Call, Faults
from simulator.generations import Generation, Generations, Phase

ATTEMPTS = 5
FIRST_PAUSE = 2.0  # seconds before the second attempt, doubled before each further one
TIMEOUT = 15.0  # seconds for one attempt
AT_ONCE = 16
KEPT = 1000  # deliveries that can be looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt, or why there was none."""

    id: str
    url: str
    outcome: str  # the HTTP status of the answer, or what happened instead
    at: float


Compose: TypeAlias = Callable[[Generation, Fault | None], Awaitable[Notice]]


class Callbacks:
    def __init__(
        self, *, generations: Generations, faults: Faults, clock: Clock, speed: float, anywhere: bool = False
    ) -> None:
        """Unless `anywhere`, only this machine is called. What ended before a restart is not called back after it."""
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self._generations, self._faults, self._clock = generations, faults, clock
        self._speed, self._anywhere = speed, anywhere
        self._composers: dict[str, Compose] = {}
        self._changed = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        unended = (each for each in generations if generations.phase(each) is not Phase.ENDED)
        self._owed = {each.id for each in unended if each.ask.callback_url}

    def word(self, dialect: str, compose: Compose) -> None:
        """Have this dialect's callbacks composed so. Each attempt is composed anew."""
        self._composers[dialect] = compose

    def expect(self, generation: Generation) -> None:
        if generation.ask.callback_url:
            self._owed.add(generation.id)
            self.reconsider()

    def reconsider(self) -> None:
        """Look again when the next one ends: the book has changed."""
        self._changed.set()

    async def run(self) -> None:
        """Call back until cancelled."""
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client, asyncio.TaskGroup() as calls:
            while True:
                self._changed.clear()
                for generation in self._taken():
                    calls.create_task(self._call_back(client, generation), name=f"callback {generation.id}")
                await self._next_end()

    def _taken(self) -> list[Generation]:
        owed = [self._generations[each] for each in self._owed]
        ended = [each for each in owed if self._generations.phase(each) is Phase.ENDED]
        self._owed -= {each.id for each in ended}
        return ended

    async def _next_end(self) -> None:
        """Return when one ends, or when the time of that may be another."""
        end = min((self._generations[each].ends_at for each in self._owed), default=math.inf)
        seconds = None if math.isinf(end) else max(0.0, end - self._clock.now())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    async def _call_back(self, client: httpx.AsyncClient, generation: Generation) -> None:
        ask = generation.ask
        call = Call(points=(Point.WEBHOOK,), dialect=ask.dialect, subject=generation.id, spoken=ask.faults)
        fault = self._faults.due(call)
        if not (self._anywhere or is_here(ask.callback_url or "")):
            return self._note(generation, "not called: it is not on this machine")
        if fault and fault.effect is Effect.LOSE:
            return self._note(generation, "lost")
        for _ in range(2 if fault and fault.effect is Effect.DUPLICATE else 1):
            await self._deliver(client, generation, fault)
        return None

    async def _deliver(self, client: httpx.AsyncClient, generation: Generation, fault: Fault | None) -> None:
        for attempt in range(ATTEMPTS):
            if attempt:
                await self._clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1) / self._speed)
            outcome = await self._posted(client, generation, fault)
            self._note(generation, outcome)
            if outcome.startswith("2"):
                return

    async def _posted(self, client: httpx.AsyncClient, generation: Generation, fault: Fault | None) -> str:
        notice = await self._composers[generation.ask.dialect](generation, fault)
        headers = {"content-type": "application/json", **notice.headers}
        try:
            async with (
                self._room,
                client.stream(
                    "POST", generation.ask.callback_url or "", content=notice.body, headers=headers
                ) as answer,
            ):
                return str(answer.status_code)
        except httpx.HTTPError as error:
            return type(error).__name__

    def _note(self, generation: Generation, outcome: str) -> None:
        url = generation.ask.callback_url or ""
        self.deliveries.append(Delivery(id=generation.id, url=url, outcome=outcome, at=self._clock.now()))


def is_here(url: str) -> bool:
    """Whether the address is this machine's own. A name is no address: it could lead anywhere."""
    try:
        host = httpx.URL(url).host
        return host == "localhost" or ip_address(host).is_loopback
    except (httpx.InvalidURL, ValueError):
        return False
