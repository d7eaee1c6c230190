"""Limits that apply to someone, how much of each is used, and what an order needs of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from bot.money import Micros
from bot.window import Frame, Window, frame


class Unit(StrEnum):
    VIDEOS = "videos"
    MONEY = "money"
    """In micro-dollars."""
    RUNNING = "running"
    """Jobs that were accepted and whose clip is not here yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    unit: Unit
    most: int
    window: Window | None = None
    """`None` for what runs at the same time, and for nothing else."""


class Reach(StrEnum):
    """Whose use counts."""

    PERSON = "person"
    PERSON_HERE = "person_here"
    """What the person used in this chat."""
    CHAT = "chat"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Allowance:
    limit: Limit
    reach: Reach

    @property
    def is_personal(self) -> bool:
        return self.reach in (Reach.PERSON, Reach.PERSON_HERE)

    def frame(self, at: datetime, zone: tzinfo) -> Frame | None:
        return None if self.limit.window is None else frame(self.limit.window, at, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How much of an allowance is used."""

    allowance: Allowance
    used: int
    frees_at: datetime | None = None
    """When there is room for more; `None` where that is no matter of time, or nobody asked."""

    @property
    def limit(self) -> Limit:
        return self.allowance.limit

    @property
    def left(self) -> int:
        return max(0, self.limit.most - self.used)

    def after(self, price: Micros, takes: "Granted") -> "Use":
        """Once an order at this price is accepted that takes so much of what was granted."""
        unit = self.limit.unit
        more = needed(unit, price) - (takes.of(unit) if self.allowance.is_personal else 0)
        return replace(self, used=self.used + more)

    def lacks(self, price: Micros) -> int:
        """By how much an order at this price would go beyond it."""
        return max(0, self.used + needed(self.limit.unit, price) - self.limit.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a person may use beyond the allowances, or what an order takes of it."""

    videos: int = 0
    money: int = 0
    """In micro-dollars."""

    def of(self, unit: Unit) -> int:
        return {Unit.VIDEOS: self.videos, Unit.MONEY: self.money}.get(unit, 0)


def needed(unit: Unit, price: Micros) -> int:
    return price if unit is Unit.MONEY else 1


def taken(uses: Iterable[Use], price: Micros) -> Granted:
    """What an order at this price takes of what was granted: as much as its person's allowances do not have."""
    lacking: dict[Unit, int] = {}
    for use in uses:
        if use.allowance.is_personal:
            unit = use.limit.unit
            # What was used beyond the limit before is no matter of this order.
            lacking[unit] = max(lacking.get(unit, 0), min(use.lacks(price), needed(unit, price)))
    return Granted(videos=lacking.get(Unit.VIDEOS, 0), money=lacking.get(Unit.MONEY, 0))


def in_the_way(uses: Iterable[Use], price: Micros, granted: Granted) -> list[Use]:
    """The allowances that an order at this price breaks, although this much was granted to its person."""
    uses = tuple(uses)
    takes = taken(uses, price)
    enough = {unit: takes.of(unit) <= granted.of(unit) for unit in (Unit.VIDEOS, Unit.MONEY)}
    return [
        use
        for use in uses
        if use.lacks(price) and not (use.allowance.is_personal and enough.get(use.limit.unit, False))
    ]
