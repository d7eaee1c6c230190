"""Which limits apply to whom, wherever they were laid down."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
from types import MappingProxyType

from bot.allowance import Allowance, Limit, Reach, Unit


class Scope(StrEnum):
    """Where a limit is laid down."""

    BOT = "bot"
    CHAT = "chat"
    TIER = "tier"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    scope: Scope
    subject: str = ""
    """`platform:id` of a chat or an identity, or the name of a tier; empty for the bot."""
    limit: Limit
    is_cap: bool = False
    """Whether it is for all together instead of for each person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A person as limits see them: every identity as `platform:id`, and what was decided beside the rules."""

    identities: frozenset[str]
    tiers: tuple[str, ...] = ()
    is_exempt: bool = False


_Place = tuple[Scope, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    limits: Mapping[_Place, tuple[Limit, ...]] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The identities of every tier. Whoever is in two is in the one that comes first."""
    exempt: frozenset[str] = frozenset()
    zone: tzinfo = UTC
    zones: Mapping[str, tzinfo] = field(default_factory=dict)
    """Of the chats whose clocks are others."""

    def zone_in(self, chat: str) -> tzinfo:
        return self.zones.get(chat, self.zone)

    def zone_of(self, allowance: Allowance, chat: str) -> tzinfo:
        """By whose clocks it begins anew: of the chat where it counts only there, or else everybody's."""
        return self.zone_in(chat) if allowance.reach in (Reach.PERSON_HERE, Reach.CHAT) else self.zone

    def allowances(self, who: Who, chat: str, changed: Iterable[Rule] = ()) -> list[Allowance]:
        """What applies to an order of this person in this chat; `changed` takes the place of what the file says."""
        newer = indexed(changed)
        own = [] if self._is_exempt(who) else [limit for unit in Unit for limit in self._own(unit, who, chat, newer)]
        return [*own, *self._caps(chat, newer)]

    def _is_exempt(self, who: Who) -> bool:
        return who.is_exempt or not self.exempt.isdisjoint(who.identities)

    def _own(self, unit: Unit, who: Who, chat: str, newer: Mapping[_Place, tuple[Limit, ...]]) -> Iterator[Allowance]:
        """From the most specific source that says anything about this unit."""
        for scope, subject in self._sources(who, chat):
            found = self._said((scope, subject, False), unit, newer)
            if found:
                reach = Reach.PERSON_HERE if scope is Scope.CHAT else Reach.PERSON
                yield from (Allowance(limit, reach) for limit in found)
                return

    def _sources(self, who: Who, chat: str) -> Iterator[tuple[Scope, str]]:
        yield from ((Scope.PERSON, identity) for identity in sorted(who.identities))
        yield from ((Scope.TIER, name) for name in who.tiers)
        yield from (
            (Scope.TIER, name) for name, members in self.members.items() if not who.identities.isdisjoint(members)
        )
        yield Scope.CHAT, chat
        yield Scope.BOT, ""

    def _caps(self, chat: str, newer: Mapping[_Place, tuple[Limit, ...]]) -> Iterator[Allowance]:
        for scope, subject, reach in ((Scope.CHAT, chat, Reach.CHAT), (Scope.BOT, "", Reach.BOT)):
            for unit in Unit:
                found = self._said((scope, subject, True), unit, newer)
                yield from (Allowance(limit, reach) for limit in found)

    def _said(self, place: _Place, unit: Unit, newer: Mapping[_Place, tuple[Limit, ...]]) -> tuple[Limit, ...]:
        changed = tuple(limit for limit in newer.get(place, ()) if limit.unit is unit)
        return changed or tuple(limit for limit in self.limits.get(place, ()) if limit.unit is unit)


def indexed(rules: Iterable[Rule]) -> Mapping[_Place, tuple[Limit, ...]]:
    found: dict[_Place, tuple[Limit, ...]] = {}
    for rule in rules:
        place = (rule.scope, rule.subject, rule.is_cap)
        found[place] = (*found.get(place, ()), rule.limit)
    return MappingProxyType(found)


FREE = Rules()
"""No limit at all."""
