"""The use cases. Chat adapters call these and nothing else of the core."""

import logging
import random
from dataclasses import dataclass, replace
from typing import assert_never

from bot.card import Card, JobCard, Order, Press, Verb
from bot.catalogue import Offer, shot_of
from bot.choosing import choose
from bot.engine import Engine
from bot.grammar import asks_for_help, parse
from bot.job import Delivery, ImpossibleStep, Job, JobId, Phase
from bot.ports import Clock, Store
from bot.record import Record
from bot.refusal import Refusal
from bot.request import SEED_LIMIT, VideoRequest
from bot.screen import Screen
from bot.waiting import Durations
from bot.wording import help_card, quote

HISTORY = 100

log = logging.getLogger(__name__)


class Restarting(Refusal):
    title = "Just a moment"

    def __init__(self) -> None:
        super().__init__("The bot is restarting.", "Send the command again in a minute.")


class NoSuchClip(Refusal):
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("This button belongs to an order that is no longer kept.", "Order it anew with /video.")


class NotYours(Refusal):
    title = "Not yours"

    def __init__(self, name: str) -> None:
        super().__init__(f"Only {name or 'the one who ordered it'} can do that.")


class TooLate(Refusal):
    title = "Too late"

    def __init__(self, what: str) -> None:
        super().__init__(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the studio works with."""

    clock: Clock
    store: Store
    record: Record
    engine: Engine
    screen: Screen
    durations: Durations
    offers: tuple[Offer, ...]
    dice: random.Random


class Studio:
    def __init__(self, house: House) -> None:
        self._house = house

    async def order(self, order: Order) -> Card:
        """The card to show; raises a `Refusal` whose text is the reply."""
        if asks_for_help(order.text):
            return help_card()
        command = parse(order.text)
        remarks = tuple(map(str, command.remarks))
        offer = choose(command.request, self._house.offers)
        if command.price_only:
            return quote(command.request, offer, offer.prices.price(shot_of(command.request)), remarks)
        return await self._accept(order, command.request, offer, remarks)

    async def act(self, press: Press) -> Card:
        """What a button does. Those that cost run on the account of whoever presses."""
        job = await self._house.store.job(press.job)
        if job is None:
            raise NoSuchClip
        match press.verb:
            case Verb.CANCEL:
                return await self._cancel(press, job)
            case Verb.SEND_AGAIN:
                return await self._send_again(press, job)
            case Verb.AGAIN | Verb.TRY_AGAIN:
                return await self._repeat(press, replace(job.request, seed=_kept_seed(press.verb, job)))
            case Verb.SAME_SEED:
                return await self._repeat(press, replace(job.request, seed=job.seed))
            case _:
                assert_never(press.verb)

    async def latest(self, platform: str, chat: str) -> list[JobCard]:
        """What was ordered in a chat, oldest first."""
        jobs = await self._house.store.jobs_in(platform, chat, HISTORY)
        return [self._house.screen.card(job) for job in jobs]

    async def _repeat(self, press: Press, request: VideoRequest) -> Card:
        order = Order(identity=press.identity, place=press.place, event=press.event, text="")
        return await self._accept(order, request, choose(request, self._house.offers), ())

    async def _accept(self, order: Order, request: VideoRequest, offer: Offer, notes: tuple[str, ...]) -> JobCard:
        if self._house.engine.is_stopping:
            raise Restarting
        await self._house.durations.load(offer, shot_of(request))
        job, is_new = await self._house.store.accept(self._drawn_up(order, request, offer, notes), order.event)
        if is_new:
            log.info("job accepted", extra={"job": job.id, "offer": offer.id})
            self._house.engine.admit(job)
            self._house.screen.show(job)
        return self._house.screen.card(job)

    def _drawn_up(self, order: Order, request: VideoRequest, offer: Offer, notes: tuple[str, ...]) -> Job:
        now, dice = self._house.clock.now(), self._house.dice
        drawn = dice.randint(0, SEED_LIMIT) if offer.can.seed else None
        return Job(
            id=JobId(f"{dice.getrandbits(80):020x}"),
            person="",
            identity=order.identity,
            place=order.place,
            request=request,
            offer_id=offer.id,
            seed=drawn if request.seed is None else request.seed,
            price=offer.prices.price(shot_of(request)),
            ordered_at=now,
            phase=Phase.ACCEPTED,
            phase_since=now,
            notes=notes,
        )

    async def _cancel(self, press: Press, job: Job) -> JobCard:
        _must_own(press, job)
        if job.is_over or job.phase in (Phase.FETCHING, Phase.DELIVERING):
            raise TooLate("There is nothing left to cancel.")
        job = await self._cancelled_for_free(job) or await self._asked_to_cancel(job)
        self._house.engine.poke(job)
        return self._house.screen.card(job)

    async def _cancelled_for_free(self, job: Job) -> Job | None:
        if job.phase is not Phase.ACCEPTED:
            return None
        try:
            return await self._house.record.refund(job, Phase.CANCELLED, "cancelled before the provider began")
        except ImpossibleStep:
            return None

    async def _asked_to_cancel(self, job: Job) -> Job:
        return await self._house.record.change(job, lambda now: replace(now, cancel_asked=True))

    async def _send_again(self, press: Press, job: Job) -> JobCard:
        _must_own(press, job)
        if not job.waits_for_a_person:
            raise TooLate("The clip is already on its way or here.")
        job = await self._house.record.change(job, lambda now: replace(now, delivery=Delivery.PENDING, attempts=0))
        self._house.engine.poke(job)
        return self._house.screen.card(job)


def _kept_seed(verb: Verb, job: Job) -> int | None:
    """*Again* wants another clip; *Try again* wants the one that was ordered."""
    return job.request.seed if verb is Verb.TRY_AGAIN else None


def _must_own(press: Press, job: Job) -> None:
    if (press.identity.platform, press.identity.user) != (job.identity.platform, job.identity.user):
        raise NotYours(job.identity.name)
