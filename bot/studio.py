"""The use cases. Chat adapters call these and nothing else of the core."""

import asyncio
import hmac
import logging
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar, assert_never

from bot.card import Card, JobCard, Order, Press, Verb
from bot.catalogue import Offer, shot_of
from bot.choosing import fitting, sharper
from bot.commands import Word, word_of
from bot.engine import Engine
from bot.gate import Gates
from bot.grammar import asks_for_help, parse, render
from bot.job import Delivery, ImpossibleStep, Job, JobId, Phase
from bot.ports import Clock, Library, Store
from bot.record import Record
from bot.refusal import Refusal
from bot.request import SEED_LIMIT, VideoRequest
from bot.screen import Screen
from bot.waiting import Durations
from bot.wording import draft_card, help_card, history_card, instead_of, privacy_card, quote, usage_card

HISTORY, SHORT_HISTORY = 100, 10

CANCELLABLE = frozenset({Phase.ACCEPTED, Phase.SUBMITTING, Phase.RENDERING})

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)


def to_the_end(work: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Even if whoever asked for it is cancelled meanwhile: what is written down must also reach the engine."""

    @wraps(work)
    async def shielded(*args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.shield(work(*args, **kwargs))

    return shielded


class Restarting(Refusal):
    title = "Just a moment"

    def __init__(self) -> None:
        super().__init__("The bot is restarting.", "Send the command again in a minute.")


class NobodyFilms(Refusal):
    title = "Not at the moment"

    def __init__(self) -> None:
        super().__init__(
            "No provider that could film this takes orders right now.", "Try again in some minutes; the operator knows."
        )


class NoSuchClip(Refusal):
    title = "Not found"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("This button belongs to an order that is no longer kept.", "Order it anew with /video.")


class NotYours(Refusal):
    title = "Not yours"
    is_an_order = False

    def __init__(self, name: str) -> None:
        super().__init__(f"Only {name or 'the one who ordered it'} can do that.")


class NothingRuns(Refusal):
    title = "Nothing to cancel"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("None of your orders is under way.")


class TooLate(Refusal):
    title = "Too late"
    is_an_order = False

    def __init__(self, what: str) -> None:
        super().__init__(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the studio works with."""

    clock: Clock
    store: Store
    library: Library
    record: Record
    engine: Engine
    gates: Gates
    screen: Screen
    durations: Durations
    offers: tuple[Offer, ...]
    dice: random.Random


class Studio:
    def __init__(self, house: House) -> None:
        self._house = house

    async def say(self, order: Order) -> Card:
        """Whatever somebody typed; raises a `Refusal` whose text is the reply."""
        match word_of(order.text):
            case Word.VIDEO:
                return await self.order(order)
            case Word.USAGE:
                return usage_card(await self._house.store.account(order.identity))
            case Word.HISTORY:
                return history_card(await self._house.store.latest_of(order.identity, SHORT_HISTORY))
            case Word.CANCEL:
                return await self._cancel_latest(order)
            case Word.PRIVACY:
                return privacy_card()
            case Word.HELP | Word.START:
                return help_card()
            case command:
                assert_never(command)

    async def order(self, order: Order) -> Card:
        """The card to show; raises a `Refusal` whose text is the reply."""
        if asks_for_help(order.text):
            return help_card()
        command = parse(order.text)
        remarks = tuple(map(str, command.remarks))
        offer, notes = self._choose(command.request)
        if command.price_only:
            return quote(command.request, offer, offer.prices.price(shot_of(command.request)), (*remarks, *notes))
        return await self._accept(order, command.request, offer, (*remarks, *notes))

    async def act(self, press: Press) -> Card:
        """What a button does. Those that cost run on the account of whoever presses."""
        job = await self._known(press.job)
        match press.verb:
            case Verb.CANCEL:
                return await self._cancel(press, job)
            case Verb.SEND_AGAIN:
                return await self._send_again(press, job)
            case Verb.AGAIN | Verb.TRY_AGAIN:
                return await self._repeat(press, replace(job.request, seed=_kept_seed(press.verb, job)))
            case Verb.SAME_SEED:
                return await self._repeat(press, replace(job.request, seed=job.seed))
            case Verb.HD:
                return await self._repeat(press, replace(sharper(job) or job.request, seed=job.seed))
            case Verb.EDIT:
                return draft_card(render(job.request))
            case Verb.DELETE:
                return await self._delete(press, job)
            case _:
                assert_never(press.verb)

    async def posted(self, job_id: JobId, message: str) -> None:
        """The chat shows the job's status in this message."""
        await self._house.record.note(await self._known(job_id), lambda now: replace(now, status=message))

    async def _cancel_latest(self, order: Order) -> JobCard:
        for job in await self._house.store.latest_of(order.identity, HISTORY):
            if job.phase in CANCELLABLE and not job.cancel_asked:
                press = Press(
                    identity=order.identity, place=order.place, event=order.event, verb=Verb.CANCEL, job=job.id
                )
                return await self._cancel(press, job)
        raise NothingRuns

    async def heard(self, provider: str, job_id: JobId, secret: str) -> bool:
        """A provider says that a job is done, which is a reason to look and no more; False for who is not believed."""
        job = await self._house.store.job(job_id)
        if job is None or job.correlation is None or job.offer.provider != provider:
            return False
        if not hmac.compare_digest(job.correlation.encode(), secret.encode()):
            return False
        if job.phase is Phase.RENDERING:
            self._house.engine.poke(job)
        return True

    async def latest(self, platform: str, chat: str) -> list[JobCard]:
        """What was ordered in a chat, oldest first."""
        jobs = await self._house.store.jobs_in(platform, chat, HISTORY)
        return [self._house.screen.card(job) for job in jobs]

    async def _repeat(self, press: Press, request: VideoRequest) -> Card:
        order = Order(identity=press.identity, place=press.place, event=press.event, text="")
        offer, notes = self._choose(request)
        return await self._accept(order, request, offer, notes)

    def _choose(self, request: VideoRequest) -> tuple[Offer, tuple[str, ...]]:
        """The offer, and what is to be said of it. Raises `NoOffer` or `NobodyFilms`."""
        offers = fitting(request, self._house.offers)
        best = offers[0]
        same_model = {offer.provider: offer for offer in offers if offer.model == best.model}
        provider = self._house.gates.hopeful(tuple(same_model), self._house.clock.steady())
        if provider is None:
            raise NobodyFilms
        offer = same_model[provider]
        return offer, () if offer is best else (instead_of(best, offer, offer.prices.price(shot_of(request))),)

    @to_the_end
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

    @to_the_end
    async def _cancel(self, press: Press, job: Job) -> JobCard:
        _must_own(press, job)
        if job.phase not in CANCELLABLE:
            raise TooLate("There is nothing left to cancel.")
        if job.cancel_asked:
            # Each try to stop it counts, and the last one costs: impatience must not use them up.
            return self._house.screen.card(job)
        if not await self._cancelled_for_free(job):
            job = await self._house.record.change(job, lambda now: replace(now, cancel_asked=True))
            # It may have come back in line in this very moment.
            await self._cancelled_for_free(job)
        job = await self._known(job.id)
        self._house.engine.poke(job)
        return self._house.screen.card(job)

    async def _cancelled_for_free(self, job: Job) -> bool:
        """False where the job has gone too far for that, perhaps in this very moment."""
        if job.phase is not Phase.ACCEPTED:
            return False
        try:
            await self._house.record.refund(job, Phase.CANCELLED, "cancelled before the provider began")
        except ImpossibleStep:
            return False
        return True

    async def _delete(self, press: Press, job: Job) -> JobCard:
        if not press.is_admin:
            _must_own(press, job)
        if job.phase is not Phase.DELIVERED or job.deleted or job.clip is None:
            raise TooLate("There is no clip to delete.")
        deleted = await self._house.record.change(job, lambda now: replace(now, deleted=True))
        await self._house.library.discard(job.clip)
        return self._house.screen.card(deleted)

    async def _known(self, job_id: JobId) -> Job:
        job = await self._house.store.job(job_id)
        if job is None:
            raise NoSuchClip
        return job

    @to_the_end
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
