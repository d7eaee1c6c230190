"""What admins lay down of how much may be used."""

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.admin_words import EVERYONE, NotUnderstood, Task, example
from bot.allowance import Limit, Unit
from bot.books import Grant
from bot.card import Card, Circle
from bot.decision import Change, Exempt, Member, Ruling
from bot.job import Identity
from bot.matter import Matter, OnlyOperators, done
from bot.money import dollars
from bot.phrase import NoLimit, limit_of, limit_words
from bot.reason import GIFT
from bot.rulebook import Rulebook
from bot.rules import Scope
from bot.speech import say, sentence
from bot.usage import amount_words

UNLIMITED, NONE = "unlimited", "none"

_TIER = re.compile(r"[a-z0-9_-]{1,20}")
_AMOUNT = re.compile(r"\$(?P<dollars>\d{1,6}(?:\.\d{1,6})?)|(?P<videos>\d{1,6})(?:\s+videos?)?", re.IGNORECASE)


class Limiting:
    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    async def limit(self, matter: Matter) -> Card:
        if matter.said.group == EVERYONE:
            return await self._limit_everyone(matter)
        subject, words = matter.subject, matter.said.words
        if isinstance(matter.whom, Circle):
            raise NotUnderstood(say("A limit is for one person, for everyone or for a tier."), example(Task.TIER))
        if words.casefold() == UNLIMITED:
            await self._rulebook.decide(Ruling(marks=((subject, Exempt()),)), matter.decision)
            return done(
                say(
                    "{name} has no limits of their own {where}. What all share holds for them, too.",
                    name=matter.name,
                    where=matter.where,
                )
            )
        limits = _limits(matter, words)
        ruling = Ruling(changes=_changes(Scope.PERSON, subject, limits), lifted=((subject, Exempt()),))
        await self._rulebook.decide(ruling, matter.decision)
        return done(say("{name} {where}: {limits}.", name=matter.name, where=matter.where, limits=_spoken(limits)))

    async def _limit_everyone(self, matter: Matter) -> Card:
        limits = _limits(matter, matter.said.words)
        scope, subject = _of_all(matter)
        await self._rulebook.decide(Ruling(changes=_changes(scope, subject, limits)), matter.decision)
        return done(say("Everyone {where}: {limits}.", where=matter.where, limits=_each(limits)))

    async def budget(self, matter: Matter) -> Card:
        limits = _limits(matter, matter.said.words)
        scope, subject = _of_all(matter)
        await self._rulebook.decide(Ruling(changes=_changes(scope, subject, limits, is_cap=True)), matter.decision)
        return done(say("All together {where}: {limits}.", where=matter.where, limits=_spoken(limits)))

    async def tier(self, matter: Matter) -> Card:
        name, _, words = matter.said.words.partition(" ")
        name = name.casefold()
        if not _TIER.fullmatch(name):
            raise NotUnderstood(
                say("“{name}” cannot be the name of a tier.", name=name[:40]),
                "\n".join((say("Use up to 20 letters and digits."), example(Task.TIER))),
            )
        if name == NONE:
            return await self._out_of_tiers(matter)
        lines, ruling = [], Ruling()
        if words or matter.whom is None:
            limits = _limits(matter, words)
            ruling = Ruling(changes=_changes(Scope.TIER, name, limits))
            lines.append(say("Tier {tier} {where}: {limits}.", tier=name, where=matter.where, limits=_each(limits)))
        if matter.whom:
            ruling = Ruling(changes=ruling.changes, marks=((matter.subject, Member(name)),))
            lines.append(
                say("{name} are in tier {tier} {where}.", name=matter.name, tier=name, where=matter.where)
                if matter.said.group
                else say("{name} is in tier {tier} {where}.", name=matter.name, tier=name, where=matter.where)
            )
            if not words and not await self._is_laid_down(name, matter.chat):
                lines += [say("Nothing is laid down for it yet."), example(Task.TIER).replace("crew", name)]
        await self._rulebook.decide(ruling, matter.decision)
        return done(*lines)

    async def _is_laid_down(self, tier: str, chat: str) -> bool:
        rules = await self._rulebook.decided(chat)
        return any(rule.scope is Scope.TIER and rule.subject == tier for rule in rules)

    async def _out_of_tiers(self, matter: Matter) -> Card:
        marks = await self._rulebook.marks_of(matter.subject, matter.chat)
        tiers = [mark for chat, mark in marks if chat == matter.chat and isinstance(mark, Member)]
        ruling = Ruling(lifted=tuple((matter.subject, tier) for tier in tiers))
        await self._rulebook.decide(ruling, matter.decision)
        return done(
            say("{name} are in no tier {where}.", name=matter.name, where=matter.where)
            if matter.said.group
            else say("{name} is in no tier {where}.", name=matter.name, where=matter.where)
        )

    async def grant(self, matter: Matter) -> Card:
        if not matter.decision.is_operators:
            raise OnlyOperators
        amount = _AMOUNT.fullmatch(matter.said.words)
        if not isinstance(matter.whom, Identity) or amount is None:
            raise NotUnderstood(say("It was not said to whom, or how much."), example(Task.GRANT))
        unit = Unit.MONEY if amount["dollars"] else Unit.VIDEOS
        size = dollars(Decimal(amount["dollars"])) if amount["dollars"] else int(amount["videos"])
        if not size:
            raise NotUnderstood(say("Nothing is no gift."), example(Task.GRANT))
        until = None if matter.said.length is None else matter.decision.at + matter.said.length
        grant = Grant(unit=unit, amount=size, left=size, reason=matter.said.why or GIFT, until=until)
        await self._rulebook.grant(matter.whom, grant, matter.decision)
        return done(
            say(
                "{name} has {amount} beyond the allowances, used after those.",
                name=matter.name,
                amount=amount_words(unit, size),
            )
        )


def _of_all(matter: Matter) -> tuple[Scope, str]:
    return (Scope.CHAT, matter.chat) if matter.chat else (Scope.BOT, "")


def _limits(matter: Matter, words: str) -> list[Limit]:
    """None of them takes back what was laid down. Raises `NotUnderstood`."""
    if words.casefold() == NONE:
        return []
    try:
        return [limit_of(part) for part in words.split(",")]
    except NoLimit as problem:
        raise NotUnderstood(
            say("“{words}” is no limit. {problem}", words=words[:80], problem=sentence(str(problem))),
            example(matter.said.task),
        ) from problem


def _changes(scope: Scope, subject: str, limits: Sequence[Limit], *, is_cap: bool = False) -> tuple[Change, ...]:
    """Only of the units that are mentioned, and of all where there are none."""
    units = dict.fromkeys(limit.unit for limit in limits) or list(Unit)
    return tuple(
        Change(
            scope=scope,
            subject=subject,
            is_cap=is_cap,
            unit=unit,
            limits=tuple(limit for limit in limits if limit.unit is unit),
        )
        for unit in units
    )


def _each(limits: Sequence[Limit]) -> str:
    return say("{limits}, each for themselves", limits=_spoken(limits)) if limits else _spoken(limits)


def _spoken(limits: Sequence[Limit]) -> str:
    return ", ".join(map(limit_words, limits)) or say("nothing is laid down any more")
