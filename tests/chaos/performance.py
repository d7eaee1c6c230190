"""Members order while the program dies and comes back, until everything that was ordered is over."""

import asyncio
import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.chaos.lives import Life, Lifetime, Lives
from tests.chaos.orders import Order
from tests.chaos.scene import Scene, pause

POINTS_AN_ORDER, CALLS_AN_ORDER = 120, 24
"""Points of the program, and calls of both platforms; at most so many for each order does a life last."""

FAULTS = (
    *("create-401", "create-429", "create-cut", "create-vanish"),
    *("status-503", "media-expired", "media-cut-midway"),
)
"""Of the provider: the key is not good, too much at once, not taken in, taken in and not answered, and so on."""

QUIET_LOOKS = 6
"""How often in a row nothing went on when it is over."""

LONGEST_STANDSTILL, STOP_SECONDS = 1200, 15.0
"""Looks in a row at which nothing had changed, after which it never will."""

_UNDER_WAY = """
SELECT count(*) FROM jobs WHERE told = 0 OR (
    phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved') AND delivery <> 'given_up'
)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What one life is to be like, and up to which of the orders are sent while it lasts."""

    lifetime: Lifetime
    orders: int
    calls: int | None = None
    """Of the two platforms, after which it is killed from outside."""
    fault: str | None = None
    """Of the provider, meanwhile."""
    is_last: bool = False
    """It is stopped as one stops it when there is nothing left to do; else it is killed then."""


@dataclass
class Performance:
    scene: Scene
    lives: Lives
    orders: Sequence[Order]
    crowd: int
    """So many orders are under way at a time."""
    news: Callable[[str], None] = lambda _: None
    """Hears of each life."""
    _sent: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def play(self, parts: Iterable[Part]) -> None:
        """Until a life has ended by itself."""
        async with asyncio.TaskGroup() as members:
            for part in parts:
                life = await self.lives.begin(part.lifetime)
                await self._lived(life, part, members)
                if not life.was_killed:
                    assert life.code == 0, f"ended with {life.code}; see {self.scene.folder / 'log'}"
                    return
                self.scene.kills.append(self.scene.clock.now())
                self.news(f"{len(self.scene.kills)} kills, {len(self._sent)} of {len(self.orders)} orders")

    async def _lived(self, life: Life, part: Part, members: asyncio.TaskGroup) -> None:
        if part.fault:
            await self.scene.arm(part.fault)
        await self._greeted(life)
        quiet, standstill = 0, 0
        before: object = None
        last = math.inf if part.calls is None else self._calls() + part.calls
        while quiet < QUIET_LOOKS and not life.ended.is_set() and self._calls() < last:
            under_way = self._under_way()
            quiet = quiet + 1 if under_way == 0 else 0
            self._send(min(part.orders - len(self._sent), self.crowd - under_way), members)
            await pause()
            seen = (under_way, len(self._sent), self._messages())
            standstill = standstill + 1 if seen == before else 0
            before = seen
            assert standstill < LONGEST_STANDSTILL, self._what_stands_still(seen)
        if part.is_last:
            life.stop()
        else:
            life.kill()
        async with asyncio.timeout(STOP_SECONDS):
            await life.ended.wait()

    def _what_stands_still(self, seen: object) -> str:
        members = ", ".join(task.get_name() for task in self._sent if not task.done())
        updates = self.scene.telegram.world.updates
        return f"{seen}: {members or 'nobody'}; {len(updates.pending)} updates, polled: {updates.is_polled}"

    async def _greeted(self, life: Life) -> None:
        """Before that the program may be making its files."""
        waits = [asyncio.create_task(event.wait(), name="life") for event in (life.greeted, life.ended)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()

    def _send(self, count: int, members: asyncio.TaskGroup) -> None:
        for order in self.orders[len(self._sent) : len(self._sent) + max(0, count)]:
            self._sent.append(members.create_task(order.send(), name=f"{order.wish.kind} {order.wish.number}"))

    def _calls(self) -> int:
        return len(self.scene.telegram.calls) + len(self.scene.discord.calls)

    def _messages(self) -> int:
        return len(self.scene.telegram.world.messages) + len(self.scene.discord.world.messages)

    def _under_way(self) -> int:
        """Orders that are not over, as far as can be told."""
        unheard = len(self.scene.telegram.world.updates.pending)
        jobs: int = sum(row[0] for row in self.scene.rows(_UNDER_WAY))
        return sum(not task.done() for task in self._sent) + unheard + jobs


def at_every_point(scene: Scene, orders: int) -> Iterator[Part]:
    """Each life ends at the first point at which none did before."""
    while True:
        yield Part(scene.lifetime(at_new_points=True), orders, is_last=True)


def at_random(scene: Scene, *, orders: int, kills: int, seed: int) -> Iterator[Part]:
    """Every other life ends at some point, the others are ended from outside, and the last one ends by itself."""
    dice = random.Random(seed)  # noqa: S311 - the same in every run
    share = -(-orders // (kills + 1))
    for number in range(kills):
        sent, fault = orders * (number + 1) // (kills + 1), dice.choice(FAULTS)
        if number % 2:
            after = dice.randrange(share * POINTS_AN_ORDER)
            yield Part(scene.lifetime(after=after), sent, fault=fault)
        else:
            yield Part(scene.lifetime(), sent, dice.randrange(share * CALLS_AN_ORDER), fault)
    yield Part(scene.lifetime(), orders, is_last=True)
