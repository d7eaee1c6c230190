"""What the use cases work with."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from bot.budget import Budget
from bot.engine import Engine
from bot.gate import Gates
from bot.meter import Meter
from bot.moderation import Moderation
from bot.ports import Chat, Clock, Library, Operators, Store
from bot.record import Record
from bot.rulebook import Rulebook
from bot.screen import Screen
from bot.terms import Terms
from bot.tongue import Tongues
from bot.waiting import Schedules

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    clock: Clock
    store: Store
    rulebook: Rulebook
    library: Library
    chats: Mapping[str, Chat]
    operators: Operators
    record: Record
    engine: Engine
    gates: Gates
    screen: Screen
    schedules: Schedules
    terms: Terms
    budget: Budget
    moderation: Moderation
    dice: random.Random
    tongues: Tongues
    meter: Meter


def to_the_end(work: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Even if whoever asked for it is cancelled meanwhile: what is written down must also reach the engine."""

    @wraps(work)
    async def shielded(*args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.shield(work(*args, **kwargs))

    return shielded
