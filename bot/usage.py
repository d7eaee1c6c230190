"""What a person is told of what they have used and what is left."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import assert_never

from bot.allowance import Reach, Unit, Use
from bot.books import Account, Grant, Line, Standing
from bot.card import Card
from bot.job import EntryKind, FailureKind
from bot.moment import Timed, clock_words
from bot.money import Micros, shown
from bot.phrase import counted_videos
from bot.request import shortened
from bot.shortage import amounts, closed, period, whose

_MOST_PROMPT = 40

_WHY_REFUNDED: Mapping[str, str] = MappingProxyType(
    {
        FailureKind.MODERATED: "the moderation refused it",
        FailureKind.INVALID: "the provider did not accept it",
        FailureKind.PROVIDER: "the provider could not finish it",
        FailureKind.BUSY: "the provider was too busy",
        FailureKind.UNAVAILABLE: "the provider took no orders",
        FailureKind.TIMED_OUT: "the provider did not finish in time",
        FailureKind.LOST: "the provider lost it",
        FailureKind.MEDIA: "the clip could not be fetched",
        FailureKind.NOT_KEPT: "there was no room for the clip",
        FailureKind.OVER_LIMIT: "it would have cost more than was left",
    }
)
"""What the ledger's reasons mean; the others are words already."""


def usage_card(standing: Standing, now: datetime, zone: tzinfo) -> Card:
    return Card(
        title="Your usage",
        lines=(
            *_summary(standing.account),
            *(line for use in standing.uses for line in _allowance(use, now, zone)),
            *(_granted(grant, now, zone) for grant in standing.grants),
            *map(_entry, standing.lines),
        ),
    )


def left_words(uses: Iterable[Use]) -> str:
    """`3 of 5 videos left today`; nothing where there are no limits."""
    told = [
        f"{_of(use.limit.unit, use.left, use.limit.most)} left {period(use.limit.window)}{whose(use)}"
        for use in uses
        if use.allowance.is_personal and use.limit.unit is not Unit.RUNNING
    ]
    return f"{', '.join(told)}." if told else ""


def amount_words(unit: Unit, amount: int) -> str:
    return shown(Micros(amount)) if unit is Unit.MONEY else counted_videos(amount)


def _summary(account: Account) -> tuple[str, str]:
    clips = "1 clip" if account.clips == 1 else f"{account.clips} clips"
    held = f"{account.running} under way, {shown(account.reserved)} reserved."
    return f"{clips} filmed for {shown(account.spent)}.", held if account.running else "None under way."


def _allowance(use: Use, now: datetime, zone: tzinfo) -> Iterator[str]:
    if use.allowance.reach is Reach.BOT:
        # What the bot as a whole may use is its operators' business, until it is everybody's.
        if not use.left:
            yield closed(use)
        return
    told = f"{amounts(use)}{whose(use)}, {_of(use.limit.unit, use.left)} left"
    if use.frees_at:
        yield Timed(f"{told}; more is free ", use.frees_at, clock_words(use.frees_at, now, zone))
    else:
        yield f"{told}."


def _of(unit: Unit, amount: int, most: int | None = None) -> str:
    if unit is Unit.MONEY:
        return shown(Micros(amount)) if most is None else f"{shown(Micros(amount))} of {shown(Micros(most))}"
    return f"{amount:,}" if most is None else f"{amount:,} of {counted_videos(most)}"


def _granted(grant: Grant, now: datetime, zone: tzinfo) -> str:
    told = f"Besides, {amount_words(grant.unit, grant.left)} granted: {grant.reason}"
    if grant.until is None:
        return f"{told}."
    return Timed(f"{told}, to be used by then: ", grant.until, clock_words(grant.until, now, zone))


def _entry(line: Line) -> str:
    amount, prompt = amount_words(line.unit, line.amount), f"“{shortened(line.prompt, _MOST_PROMPT)}”"
    match line.kind:
        case EntryKind.RESERVE | EntryKind.ADJUST:
            return f"{amount} reserved: {prompt}"
        case EntryKind.SETTLE:
            return f"−{amount} {prompt} {line.reason}"
        case EntryKind.REFUND:
            return f"{prompt} refunded: {_WHY_REFUNDED.get(line.reason, line.reason)}"
        case EntryKind.GRANT:
            return f"+{amount} granted: {line.reason}"
        case EntryKind.EXPIRE:
            return f"{amount} expired, which had been granted: {line.reason}"
        case _:
            assert_never(line.kind)
