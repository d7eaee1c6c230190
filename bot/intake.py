"""From a request to a job that is written down."""

import logging
from dataclasses import replace

from bot.access import NotAdmitted, Presence
from bot.card import JobCard, Order
from bot.catalogue import Offer, shot_of
from bot.choosing import fitting
from bot.house import House, to_the_end
from bot.job import Entry, EntryKind, ImpossibleStep, Job, JobId, Phase
from bot.moderation import COVERED, Rating
from bot.refusal import NobodyFilms, Restarting, TooLate
from bot.request import SEED_LIMIT, VideoRequest
from bot.shortage import LimitReached, NoRoomToChange
from bot.speech import current, say, unsaid
from bot.wording import instead_of

log = logging.getLogger(__name__)


class Intake:
    def __init__(self, house: House) -> None:
        self._house = house

    def choose(self, request: VideoRequest) -> tuple[Offer, tuple[str, ...]]:
        """The offer, and what is to be said of it. Raises `NoOffer` or `NobodyFilms`."""
        offers = fitting(request, self._house.terms.offers)
        best = offers[0]
        same_model = {offer.provider: offer for offer in offers if offer.model == best.model}
        provider = self._house.gates.hopeful(tuple(same_model), self._house.clock.steady())
        if provider is None:
            raise NobodyFilms
        offer = same_model[provider]
        return offer, () if offer is best else (instead_of(best, offer, offer.prices.price(shot_of(request))),)

    async def accept(self, order: Order, request: VideoRequest, remarks: tuple[str, ...] = ()) -> JobCard:
        """The same event twice is one job.

        Raises `NoOffer`, `NobodyFilms`, `Restarting`, and what `Moderation.judge` and `Store.accept` raise.
        """
        offer, notes = self.choose(request)
        rating = await self._house.moderation.judge(order, request)
        if self._house.engine.is_stopping:
            raise Restarting
        drawn_up = self._drawn_up(order, request, offer, (*remarks, *notes))
        try:
            return await self._accept(_rated(drawn_up, rating), order.event, order.presence)
        except NotAdmitted:
            if not await order.is_admin():
                raise
            presence = replace(order.presence, is_admin=True)
            return await self._accept(_rated(drawn_up, rating), order.event, presence)

    async def amend(self, job: Job, order: Order, request: VideoRequest, remarks: tuple[str, ...]) -> JobCard:
        """Have the job film something else.

        Raises `NoRoomToChange`, what `Moderation.judge` raises, or `TooLate` once it is on its way to be filmed.
        """
        offer, notes = self.choose(request)
        rating = await self._house.moderation.judge(order, request, is_change=True)
        return await self._amend(job, request, offer, (*remarks, *notes), rating)

    @to_the_end
    async def _accept(self, drawn_up: Job, event: str, presence: Presence) -> JobCard:
        await self._house.schedules.load(drawn_up.offer, drawn_up.shot)
        try:
            job, is_new, uses = await self._house.store.accept(drawn_up, event, self._house.terms.rules, presence)
        except LimitReached as reached:
            await self._house.budget.refused(reached.use, drawn_up.ordered_at)
            raise
        if not is_new:
            return self._house.screen.card(job)
        self._house.screen.note_left(job, uses)
        log.info("job accepted", extra={"job": job.id, "offer": job.offer_id})
        self._house.meter.accept(job)
        self._house.engine.admit(job)
        card = self._house.screen.show(job)
        await self._house.budget.watch(uses, job.ordered_at)
        return card

    @to_the_end
    async def _amend(
        self, job: Job, request: VideoRequest, offer: Offer, notes: tuple[str, ...], rating: Rating
    ) -> JobCard:
        def amended(now: Job) -> Job:
            if now.phase is not Phase.ACCEPTED or now.cancel_asked:
                raise ImpossibleStep(now.id, now.phase, Phase.ACCEPTED)
            changed = replace(
                now,
                request=request,
                offer_id=offer.id,
                price=price,
                seed=self._seed(request, offer),
                notes=notes,
                refused_by=(),
            )
            return _rated(changed, rating)

        if not self._house.engine.recall(job):
            raise TooLate(say(ON_ITS_WAY))
        price = offer.prices.price(shot_of(request))
        entry = Entry(EntryKind.ADJUST, price, "the order was changed") if price != job.price else None
        try:
            await self._house.schedules.load(offer, shot_of(request))
            job = await self._house.record.change(job, amended, entry)
        except ImpossibleStep as gone:
            raise TooLate(say(ON_ITS_WAY)) from gone
        except LimitReached as reached:
            raise NoRoomToChange(reached) from reached
        finally:
            # Whatever happened: a job that waits must stand in line.
            self._house.engine.admit(job)
        return self._house.screen.card(job)

    def _drawn_up(self, order: Order, request: VideoRequest, offer: Offer, notes: tuple[str, ...]) -> Job:
        now = self._house.clock.now()
        return Job(
            id=JobId(f"{self._house.dice.getrandbits(80):020x}"),
            person="",
            identity=order.identity,
            place=order.place,
            request=request,
            offer_id=offer.id,
            seed=self._seed(request, offer),
            price=offer.prices.price(shot_of(request)),
            ordered_at=now,
            phase=Phase.ACCEPTED,
            phase_since=now,
            notes=notes,
            status=order.status,
            language=current().code,
        )

    def _seed(self, request: VideoRequest, offer: Offer) -> int | None:
        """The one that was chosen, or one that is drawn so that the clip can be filmed again."""
        drawn = self._house.dice.randint(0, SEED_LIMIT) if offer.can.seed else None
        return drawn if request.seed is None else request.seed


def _rated(job: Job, rating: Rating) -> Job:
    spoiler = rating.spoiler or bool(job.request.spoiler)
    notes = (*job.notes, say(COVERED)) if rating.spoiler else job.notes
    return replace(job, adult=rating.adult, spoiler=spoiler, notes=notes)


ON_ITS_WAY = unsaid("The order is already on its way to be filmed, as it was.")
