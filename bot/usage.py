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
from bot.reason import reason_words
from bot.request import shortened
from bot.shortage import amounts, by_whom, closed, period
from bot.speech import number, say, say_many, sentence, unsaid

_MOST_PROMPT = 40

WHY_REFUNDED: Mapping[str, str] = MappingProxyType(
    {
        FailureKind.MODERATED: unsaid("the moderation refused it"),
        FailureKind.INVALID: unsaid("the provider did not accept it"),
        FailureKind.PROVIDER: unsaid("the provider could not finish it"),
        FailureKind.BUSY: unsaid("the provider was too busy"),
        FailureKind.UNAVAILABLE: unsaid("the provider took no orders"),
        FailureKind.TIMED_OUT: unsaid("the provider did not finish in time"),
        FailureKind.LOST: unsaid("the provider lost it"),
        FailureKind.MEDIA: unsaid("the clip could not be fetched"),
        FailureKind.NOT_KEPT: unsaid("there was no room for the clip"),
        FailureKind.OVER_LIMIT: unsaid("it would have cost more than was left"),
    }
)
"""What the ledger's reasons mean; the others are words already."""


def usage_card(standing: Standing, now: datetime, zone: tzinfo) -> Card:
    return Card(
        title=say("Your usage"),
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
        by_whom(use, say("{left} left {when}", left=_of(use.limit.unit, use.left, use.limit.most), when=when))
        for use in uses
        if use.allowance.is_personal and use.limit.unit is not Unit.RUNNING
        for when in (period(use.limit.window),)
    ]
    return sentence(", ".join(told)) if told else ""


def amount_words(unit: Unit, amount: int) -> str:
    return shown(Micros(amount)) if unit is Unit.MONEY else counted_videos(amount)


def _summary(account: Account) -> tuple[str, str]:
    filmed = say_many(
        "{n} clip filmed for {price}.", "{n} clips filmed for {price}.", account.clips, price=shown(account.spent)
    )
    if not account.running:
        return filmed, say("None under way.")
    return filmed, say_many(
        "{n} under way, {price} reserved.",
        "{n} under way, {price} reserved.",
        account.running,
        price=shown(account.reserved),
    )


def _allowance(use: Use, now: datetime, zone: tzinfo) -> Iterator[str]:
    if use.allowance.reach is Reach.BOT:
        # What the bot as a whole may use is its operators' business, until it is everybody's.
        if not use.left:
            yield closed(use)
        return
    used, left = by_whom(use, amounts(use)), _of(use.limit.unit, use.left)
    if use.frees_at:
        told = unsaid("{used}, {left} left; more is free {when}.")
        yield Timed.saying(told, use.frees_at, clock_words(use.frees_at, now, zone), used=used, left=left)
    else:
        yield say("{used}, {left} left.", used=used, left=left)


def _of(unit: Unit, amount: int, most: int | None = None) -> str:
    if unit is Unit.MONEY:
        some, all_of_it = shown(Micros(amount)), None if most is None else shown(Micros(most))
    else:
        some, all_of_it = number(amount), None if most is None else counted_videos(most)
    return some if all_of_it is None else say("{some} of {all}", some=some, all=all_of_it)


def _granted(grant: Grant, now: datetime, zone: tzinfo) -> str:
    amount, reason = amount_words(grant.unit, grant.left), reason_words(grant.reason)
    if grant.until is None:
        return say("Besides, {amount} granted: {reason}.", amount=amount, reason=reason)
    told = unsaid("Besides, {amount} granted: {reason}, to be used by then: {when}.")
    return Timed.saying(told, grant.until, clock_words(grant.until, now, zone), amount=amount, reason=reason)


def _entry(line: Line) -> str:
    amount, prompt = amount_words(line.unit, line.amount), shortened(line.prompt, _MOST_PROMPT)
    refused = WHY_REFUNDED.get(line.reason)
    reason = say(refused) if refused else reason_words(line.reason)
    match line.kind:
        case EntryKind.RESERVE | EntryKind.ADJUST:
            return say("{amount} reserved: “{prompt}”", amount=amount, prompt=prompt)
        case EntryKind.SETTLE:
            return say("−{amount} “{prompt}” {reason}", amount=amount, prompt=prompt, reason=reason)
        case EntryKind.REFUND:
            return say("“{prompt}” refunded: {reason}", prompt=prompt, reason=reason)
        case EntryKind.GRANT:
            return say("+{amount} granted: {reason}", amount=amount, reason=reason)
        case EntryKind.EXPIRE:
            return say("{amount} expired, which had been granted: {reason}", amount=amount, reason=reason)
        case _:
            assert_never(line.kind)
