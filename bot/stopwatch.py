"""A provider as the meter sees it: how long its calls take, what they end with, and how late its clips are seen."""

from bot.job import Ticket
from bot.meter import Meter
from bot.ports import CancelAnswer, Clock, Finished, Provider, Queued, Rendering, Sight, Take


class Timed:
    """`bot.ports.Provider`."""

    def __init__(self, name: str, provider: Provider, meter: Meter, clock: Clock) -> None:
        self._name = name
        self._provider = provider
        self._meter = meter
        self._clock = clock
        self._unfinished: dict[Ticket, float] = {}
        """When it was seen last that a generation was not done yet."""

    async def submit(self, take: Take) -> Ticket:
        with self._meter.asking(self._name, "submit"):
            return await self._provider.submit(take)

    async def find(self, correlation: str) -> Ticket | None:
        with self._meter.asking(self._name, "find"):
            return await self._provider.find(correlation)

    async def look(self, ticket: Ticket) -> Sight:
        with self._meter.asking(self._name, "look"):
            sight = await self._provider.look(ticket)
        now = self._clock.steady().timestamp()
        if isinstance(sight, Queued | Rendering):
            self._unfinished[ticket] = now
        elif (before := self._unfinished.pop(ticket, None)) and isinstance(sight, Finished):
            self._meter.lags[self._name].note(now - before)
        return sight

    async def cancel(self, ticket: Ticket) -> CancelAnswer:
        self._unfinished.pop(ticket, None)
        with self._meter.asking(self._name, "cancel"):
            return await self._provider.cancel(ticket)
