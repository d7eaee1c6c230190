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
from bot.speech import number, say, sentence, unsaid
from bot.window import Calendar, Rolling, Window

_WHOSE: Mapping[Reach, str] = MappingProxyType(
    {
        Reach.PERSON_HERE: unsaid("{used} in this chat"),
        Reach.CHAT: unsaid("{used} by everybody in this chat"),
    }
)

_THIS: Mapping[Calendar, str] = MappingProxyType(
    {
        Calendar.HOUR: unsaid("this hour"),
        Calendar.DAY: unsaid("today"),
        Calendar.WEEK: unsaid("this week"),
        Calendar.MONTH: unsaid("this month"),
    }
)

_CLOSED: Mapping[Calendar, str] = MappingProxyType(
    {
        Calendar.HOUR: unsaid("This hour's budget of this bot is used up."),
        Calendar.DAY: unsaid("Today's budget of this bot is used up."),
        Calendar.WEEK: unsaid("This week's budget of this bot is used up."),
        Calendar.MONTH: unsaid("This month's budget of this bot is used up."),
    }
)


class LimitReached(Refusal):
    title = unsaid("Allowance used up")
    is_limit = True

    def __init__(self, use: Use, price: Micros, at: datetime, zone: tzinfo) -> None:
        super().__init__(_reason(use, price), _remedy(use, price, at, zone))
        self.use = use
        self.until = use.frees_at


class NoRoomToChange(Refusal):
    """The order stands as it was."""

    title = unsaid("Allowance used up")
    is_an_order = False
    is_limit = True

    def __init__(self, reached: LimitReached) -> None:
        super().__init__(say("{reason} The order stays as it was.", reason=reached.reason), reached.remedy)


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
            return say("at once")
        case Rolling(length):
            return say("in the last {span}", span=length_words(length))
        case calendar:
            return say(_THIS[calendar])


def amounts(use: Use) -> str:
    """`5 of 5 videos today`."""
    limit, when = use.limit, period(use.limit.window)
    match limit.unit:
        case Unit.MONEY:
            used, most = shown(Micros(use.used)), shown(Micros(limit.most))
            return say("{used} of {most} used {when}", used=used, most=most, when=when)
        case Unit.VIDEOS:
            used, most = number(use.used), counted_videos(limit.most)
            return say("{used} of {most} used {when}", used=used, most=most, when=when)
        case Unit.RUNNING:
            used, most = number(use.used), number(limit.most)
            return say("{used} of {most} running {when}", used=used, most=most, when=when)
        case _:
            assert_never(limit.unit)


def by_whom(use: Use, used: str) -> str:
    """What was used, and by whom or where, unless it is a person's use everywhere."""
    whose = _WHOSE.get(use.allowance.reach)
    return say(whose, used=used) if whose else used


def _reason(use: Use, price: Micros) -> str:
    limit = use.limit
    if use.allowance.reach is Reach.BOT:
        return closed(use)
    used = by_whom(use, amounts(use))
    if limit.unit is Unit.MONEY and use.left:
        return say("{used}, and this clip costs {price}.", used=used, price=shown(price))
    return sentence(used)


def closed(use: Use) -> str:
    """To everybody, who need not know how much that is."""
    match use.limit.window:
        case None:
            return say("This bot films as many clips at once as it may.")
        case Rolling(length):
            return say("The budget of this bot for {span} is used up.", span=length_words(length))
        case calendar:
            return say(_CLOSED[calendar])


def _remedy(use: Use, price: Micros, at: datetime, zone: tzinfo) -> str:
    if needed(use.limit.unit, price) > use.limit.most:
        return say("It never has room for this. An admin can allow more.")
    if use.frees_at is None:
        if use.allowance.reach is Reach.BOT:
            return say("Wait for one to end. An admin can allow more.")
        return say("Wait for one to end, or /cancel one. An admin can allow more.")
    told = (
        unsaid("The next one is free {when}. An admin can allow more.")
        if use.limit.unit is Unit.VIDEOS
        else unsaid("There is room for it again {when}. An admin can allow more.")
    )
    return Timed.saying(told, use.frees_at, clock_words(use.frees_at, at, zone))
