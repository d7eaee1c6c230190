"""What the buttons do."""

import logging
from dataclasses import replace
from typing import assert_never

from bot.card import Card, JobCard, Order, Press, Verb
from bot.choosing import sharper
from bot.grammar import render
from bot.house import House, to_the_end
from bot.intake import Intake
from bot.job import Delivery, Identity, ImpossibleStep, Job, JobId, Phase, Place
from bot.ports import Chat
from bot.reason import CANCELLED_IN_TIME
from bot.refusal import (
    ClipNoLongerKept,
    CouldNotSend,
    NoSuchClip,
    NotYours,
    OrderedElsewhere,
    PromptNoLongerKept,
    TooLate,
)
from bot.request import VideoRequest
from bot.speech import current, say, unsaid
from bot.trouble import Trouble
from bot.wording import NEED_THE_PROMPT, draft_card, sent_again

CANCELLABLE = frozenset({Phase.ACCEPTED, Phase.SUBMITTING, Phase.RENDERING})

log = logging.getLogger(__name__)


class Actions:
    def __init__(self, house: House, intake: Intake) -> None:
        self._house = house
        self._intake = intake

    async def act(self, press: Press) -> Card:
        job = await self.known(press.job)
        if job.erased and press.verb in NEED_THE_PROMPT:
            raise PromptNoLongerKept(self._house.terms.keep.prompts)
        match press.verb:
            case Verb.CANCEL:
                await self._must_rule(press, job)
                return await self.stop(job)
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

    def can_send(self, job: Job, place: Place) -> bool:
        """Whether the clip can be sent there again."""
        if job.phase is Phase.DELIVERED and not job.deleted:
            return not job.swept or self._keeper(job, place) is not None
        return job.waits_for_a_person

    async def known(self, job_id: JobId) -> Job:
        """Raises `NoSuchClip`, also for a job whose person was forgotten."""
        job = await self.stored(job_id)
        if job.forgotten:
            raise NoSuchClip
        return job

    async def stored(self, job_id: JobId) -> Job:
        """Raises `NoSuchClip`."""
        job = await self._house.store.job(job_id)
        if job is None:
            raise NoSuchClip
        return job

    async def cancel(self, by: Identity, job: Job) -> JobCard:
        """Raises `NotYours` or `TooLate`."""
        await self._must_own(by, job)
        return await self.stop(job)

    @to_the_end
    async def stop(self, job: Job) -> JobCard:
        """Whoever asked for it. Raises `TooLate`."""
        if job.phase not in CANCELLABLE:
            raise TooLate(say("There is nothing left to cancel."))
        if job.cancel_asked:
            # Each try to stop it counts, and the last one costs: impatience must not use them up.
            return self._house.screen.card(job)
        if not await self._cancelled_for_free(job):
            job = await self._house.record.change(job, lambda now: replace(now, cancel_asked=True))
            # It may have come back in line in this very moment.
            await self._cancelled_for_free(job)
        job = await self.known(job.id)
        self._house.engine.poke(job)
        return self._house.screen.card(job)

    async def _must_rule(self, press: Press, job: Job) -> None:
        """An admin rules over what was ordered in the very chat in which the button was pressed."""
        if not press.is_admin or press.place.chat_key != job.place.chat_key:
            await self._must_own(press.identity, job)

    async def _must_own(self, by: Identity, job: Job) -> None:
        """Raises `NotYours` for anybody but the person who ordered it, on whatever platform."""
        if (by.platform, by.user) == (job.identity.platform, job.identity.user):
            return
        if await self._house.store.person_of(by) != job.person:
            raise NotYours(job.identity.name)

    async def _cancelled_for_free(self, job: Job) -> bool:
        """False where the job has gone too far for that, perhaps in this very moment."""
        if job.phase is not Phase.ACCEPTED:
            return False
        try:
            await self._house.record.refund(job, Phase.CANCELLED, CANCELLED_IN_TIME)
        except ImpossibleStep:
            return False
        return True

    async def _repeat(self, press: Press, request: VideoRequest) -> Card:
        async def is_admin() -> bool:
            return press.is_admin

        order = Order(
            identity=press.identity,
            place=press.place,
            event=press.event,
            text="",
            status=press.status,
            presence=press.presence,
            is_admin=is_admin,
        )
        return await self._intake.accept(order, request)

    async def _delete(self, press: Press, job: Job) -> JobCard:
        await self._must_rule(press, job)
        if job.phase is not Phase.DELIVERED or job.deleted or job.clip is None:
            raise TooLate(say("There is no clip to delete."))
        # The file first: whatever happens in between, nobody can watch any more what somebody wanted gone.
        await self._house.library.discard(job.id)
        deleted = await self._house.record.change(job, lambda now: replace(now, deleted=True, told=False))
        return self._house.screen.card(deleted)

    async def _send_again(self, press: Press, job: Job) -> Card:
        """To where it is asked for: the place of the order may be gone."""
        await self._must_own(press.identity, job)
        if job.waits_for_a_person:
            if press.place.platform != job.place.platform:
                raise OrderedElsewhere
            return await self._deliver_anew(press, await self._house.moderation.shown_at(press, job))
        if job.phase is not Phase.DELIVERED or job.deleted:
            raise TooLate(say(ON_THE_WAY))
        if not self.can_send(job, press.place):
            raise ClipNoLongerKept(self._house.terms.keep.clips)
        return await self._copy(press, await self._house.moderation.shown_at(press, job))

    @to_the_end
    async def _deliver_anew(self, press: Press, job: Job) -> JobCard:
        def anew(now: Job) -> Job:
            if not now.waits_for_a_person:
                # Somebody was quicker, and it is on its way.
                raise TooLate(say(ON_THE_WAY))
            status = now.status if now.place.chat == press.place.chat else None
            there = replace(now, place=press.place, status=status, spoiler=spoiler)
            return replace(there, delivery=Delivery.PENDING, attempts=0, told=False)

        spoiler = job.spoiler
        job = await self._house.record.change(job, anew)
        self._house.engine.poke(job)
        return self._house.screen.card(job)

    async def _copy(self, press: Press, job: Job) -> Card:
        """Another copy of what has arrived once: nothing is written down of it."""
        chat = self._house.chats.get(press.place.platform)
        if chat is None:
            raise CouldNotSend
        known_there = job.receipt if press.place.platform == job.place.platform else None
        # Whoever ordered it is called by the name that they have there.
        there = replace(job, identity=press.identity, place=press.place, language=current().code)
        there = replace(there, status=None, receipt=known_there, swept=False)
        try:
            await chat.deliver(there, self._house.screen.card(there), maybe_sent=False)
        except Trouble as trouble:
            log.warning("a copy was not sent: %s", trouble.detail, extra={"job": job.id})
            raise CouldNotSend from trouble
        return sent_again()

    def _keeper(self, job: Job, place: Place) -> Chat | None:
        """The platform there, where it has the clip itself."""
        chat = self._house.chats.get(place.platform)
        return chat if chat and place.platform == job.place.platform and chat.keeps(job) else None


ON_THE_WAY = unsaid("The clip is on its way, or there is none.")


def _kept_seed(verb: Verb, job: Job) -> int | None:
    """*Again* wants another clip; *Try again* wants the one that was ordered."""
    return job.request.seed if verb is Verb.TRY_AGAIN else None
