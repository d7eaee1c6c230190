"""Whether a request may be filmed where it was ordered: by the rules laid down, and by whoever is asked beside them."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from bot.access import ADULT, YES
from bot.card import Order, Press
from bot.job import Job
from bot.ports import Clock, Moderator, Store
from bot.refusal import Refusal
from bot.request import VideoRequest
from bot.rulebook import Rulebook
from bot.speech import say, unsaid
from bot.strike import Struck, consequence
from bot.taboo import Found, Kind, Outside, worst
from bot.terms import Terms
from bot.trouble import Trouble
from bot.values import legible

SEXUAL = "sexual"
"""The one category of a moderator that adults may see."""

COVERED = unsaid("The clip is covered: it is for adults, and this place is not marked age-restricted.")

_REMEDIES = {
    Kind.BLOCK: unsaid("Say it without that, and order again."),
    Kind.ADULT: unsaid("Order it in a place that is marked age-restricted, or say it differently."),
}

_MOST_NAMED = 3
"""Categories of a moderator that a refusal repeats."""

log = logging.getLogger(__name__)


class NotFilmed(Refusal):
    title = unsaid("Not filmed")

    def __init__(self, complaint: "Complaint", struck: Struck, at: datetime, zone: tzinfo) -> None:
        remedy = say(_REMEDIES[complaint.kind])
        if told := consequence(struck, at, zone):
            # Whoever has to wait need not be told to order again.
            super().__init__(complaint.reason if struck.until else f"{complaint.reason} {remedy}", told)
        else:
            super().__init__(complaint.reason, remedy)


class NotChecked(Refusal):
    title = unsaid("Just a moment")
    is_limit = True

    def __init__(self) -> None:
        super().__init__(say("What you ask for cannot be checked right now."), say("Try again in a minute."))


class ForAdults(Refusal):
    title = unsaid("Not here")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("This clip is for adults, and this place is not marked age-restricted."),
            say("Ask for it in a place that is."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a request may be filmed as."""

    adult: bool = False
    spoiler: bool = False
    """Although nobody asked for that."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a request, and why."""

    kind: Kind
    reason: str


class Moderation:
    def __init__(
        self, clock: Clock, store: Store, rulebook: Rulebook, terms: Terms, moderator: Moderator | None
    ) -> None:
        """Without a `moderator` only the rules count."""
        self._clock = clock
        self._store = store
        self._rulebook = rulebook
        self._terms = terms
        self._moderator = moderator

    @property
    def asks_somebody(self) -> bool:
        """Whether prompts are shown to a moderator."""
        return self._moderator is not None

    async def judge(self, order: Order, request: VideoRequest, *, is_change: bool = False) -> Rating:
        """Raises `NotFilmed`, which is a strike, or `NotChecked`.

        Where a moderator is asked, also what `Store.welcome` raises. What was ordered before with the same event is
        judged no more.
        """
        complaint = await self._broken_rule(order, request)
        if complaint is None or complaint.kind is Kind.ADULT:
            complaint = await self._objection(order, request, is_change=is_change) or complaint
        if complaint is None:
            return Rating()
        if complaint.kind is Kind.ADULT:
            if await self._is_for_adults(order):
                return Rating(adult=True)
            if self._terms.taboos.outside is Outside.SPOILER:
                return Rating(adult=True, spoiler=True)
        if not is_change and await self._was_ordered(order):
            return Rating()
        raise await self._refused(order, request, complaint)

    async def shown_at(self, press: Press, job: Job) -> Job:
        """The job as it may be shown where the button was pressed. Raises `ForAdults`."""
        was_here = (job.place.chat_key, job.place.thread) == (press.place.chat_key, press.place.thread)
        if not job.adult or was_here or await self._is_for_adults(press):
            return job
        if self._terms.taboos.outside is Outside.BLOCK:
            raise ForAdults
        return replace(job, spoiler=True)

    async def _is_for_adults(self, asked: Order | Press) -> bool:
        return asked.presence.is_age_restricted or await self._is_adult(asked.place.chat_key)

    async def _is_adult(self, chat: str) -> bool:
        """Whether its admins say so."""
        return (await self._rulebook.said(chat)).get((chat, ADULT)) == YES

    async def _broken_rule(self, order: Order, request: VideoRequest) -> Complaint | None:
        # What should not be seen is not asked for, so the words after --no break no rule.
        chat = order.place.chat_key
        there = (*self._terms.taboos.in_chat(chat), *await self._rulebook.taboos(chat))
        found = worst(there, request.prompt)
        return None if found is None else Complaint(found.taboo.kind, _about(found))

    async def _objection(self, order: Order, request: VideoRequest, *, is_change: bool) -> Complaint | None:
        if self._moderator is None:
            return None
        if not is_change:
            if await self._was_ordered(order):
                return None
            # Whoever may not order at all need not be looked into.
            await self._store.welcome(order.identity, order.place, self._clock.now(), self._terms.rules)
        try:
            flagged = await self._moderator.flagged(request.prompt)
        except Trouble as trouble:
            log.warning("a prompt could not be checked: %s", trouble.detail)
            raise NotChecked from trouble
        return _objection_to(flagged) if flagged else None

    async def _was_ordered(self, order: Order) -> bool:
        return await self._store.ordered_with(order.place.platform, order.event) is not None

    async def _refused(self, order: Order, request: VideoRequest, complaint: Complaint) -> NotFilmed:
        now = self._clock.now()
        struck = await self._store.strike(order.identity, order.place.chat_key, _cause(order, request), now)
        log.info("an order was not fit to be filmed, number %d of its person in a day", struck.count)
        return NotFilmed(complaint, struck, now, self._terms.rules.zone_in(order.place.chat_key))


def _about(found: Found) -> str:
    words = legible(found.words)
    if found.taboo.kind is Kind.BLOCK:
        return say("“{words}” is not filmed here.", words=words)
    return say("“{words}” is filmed only for adults.", words=words)


def _objection_to(flagged: Sequence[str]) -> Complaint:
    if set(flagged) == {SEXUAL}:
        return Complaint(Kind.ADULT, say("The check of prompts found it sexual, which is filmed only for adults."))
    names = list(dict.fromkeys(legible(name.partition("/")[0]) for name in flagged))[:_MOST_NAMED]
    return Complaint(Kind.BLOCK, say("The check of prompts found in it: {names}.", names=", ".join(names)))


def _cause(order: Order, request: VideoRequest) -> str:
    """Other words in the same message are another cause; the same ones, told twice, are not."""
    words = hashlib.sha256(request.prompt.encode()).hexdigest()[:16]
    return f"{order.place.platform}:{order.event}:{words}"
