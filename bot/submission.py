"""Handing a job to a provider: once, or provably not at all."""

import logging
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.catalogue import Offer
from bot.choosing import candidates
from bot.gate import Gates
from bot.job import Entry, EntryKind, Failure, FailureKind, ImpossibleStep, Job, JobId, Phase, Ticket
from bot.phrase import spoken
from bot.ports import Clock, Provider, Take
from bot.reason import CANCELLED_BEFORE_ANY, NOBODY_KNOWS
from bot.record import Record
from bot.screen import Screen
from bot.shortage import LimitReached
from bot.terms import Terms
from bot.trouble import Ambiguous, OutOfService, Passing, Rejected, Throttled, Unreachable
from bot.waiting import Pause
from bot.watch import Watches
from bot.wording import instead_of

MOST_KNOCKS = 10
"""After so many submissions that did not start, nobody will have the job."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackInLine:
    """The job waits for a provider again."""

    job: Job


Next = Pause | BackInLine


Callback = Callable[[str, JobId, str], str | None]
"""The address at which a provider may tell that a job is done, made from the provider, the job and a secret."""


class Submission:
    def __init__(
        self,
        *,
        clock: Clock,
        providers: Mapping[str, Provider],
        record: Record,
        screen: Screen,
        gates: Gates,
        terms: Terms,
        dice: random.Random,
        callback: Callback,
        watches: Watches,
    ) -> None:
        self._clock = clock
        self._providers = providers
        self._record = record
        self._screen = screen
        self._gates = gates
        self._terms = terms
        self._dice = dice
        self._callback = callback
        self._watches = watches
        self._tickets: dict[JobId, Ticket] = {}
        """Given, and not written down yet: what could not be stored at once must not be lost."""

    async def submit(self, job: Job, provider: str | None) -> Next:
        """Hand a waiting job to this provider; `None` where none will have it."""
        try:
            if job.cancel_asked:
                return await self._cancelled(job)
            if provider is None:
                return await self._record.fail(job, FailureKind.UNAVAILABLE)
            if job.attempts >= MOST_KNOCKS:
                return await self._record.fail(job, FailureKind.BUSY)
            return await self._submit(job, provider)
        except ImpossibleStep:
            # Somebody cancelled between our read and our write.
            return None

    async def resolve(self, job: Job) -> Pause:
        """The create was under way when its answer, or we, got lost. It is looked up and never repeated."""
        try:
            ticket = self._tickets.get(job.id) or await self._providers[job.offer.provider].find(job.correlation or "")
        except Passing as trouble:
            return await self._record.try_again(job, trouble) or await self._give_up(job)
        return await self._begin(job, ticket) if ticket else await self._give_up(job)

    async def _submit(self, job: Job, provider: str) -> Next:
        offer = next(each for each in self._terms.offers if each.id == f"{provider}/{job.offer.model}")
        try:
            intended = await self._intend(job, offer)
        except LimitReached as reached:
            log.info("too dear at %s: %s", provider, spoken(reached.use.limit), extra={"job": job.id})
            return await self._without(job, provider)
        return await self._create(intended)

    async def _without(self, job: Job, provider: str) -> Next:
        """Wait for those that keep within the allowances, where there are any."""
        refused_by = (*job.refused_by, provider)
        if not candidates(replace(job, refused_by=refused_by), self._terms.offers):
            return await self._record.fail(job, FailureKind.OVER_LIMIT)

        def without(now: Job) -> Job:
            if now.phase is not Phase.ACCEPTED:
                raise ImpossibleStep(now.id, now.phase, Phase.ACCEPTED)
            return replace(now, refused_by=refused_by)

        return BackInLine(await self._record.change(job, without))

    async def _intend(self, job: Job, offer: Offer) -> Job:
        """Write down what is about to be submitted, and what changes if it is not at the provider that was promised."""
        correlation = str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
        if offer.id == job.offer_id:
            return await self._record.move(job, Phase.SUBMITTING, correlation=correlation, attempts=job.attempts)
        price = offer.prices.price(job.shot)
        with self._screen.speaking_of(job):
            note = instead_of(job.offer, offer, price)
        return await self._record.move(
            job,
            Phase.SUBMITTING,
            entry=Entry(EntryKind.ADJUST, price, f"{offer.provider} instead of {job.offer.provider}"),
            correlation=correlation,
            attempts=job.attempts,
            offer_id=offer.id,
            price=price,
            seed=job.seed if offer.can.seed else None,
            notes=(*job.notes, note),
        )

    async def _create(self, job: Job) -> Next:
        gate, provider = self._gates[job.offer.provider], job.offer.provider
        try:
            ticket = await self._providers[provider].submit(self._take(job))
        except Rejected as trouble:
            gate.answered()
            return await self._rejected(job, trouble.failure)
        except OutOfService as trouble:
            log.error("%s takes no orders: %s", provider, trouble.detail, extra={"job": job.id})  # noqa: TRY400
            gate.broke(self._clock.steady())
            return await self._back_in_line(job)
        except (Throttled, Unreachable) as trouble:
            log.warning("%s is busy: %s", provider, trouble.detail, extra={"job": job.id})
            gate.busy(self._clock.steady(), trouble.retry_after)
            return await self._back_in_line(job)
        except Ambiguous as trouble:
            log.warning("%s may have taken the order: %s", provider, trouble.detail, extra={"job": job.id})
            return await self.resolve(await self._record.change(job, lambda now: replace(now, attempts=0)))
        gate.answered()
        return await self._begin(job, ticket)

    def _take(self, job: Job) -> Take:
        correlation = job.correlation or ""
        return Take(
            offer=job.offer,
            request=replace(job.request, seed=job.seed),
            correlation=correlation,
            callback=self._callback(job.offer.provider, job.id, correlation),
        )

    async def _begin(self, job: Job, ticket: Ticket) -> float:
        self._tickets[job.id] = ticket
        # Read first: from when the job is seen to render, time counts.
        schedule = await self._watches.schedule(job)
        begun = await self._record.move(job, Phase.RENDERING, ticket=ticket, submitted_at=self._clock.now())
        del self._tickets[job.id]
        return self._watches.begin(begun, schedule).pause(0)

    async def _rejected(self, job: Job, failure: Failure) -> Next:
        """Another provider may accept what this one does not understand; what one finds offensive goes no further."""
        refused_by = (*job.refused_by, job.offer.provider)
        if failure.kind is FailureKind.INVALID and candidates(replace(job, refused_by=refused_by), self._terms.offers):
            return await self._back_in_line(job, refused_by=refused_by)
        return await self._record.fail(job, failure.kind, failure.detail)

    async def _back_in_line(self, job: Job, refused_by: tuple[str, ...] = ()) -> Next:
        job = await self._record.move(
            job, Phase.ACCEPTED, attempts=job.attempts + 1, refused_by=refused_by or job.refused_by
        )
        return await self._cancelled(job) if job.cancel_asked else BackInLine(job)

    async def _cancelled(self, job: Job) -> Pause:
        return await self._record.refund(job, Phase.CANCELLED, CANCELLED_BEFORE_ANY)

    async def _give_up(self, job: Job) -> Pause:
        log.error("the job may cost %s micro-dollars at %s", job.price, job.offer.provider, extra={"job": job.id})
        return await self._record.refund(job, Phase.UNRESOLVED, NOBODY_KNOWS)
