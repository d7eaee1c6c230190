"""An order that an allowance does not have room for, and how that is said."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import assert_never

from bot.allowance import Reach, Unit, Use, needed
from bot.moment import Timed, clock_words
from bot.money import Micros, shown
from bot.phrase import counted_videos, length_words
from bot.refusal import Refusal
from bot.window import Calendar, Rolling, Window

_WHOSE: Mapping[Reach, str] = MappingProxyType(
    {Reach.PERSON_HERE: " in this chat", Reach.CHAT: " by everybody in this chat"}
)

ASK = "An admin can allow more."


class LimitReached(Refusal):
    title = "Allowance used up"
    is_limit = True

    def __init__(self, use: Use, price: Micros, at: datetime, zone: tzinfo) -> None:
        super().__init__(_reason(use, price), _remedy(use, price, at, zone))
        self.use = use
        self.until = use.frees_at


class NoRoomToChange(Refusal):
    """The order stands as it was."""

    title = "Allowance used up"
    is_an_order = False
    is_limit = True

    def __init__(self, reached: LimitReached) -> None:
        super().__init__(f"{reached.reason} The order stays as it was.", reached.remedy)


def longest(uses: Sequence[Use], price: Micros) -> Use:
    """The one to name of several that are in the way: when it is over, so are the others."""
    return max(
        uses, key=lambda use: (needed(use.limit.unit, price) > use.limit.most, use.frees_at is not None, _end(use))
    )


def _end(use: Use) -> float:
    return use.frees_at.timestamp() if use.frees_at else 0.0


def period(window: Window | None) -> str:
    match window:
        case None:
            return "at once"
        case Rolling(length):
            return f"in the last {length_words(length)}"
        case Calendar.DAY:
            return "today"
        case calendar:
            return f"this {calendar}"


def amounts(use: Use) -> str:
    """`5 of 5 videos today`."""
    limit, when = use.limit, period(use.limit.window)
    match limit.unit:
        case Unit.MONEY:
            return f"{shown(Micros(use.used))} of {shown(Micros(limit.most))} used {when}"
        case Unit.VIDEOS:
            return f"{use.used:,} of {counted_videos(limit.most)} used {when}"
        case Unit.RUNNING:
            return f"{use.used:,} of {limit.most:,} running {when}"
        case _:
            assert_never(limit.unit)


def whose(use: Use) -> str:
    """Nothing for what a person uses everywhere."""
    return _WHOSE.get(use.allowance.reach, "")


def _reason(use: Use, price: Micros) -> str:
    limit = use.limit
    if use.allowance.reach is Reach.BOT:
        return closed(use)
    told = f"{amounts(use)}{whose(use)}"
    if limit.unit is Unit.MONEY and use.left:
        return f"{told}, and this clip costs {shown(price)}."
    return f"{told}."


def closed(use: Use) -> str:
    """To everybody, who need not know how much that is."""
    match use.limit.window:
        case None:
            return "This bot films as many clips at once as it may."
        case Calendar.DAY:
            return "Today's budget of this bot is used up."
        case Rolling(length):
            return f"The budget of this bot for {length_words(length)} is used up."
        case calendar:
            return f"This {calendar}'s budget of this bot is used up."


def _remedy(use: Use, price: Micros, at: datetime, zone: tzinfo) -> str:
    if needed(use.limit.unit, price) > use.limit.most:
        return f"It never has room for this. {ASK}"
    if use.frees_at is None:
        ending = "Wait for one to end" if use.allowance.reach is Reach.BOT else "Wait for one to end, or /cancel one"
        return f"{ending}. {ASK}"
    before = "The next one is free " if use.limit.unit is Unit.VIDEOS else "There is room for it again "
    return Timed(before, use.frees_at, clock_words(use.frees_at, at, zone), f". {ASK}")
