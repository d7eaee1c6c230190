"""Which limits apply to whom, wherever they were laid down."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
from types import MappingProxyType

from bot.access import (
    CHATS,
    DOOR,
    LISTED,
    PLACE,
    YES,
    Access,
    Door,
    Presence,
    Said,
    Threshold,
    may_be_used,
    must_be_let_in,
    whereabouts,
)
from bot.allowance import Allowance, Limit, Reach, Unit
from bot.job import Place


class Scope(StrEnum):
    """Where a limit is laid down."""

    BOT = "bot"
    CHAT = "chat"
    TIER = "tier"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    chat: str = ""
    """In which chat it counts, as its admins laid it down; empty for what operators laid down for everywhere."""
    scope: Scope
    subject: str = ""
    """`platform:id` of a chat or an identity, or the name of a tier; empty for the bot."""
    limit: Limit
    is_cap: bool = False
    """Whether it is for all together instead of for each person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """What was decided of somebody."""

    tiers: tuple[str, ...] = ()
    is_exempt: bool = False
    is_allowed: bool = False

    @property
    def is_known(self) -> bool:
        return bool(self.tiers) or self.is_exempt or self.is_allowed


NOBODY = Rank()


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A person as rules see them."""

    keys: frozenset[str]
    """`platform:id` of every identity, and the circles to which these belong."""
    everywhere: Rank = NOBODY
    here: Rank = NOBODY
    """What the admins of the chat decided, in which they speak."""


_Source = tuple[str, Scope, str]
_Shelf = tuple[str, Scope, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What operators lay down holds everywhere; what the admins of a chat lay down holds there besides."""

    limits: Mapping[_Shelf, tuple[Limit, ...]] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The identities and circles of every tier. Whoever is in two is in the one that comes first."""
    exempt: frozenset[str] = frozenset()
    zone: tzinfo = UTC
    zones: Mapping[str, tzinfo] = field(default_factory=dict)
    """Of the chats whose clocks are others."""
    access: Access = field(default_factory=Access)
    owners: frozenset[str] = frozenset()
    """The identities of the operators."""
    moves: tuple[tuple[str, str], ...] = ()
    """Chats that have another number than the file may know, by which everything above names them."""

    def zone_in(self, chat: str) -> tzinfo:
        return self.zones.get(chat, self.zone)

    def zone_of(self, allowance: Allowance, chat: str) -> tzinfo:
        """By whose clocks it begins anew: of the chat where it counts only there, or else everybody's."""
        return self.zone_in(chat) if allowance.reach in (Reach.PERSON_HERE, Reach.CHAT) else self.zone

    def tiers_of(self, who: Who) -> tuple[str, ...]:
        """Those that hold everywhere, the first to count first."""
        named = (name for name, members in self.members.items() if not who.keys.isdisjoint(members))
        return tuple(dict.fromkeys((*who.everywhere.tiers, *named)))

    def is_owner(self, who: Who) -> bool:
        return not self.owners.isdisjoint(who.keys)

    def allowances(self, who: Who, chat: str, changed: Iterable[Rule] = ()) -> list[Allowance]:
        """What applies to an order of this person in this chat; `changed` takes the place of what the file says."""
        newer = indexed(changed)
        own: list[Allowance] = []
        if not self._is_exempt(who):
            own = list(self._own(tuple(self._sources(who, chat)), Reach.PERSON, newer))
            if not who.here.is_exempt:
                own += self._own(tuple(self._sources_here(who, chat)), Reach.PERSON_HERE, newer)
        return [*dict.fromkeys((*own, *self._caps(chat, newer)))]

    def thresholds(self, who: Who, chat: str, said: Said, *, is_private: bool) -> Iterator[tuple[str, Threshold]]:
        """Whose doors somebody has to pass who orders in this chat; `said` is what was decided beside the file."""
        file = self.access
        is_known = who.everywhere.is_known or bool(self.tiers_of(who)) or self._is_exempt(who)
        is_known = is_known or not file.people.isdisjoint(who.keys)
        listed = _verdicts(said, "")
        places = dict.fromkeys(file.chats, True) | dict.fromkeys(file.not_in, False) | listed
        only_listed = bool(file.chats) or said.get(("", CHATS)) == LISTED
        yield (
            "",
            Threshold(
                door=Door(said.get(("", DOOR), file.door)),
                places=places,
                elsewhere=not only_listed or (is_private and is_known),
                is_known=is_known,
            ),
        )
        yield (
            chat,
            Threshold(
                door=Door(said.get((chat, DOOR), Door.OPEN)),
                places=_verdicts(said, chat),
                is_known=is_known or who.here.is_known,
            ),
        )

    def may_be_used(self, place: Place, said: Said) -> bool:
        """Whether the operators have nothing against the bot being in this chat, or in a part of it."""
        _, threshold = next(self.thresholds(Who(keys=frozenset()), place.chat_key, said, is_private=False))
        parts = (may for key, may in threshold.places.items() if key.startswith(f"{place.chat_key}/"))
        return may_be_used((place.chat_key,), threshold) or any(parts)

    def must_admit(self, who: Who, place: Place, said: Said, presence: Presence) -> None:
        """Raises `NotAdmitted`. Operators are let in everywhere, and the admins of a chat there."""
        if self.is_owner(who):
            return
        thresholds = list(self.thresholds(who, place.chat_key, said, is_private=place.is_private))
        must_be_let_in(
            whereabouts(place, presence.around),
            thresholds[:1] if presence.is_admin else thresholds,
            leaves=self.access.leaves and not self.may_be_used(place, said),
        )

    def _is_exempt(self, who: Who) -> bool:
        return who.everywhere.is_exempt or not self.exempt.isdisjoint(who.keys)

    def _own(
        self, sources: tuple[_Source, ...], reach: Reach, newer: Mapping[_Shelf, tuple[Limit, ...]]
    ) -> Iterator[Allowance]:
        """From the most specific source that says anything about a unit."""
        for unit in Unit:
            for source in sources:
                if found := self._said((*source, False), unit, newer):
                    counts_here = source[1] is Scope.CHAT
                    yield from (Allowance(limit, Reach.PERSON_HERE if counts_here else reach) for limit in found)
                    break

    def _sources(self, who: Who, chat: str) -> Iterator[_Source]:
        yield from (("", Scope.PERSON, key) for key in sorted(who.keys))
        yield from (("", Scope.TIER, name) for name in self.tiers_of(who))
        yield "", Scope.CHAT, chat
        yield "", Scope.BOT, ""

    def _sources_here(self, who: Who, chat: str) -> Iterator[_Source]:
        yield from ((chat, Scope.PERSON, key) for key in sorted(who.keys))
        yield from ((chat, Scope.TIER, name) for name in dict.fromkeys((*who.here.tiers, *self.tiers_of(who))))
        yield chat, Scope.CHAT, chat

    def _caps(self, chat: str, newer: Mapping[_Shelf, tuple[Limit, ...]]) -> Iterator[Allowance]:
        shelves = (
            ((chat, Scope.CHAT, chat, True), Reach.CHAT),
            (("", Scope.CHAT, chat, True), Reach.CHAT),
            (("", Scope.BOT, "", True), Reach.BOT),
        )
        for shelf, reach in shelves:
            for unit in Unit:
                yield from (Allowance(limit, reach) for limit in self._said(shelf, unit, newer))

    def _said(self, shelf: _Shelf, unit: Unit, newer: Mapping[_Shelf, tuple[Limit, ...]]) -> tuple[Limit, ...]:
        for limits in (newer.get(shelf), self.limits.get(shelf)):
            if limits and (found := tuple(limit for limit in limits if limit.unit is unit)):
                return found
        return ()


def _verdicts(said: Said, chat: str) -> dict[str, bool]:
    return {
        name.removeprefix(PLACE): value == YES
        for (where, name), value in said.items()
        if where == chat and name.startswith(PLACE)
    }


def indexed(rules: Iterable[Rule]) -> Mapping[_Shelf, tuple[Limit, ...]]:
    found: dict[_Shelf, tuple[Limit, ...]] = {}
    for rule in rules:
        shelf = (rule.chat, rule.scope, rule.subject, rule.is_cap)
        found[shelf] = (*found.get(shelf, ()), rule.limit)
    return MappingProxyType(found)


FREE = Rules()
"""No limit at all."""
