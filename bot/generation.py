"""One step in the life of a job. What a step will do is written down before it does it."""

import logging
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from bot.job import Delivery, Failure, FailureKind, ImpossibleStep, Job, Phase, Ticket
from bot.ports import (
    Broken,
    CancelAnswer,
    Chat,
    Clock,
    Finished,
    Library,
    Provider,
    Queued,
    Rendering,
    Sight,
    Stopped,
    Store,
    Take,
)
from bot.record import Record
from bot.screen import Screen
from bot.trouble import (
    Ambiguous,
    Gone,
    MediaExpired,
    MediaForbidden,
    MediaUnplayable,
    OutOfService,
    Passing,
    Rejected,
    Throttled,
    Trouble,
    Undeliverable,
    Unreachable,
)
from bot.waiting import Durations, next_pause, retry_pause

Pause = float | None
"""Seconds until the next step of a job; `None` where nothing is left to do."""

MOST_TRIES = 6
"""After so many failed tries of one phase the job ends, or its clip waits for a person."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Everything outside that a generation touches."""

    clock: Clock
    store: Store
    providers: Mapping[str, Provider]
    library: Library
    chats: Mapping[str, Chat]


class Generation:
    def __init__(self, edges: Edges, record: Record, durations: Durations, screen: Screen, dice: random.Random) -> None:
        self._edges = edges
        self._record = record
        self._durations = durations
        self._screen = screen
        self._dice = dice

    async def step(self, job: Job) -> Pause:
        """Do the next thing for the job; seconds until the one after, or `None` where there is nothing left to do."""
        await self._durations.load(job.offer, job.shot)
        try:
            return await self._next(job)
        except ImpossibleStep:
            # Somebody ended the job between our read and our write.
            return None

    async def _next(self, job: Job) -> Pause:
        match job.phase:
            case Phase.ACCEPTED:
                return await self._submit(job)
            case Phase.SUBMITTING:
                return await self._resolve(job)
            case Phase.RENDERING:
                return await self._look(job)
            case Phase.FETCHING:
                return await self._fetch(job)
            case Phase.DELIVERING:
                return None if job.waits_for_a_person else await self._deliver(job)
            case Phase.DELIVERED | Phase.FAILED | Phase.CANCELLED | Phase.UNRESOLVED:
                return None
            case _:
                assert_never(job.phase)

    async def _submit(self, job: Job) -> Pause:
        if self._age(job) > job.offer.patience:
            return await self._fail(job, FailureKind.BUSY)
        correlation = str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
        job = await self._record.move(job, Phase.SUBMITTING, correlation=correlation, attempts=job.attempts)
        take = Take(offer=job.offer, request=replace(job.request, seed=job.seed), correlation=correlation)
        try:
            ticket = await self._provider(job).submit(take)
        except Rejected as trouble:
            return await self._fail(job, trouble.failure.kind, trouble.failure.detail)
        except OutOfService as trouble:
            log.error("%s takes no orders: %s", job.offer.provider, trouble.detail, extra={"job": job.id})  # noqa: TRY400
            return await self._fail(job, FailureKind.UNAVAILABLE)
        except (Throttled, Unreachable) as trouble:
            job = await self._record.move(job, Phase.ACCEPTED, attempts=job.attempts + 1)
            return self._retry(job, trouble)
        except Ambiguous as trouble:
            log.warning("%s may have taken the order: %s", job.offer.provider, trouble.detail, extra={"job": job.id})
            return await self._resolve(await self._record.change(job, lambda now: replace(now, attempts=0)))
        return await self._begin(job, ticket)

    async def _begin(self, job: Job, ticket: Ticket) -> float:
        at = self._edges.clock.now()
        await self._record.move(job, Phase.RENDERING, ticket=ticket, submitted_at=at)
        return next_pause(0)

    async def _resolve(self, job: Job) -> Pause:
        """The create was under way when its answer, or we, got lost. It is looked up and never repeated."""
        try:
            ticket = await self._provider(job).find(job.correlation or "")
        except Passing as trouble:
            return await self._again(job, trouble) or await self._give_up_looking(job)
        if ticket is not None:
            return await self._begin(job, ticket)
        return await self._give_up_looking(job)

    async def _give_up_looking(self, job: Job) -> Pause:
        log.error("job may cost %s at %s", job.price, job.offer.provider, extra={"job": job.id})
        job = await self._record.refund(job, Phase.UNRESOLVED, "the provider may or may not have taken the order")
        return self._end(job)

    async def _look(self, job: Job) -> Pause:
        if job.cancel_asked:
            return await self._cancel(job)
        if self._age(job) > job.offer.patience:
            return await self._run_out(job)
        try:
            sight = await self._provider(job).look(_ticket(job))
        except Passing as trouble:
            return self._retry(job, trouble)
        except Gone as trouble:
            return await self._again(job, trouble) or await self._fail(job, FailureKind.LOST)
        return await self._see(job, sight)

    async def _see(self, job: Job, sight: Sight) -> Pause:
        match sight:
            case Queued(ahead):
                self._screen.queued(job, ahead)
                return next_pause(self._age(job))
            case Rendering():
                self._screen.queued(job, None)
                return next_pause(self._age(job))
            case Finished(None):
                # Done, they say, but no video yet: it may still be settling.
                return await self._again(job) or await self._fail(job, FailureKind.MEDIA)
            case Finished(url):
                return await self._wrap(job, url)
            case Broken(failure):
                return await self._fail(job, failure.kind, failure.detail)
            case Stopped():
                return self._end(await self._record.refund(job, Phase.CANCELLED, "cancelled at the provider"))
            case _:
                assert_never(sight)

    async def _wrap(self, job: Job, url: str | None) -> float:
        job = await self._record.move(job, Phase.FETCHING, media_url=url)
        await self._durations.learn(job.offer, job.shot, self._age(job))
        return 0.0

    async def _run_out(self, job: Job) -> Pause:
        try:
            await self._provider(job).cancel(_ticket(job))
        except Passing as trouble:
            log.warning("could not stop a late generation: %s", trouble.detail, extra={"job": job.id})
        return await self._fail(job, FailureKind.TIMED_OUT)

    async def _cancel(self, job: Job) -> Pause:
        try:
            answer = await self._provider(job).cancel(_ticket(job))
        except Passing as trouble:
            return await self._again(job, trouble) or await self._let_go(job)
        match answer:
            case CancelAnswer.STOPPED:
                return self._end(await self._record.refund(job, Phase.CANCELLED, "cancelled"))
            case CancelAnswer.TOO_LATE:
                await self._record.change(job, lambda now: replace(now, cancel_asked=False))
                return 0.0
            case CancelAnswer.IMPOSSIBLE:
                return await self._let_go(job)
            case _:
                assert_never(answer)

    async def _let_go(self, job: Job) -> Pause:
        """The provider cannot stop it and will be paid: so does the person who ordered it."""
        return self._end(await self._record.charge(job, Phase.CANCELLED, "cancelled after the provider had begun"))

    async def _fetch(self, job: Job) -> Pause:
        try:
            clip = await self._edges.library.fetch(job.id, job.media_url or "")
        except MediaExpired as trouble:
            return await self._ask_anew(job, trouble)
        except (Passing, MediaForbidden, MediaUnplayable) as trouble:
            log.warning("the clip did not arrive: %s", trouble.detail, extra={"job": job.id})
            return await self._again(job, trouble) or await self._fail(job, FailureKind.MEDIA)
        await self._record.charge(job, Phase.DELIVERING, "filmed", clip=clip)
        return 0.0

    async def _ask_anew(self, job: Job, trouble: Trouble) -> Pause:
        try:
            sight = await self._provider(job).look(_ticket(job))
        except (Passing, Gone) as passing:
            return await self._again(job, passing) or await self._fail(job, FailureKind.MEDIA)
        if isinstance(sight, Finished) and sight.media_url:
            url = sight.media_url
            job = await self._record.change(job, lambda now: replace(now, media_url=url))
        return await self._again(job, trouble) or await self._fail(job, FailureKind.MEDIA)

    async def _deliver(self, job: Job) -> Pause:
        def attempted(now: Job) -> Job:
            return replace(now, delivery=Delivery.ATTEMPTED, attempts=now.attempts + 1)

        job = await self._record.change(job, attempted)
        try:
            receipt = await self._edges.chats[job.place.platform].deliver(job, self._screen.card(job))
        except Passing as trouble:
            log.warning("the clip was not sent: %s", trouble.detail, extra={"job": job.id})
            return self._retry(job, trouble) if job.attempts < MOST_TRIES else await self._keep(job)
        except Undeliverable as trouble:
            log.warning("the clip cannot be sent: %s", trouble.detail, extra={"job": job.id})
            return await self._keep(job)
        return self._end(await self._record.move(job, Phase.DELIVERED, delivery=Delivery.DONE, receipt=receipt))

    async def _keep(self, job: Job) -> Pause:
        return self._end(await self._record.change(job, lambda now: replace(now, delivery=Delivery.GIVEN_UP)))

    async def _fail(self, job: Job, kind: FailureKind, detail: str = "") -> Pause:
        return self._end(await self._record.refund(job, Phase.FAILED, kind.value, failure=Failure(kind, detail)))

    def _end(self, job: Job) -> Pause:
        self._screen.forget(job)
        return None

    async def _again(self, job: Job, trouble: Trouble | None = None) -> Pause:
        """Count a failed try and say when the next one is due; `None` after the last."""
        job = await self._record.change(job, lambda now: replace(now, attempts=now.attempts + 1))
        return self._retry(job, trouble) if job.attempts < MOST_TRIES else None

    def _retry(self, job: Job, trouble: Trouble | None) -> float:
        asked = (trouble.retry_after if trouble else None) or 0.0
        return max(asked, retry_pause(max(job.attempts, 1), self._dice.random()))

    def _age(self, job: Job) -> float:
        """Seconds since the submission, or since the order while there was none."""
        return (self._edges.clock.now() - (job.submitted_at or job.ordered_at)).total_seconds()

    def _provider(self, job: Job) -> Provider:
        return self._edges.providers[job.offer.provider]


def _ticket(job: Job) -> Ticket:
    if job.ticket is None:
        raise LookupError(job.id)
    return job.ticket
