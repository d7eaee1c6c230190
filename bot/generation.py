"""One step in the life of a submitted job. What a step will do is written down before it does it."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.job import Delivery, FailureKind, ImpossibleStep, Job, Phase
from bot.meter import Meter
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
)
from bot.reason import CANCELLED, CANCELLED_THERE, CANCELLED_TOO_LATE, FILMED
from bot.record import MOST_TRIES, Record
from bot.screen import Screen
from bot.submission import Submission
from bot.terms import Terms
from bot.trouble import (
    DeliveryUnknown,
    Gone,
    MediaExpired,
    MediaForbidden,
    MediaUnplayable,
    NotKept,
    NotNow,
    Passing,
    Trouble,
    Undeliverable,
)
from bot.waiting import Pause, Schedules
from bot.watch import Watch, Watches, ticket_of

UNCONNECTED = 300.0
"""Seconds after which a clip for a chat whose token was taken away is tried again."""

OUTAGE = 6 * 3600.0
"""Seconds for which a clip is tried again and again while the chat cannot be reached, or our disk takes no more."""

log = logging.getLogger(__name__)


class Generation:
    def __init__(
        self,
        *,
        clock: Clock,
        store: Store,
        terms: Terms,
        providers: Mapping[str, Provider],
        library: Library,
        chats: Mapping[str, Chat],
        record: Record,
        schedules: Schedules,
        watches: Watches,
        screen: Screen,
        submission: Submission,
        meter: Meter,
    ) -> None:
        self._clock = clock
        self._store = store
        self._terms = terms
        self._providers = providers
        self._library = library
        self._chats = chats
        self._record = record
        self._schedules = schedules
        self._watches = watches
        self._screen = screen
        self._submission = submission
        self._meter = meter

    async def glance(self, watch: Watch) -> Pause:
        """A step of a job that renders, which reads and writes nothing unless there is news."""
        told = None if watch.is_changed or self._is_late(watch) else await self._ask(watch)
        if isinstance(told, Queued | Rendering) and not self._is_news(watch, told):
            return self._note(watch, told)
        watch.is_changed = False
        job = await self._store.job(watch.job)
        return None if job is None else await self.step(job, told)

    async def step(self, job: Job, told: "Told | None" = None) -> Pause:
        """Do the next thing for the job; seconds until the one after, or `None` where there is nothing left to do.

        `told` is what the provider has just said of it, if it was asked.
        """
        await self._schedules.load(job.offer, job.shot)
        try:
            return await self._next(job, told)
        except ImpossibleStep:
            # Somebody ended the job between our read and our write.
            return None

    async def _next(self, job: Job, told: "Told | None") -> Pause:
        match job.phase:
            case Phase.SUBMITTING:
                return await self._submission.resolve(job)
            case Phase.RENDERING:
                return await self._look(job, told)
            case Phase.FETCHING:
                return await self._fetch(job)
            case Phase.DELIVERING:
                return None if job.waits_for_a_person else await self._deliver(job)
            case Phase.ACCEPTED | Phase.DELIVERED | Phase.FAILED | Phase.CANCELLED | Phase.UNRESOLVED:
                return None
            case _:
                assert_never(job.phase)

    async def _look(self, job: Job, told: "Told | None") -> Pause:
        if job.cancel_asked:
            return await self._cancel(job)
        watch = await self._watches.of(job)
        is_late = self._is_late(watch)
        # It may be finished all the same; and a look that always fails must end, too.
        if is_late and await self._record.try_again(job) is None:
            return await self._run_out(job)
        told = told or await self._ask(watch)
        if is_late and isinstance(told, Queued | Rendering):
            return await self._run_out(job)
        return await self._see(job, watch, told)

    async def _ask(self, watch: Watch) -> "Told":
        try:
            sight = await self._providers[watch.offer.provider].look(watch.ticket)
        except (Passing, Gone) as trouble:
            return trouble
        watch.is_silent = False
        return sight

    async def _see(self, job: Job, watch: Watch, told: "Told") -> Pause:
        match told:
            case Passing():
                self._tell_silence(job, watch, told)
                return max(self._record.pause(job, told), watch.pause(self._age(watch)))
            case Gone():
                return await self._record.try_again(job, told) or await self._record.fail(job, FailureKind.LOST)
            case Queued() | Rendering():
                self._screen.queued(job, _ahead(told))
                return self._note(watch, told)
            case Finished(None):
                # Done, they say, but no video yet: it may still be settling.
                return await self._record.try_again(job) or await self._record.fail(job, FailureKind.MEDIA)
            case Finished(url):
                return await self._wrap(job, watch, url)
            case Broken(failure):
                return await self._record.fail(job, failure.kind, failure.detail)
            case Stopped():
                return await self._record.refund(job, Phase.CANCELLED, CANCELLED_THERE)
            case _:
                assert_never(told)

    def _note(self, watch: Watch, sight: Queued | Rendering) -> float:
        age = self._age(watch)
        watch.saw(sight, age)
        return watch.pause(age)

    def _tell_silence(self, job: Job, watch: Watch, trouble: Passing) -> None:
        """Once, until it answers again."""
        if not watch.is_silent:
            watch.is_silent = True
            log.warning(
                "%s does not tell how it goes on: %s", job.offer.provider, trouble.detail, extra={"job": job.id}
            )

    def _is_news(self, watch: Watch, sight: Queued | Rendering) -> bool:
        return not self._screen.knows_ahead(watch.job, _ahead(sight))

    async def _wrap(self, job: Job, watch: Watch, url: str | None) -> float:
        job = await self._record.move(job, Phase.FETCHING, media_url=url)
        self._watches.end(job.id)
        age = self._age(watch)
        if age <= job.offer.patience:
            await self._schedules.learn(job.offer, job.shot, watch.course.ended(age))
        return 0.0

    async def _run_out(self, job: Job) -> Pause:
        try:
            await self._provider(job).cancel(ticket_of(job))
        except Passing as trouble:
            log.warning("could not stop a late generation: %s", trouble.detail, extra={"job": job.id})
        return await self._record.fail(job, FailureKind.TIMED_OUT)

    async def _cancel(self, job: Job) -> Pause:
        try:
            answer = await self._provider(job).cancel(ticket_of(job))
        except Passing as trouble:
            return await self._record.try_again(job, trouble) or await self._let_go(job)
        match answer:
            case CancelAnswer.STOPPED:
                return await self._record.refund(job, Phase.CANCELLED, CANCELLED)
            case CancelAnswer.TOO_LATE:
                await self._record.change(job, lambda now: replace(now, cancel_asked=False))
                return 0.0
            case CancelAnswer.IMPOSSIBLE:
                return await self._let_go(job)
            case _:
                assert_never(answer)

    async def _let_go(self, job: Job) -> Pause:
        """The provider cannot stop it and will be paid: so does the person who ordered it."""
        return await self._record.charge(job, Phase.CANCELLED, CANCELLED_TOO_LATE)

    async def _fetch(self, job: Job) -> Pause:
        try:
            clip = await self._library.fetch(job.id, job.media_url or "")
        except MediaExpired as trouble:
            return await self._ask_anew(job, trouble)
        except NotKept as trouble:
            log.error("the clip cannot be written to our disk: %s", trouble.detail, extra={"job": job.id})  # noqa: TRY400 - the operator needs no trace
            return await self._wait_for_room(job, trouble)
        except (Passing, MediaForbidden, MediaUnplayable) as trouble:
            log.warning("the clip did not arrive: %s", trouble.detail, extra={"job": job.id})
            return await self._record.try_again(job, trouble) or await self._record.fail(job, FailureKind.MEDIA)
        await self._record.charge(job, Phase.DELIVERING, FILMED, clip=clip)
        return 0.0

    async def _wait_for_room(self, job: Job, trouble: NotKept) -> Pause:
        """The clip is there and will be paid for, so that it is worth waiting until somebody has made room."""
        pause = await self._record.try_again(job, trouble)
        if pause is None and self._in_phase(job) < OUTAGE:
            return self._record.pause(job, trouble)
        return pause or await self._record.fail(job, FailureKind.NOT_KEPT)

    async def _ask_anew(self, job: Job, trouble: Trouble) -> Pause:
        try:
            sight = await self._provider(job).look(ticket_of(job))
        except (Passing, Gone) as passing:
            return await self._record.try_again(job, passing) or await self._record.fail(job, FailureKind.MEDIA)
        if isinstance(sight, Finished) and sight.media_url:
            url = sight.media_url
            job = await self._record.change(job, lambda now: replace(now, media_url=url))
        return await self._record.try_again(job, trouble) or await self._record.fail(job, FailureKind.MEDIA)

    async def _deliver(self, job: Job) -> Pause:
        def attempted(now: Job) -> Job:
            return replace(now, delivery=Delivery.ATTEMPTED, attempts=now.attempts + 1)

        chat = self._chats.get(job.place.platform)
        if chat is None:
            return UNCONNECTED
        await self._note_left(job)
        maybe_sent, tries = job.delivery is Delivery.ATTEMPTED, job.attempts
        job = await self._record.change(job, attempted)
        try:
            # The card below the clip is read when it has arrived.
            card = self._screen.card(replace(job, phase=Phase.DELIVERED))
            with self._meter.sending(job):
                receipt = await chat.deliver(job, card, maybe_sent=maybe_sent)
        except NotNow as trouble:
            delivery = Delivery.ATTEMPTED if maybe_sent else Delivery.PENDING
            await self._record.note(job, lambda now: replace(now, delivery=delivery, attempts=tries))
            return trouble.retry_after
        except Passing as trouble:
            log.warning("the clip was not sent: %s", trouble.detail, extra={"job": job.id})
            if not maybe_sent:
                job = await self._record.change(job, lambda now: replace(now, delivery=Delivery.PENDING))
                if self._in_phase(job) < OUTAGE:
                    # It certainly did not arrive, so nothing speaks against trying until the network is back.
                    return self._record.pause(job, trouble)
            return self._record.pause(job, trouble) if job.attempts < MOST_TRIES else await self._keep(job)
        except DeliveryUnknown as trouble:
            log.warning("the clip may have been sent: %s", trouble.detail, extra={"job": job.id})
            return self._record.pause(job, trouble) if job.attempts < MOST_TRIES else await self._keep(job)
        except Undeliverable as trouble:
            log.warning("the clip cannot be sent: %s", trouble.detail, extra={"job": job.id})
            return await self._keep(job)
        self._screen.forget(await self._record.move(job, Phase.DELIVERED, delivery=Delivery.DONE, receipt=receipt))
        return None

    async def _note_left(self, job: Job) -> None:
        rules = self._terms.rules
        there = await self._store.standing(job.identity, job.place, self._clock.now(), rules)
        self._screen.note_left(job, there.uses)

    async def _keep(self, job: Job) -> Pause:
        self._screen.forget(await self._record.change(job, lambda now: replace(now, delivery=Delivery.GIVEN_UP)))
        return None

    def _age(self, watch: Watch) -> float:
        return watch.age(self._clock.now())

    def _is_late(self, watch: Watch) -> bool:
        """Whether this process has been patient with it for long enough.

        While we were away, or when somebody has set the clock, nobody looked; and what is given up may be paid for.
        """
        return watch.looked_for(self._clock.steady()) > watch.offer.patience

    def _in_phase(self, job: Job) -> float:
        """Seconds."""
        return (self._clock.now() - job.phase_since).total_seconds()

    def _provider(self, job: Job) -> Provider:
        return self._providers[job.offer.provider]


Told = Sight | Passing | Gone
"""What comes of a look."""


def _ahead(sight: Queued | Rendering) -> int | None:
    return sight.ahead if isinstance(sight, Queued) else None
