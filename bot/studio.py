"""The use cases. Chat adapters call these and nothing else of the core."""

import hmac
from dataclasses import replace
from typing import assert_never

from bot.access import MustAsk
from bot.actions import CANCELLABLE, Actions
from bot.administration import Administration
from bot.asking import Asking
from bot.card import Card, FormCard, JobCard, Order, Press, Reply
from bot.catalogue import shot_of
from bot.commands import Word, word_of
from bot.form import form_card
from bot.grammar import asks_for_help, draft, parse
from bot.house import House, to_the_end
from bot.intake import Intake
from bot.job import Identity, Job, JobId, Phase, Place
from bot.linking import Linking
from bot.moving import Moving
from bot.privacy import Privacy
from bot.refusal import NothingRuns, OrderedBefore, OrderIsOver, Refusal, StaysAsItWas, TooLate
from bot.subject import about_who_speaks
from bot.tongue import Tongues
from bot.usage import usage_card
from bot.wording import help_card, history_card, quote, welcome_card

HISTORY, SHORT_HISTORY = 100, 10


class Studio:
    def __init__(self, house: House) -> None:
        self._house = house
        self._intake = Intake(house)
        self._actions = Actions(house, self._intake)
        self._linking = Linking(house)
        self._asking = Asking(house, self._intake)
        self._administration = Administration(house, self._actions, self._asking)
        self._moving = Moving(house)
        self._privacy = Privacy(house)

    @about_who_speaks
    async def say(self, order: Order) -> Card:
        """Whatever somebody typed; raises a `Refusal` whose text is the reply."""
        match word_of(order.text):
            case Word.VIDEO:
                return await self.order(order)
            case Word.USAGE:
                return await self._usage(order)
            case Word.HISTORY:
                return await self._history(order)
            case Word.CANCEL:
                return await self._cancel_latest(order)
            case Word.ADMIN:
                return await self._administration.say(order)
            case Word.PRIVACY | Word.FORGET | Word.LINK | Word.UNLINK | Word.LANGUAGE:
                return await self._of_themselves(order)
            case Word.START:
                return welcome_card()
            case Word.HELP:
                return help_card()
            case command:
                assert_never(command)

    async def _of_themselves(self, order: Order) -> Card:
        """What somebody decides over what is known of them."""
        match word_of(order.text):
            case Word.LINK | Word.UNLINK:
                return await self._linking.say(order)
            case Word.LANGUAGE:
                return await self._house.tongues.say(order)
            case _:
                return await self._privacy.say(order)

    @about_who_speaks
    async def order(self, order: Order) -> Card:
        """The card to show; raises a `Refusal` whose text is the reply."""
        if asks_for_help(order.text):
            return help_card()
        command = parse(order.text, order.picked)
        remarks = tuple(map(str, command.remarks))
        if command.price_only:
            offer, notes = self._intake.choose(command.request)
            return quote(command.request, offer, offer.prices.price(shot_of(command.request)), (*remarks, *notes))
        try:
            return await self._intake.accept(order, command.request, remarks)
        except MustAsk as must:
            return await self._asking.ask(order, command.request, must)

    @about_who_speaks
    async def amend(self, order: Order) -> Card:
        """A command that was changed after it was sent; its event is the one of that time.

        What was refused then is an order now. Raises `TooLate` once what was ordered is on its way to be filmed.
        """
        job = await self._house.store.ordered_with(order.place.platform, order.event)
        if job is None:
            return await self.order(order)
        try:
            return await self._amended(job, order)
        except TooLate:
            raise
        except Refusal as refusal:
            if refusal.is_limit:
                raise
            raise StaysAsItWas(refusal) from refusal

    async def _amended(self, job: Job, order: Order) -> Card:
        command = parse(order.text)
        if command.request == job.request or asks_for_help(order.text):
            return self._house.screen.card(job)
        if job.is_over:
            raise OrderIsOver
        if command.price_only:
            raise OrderedBefore
        return await self._intake.amend(job, order, command.request, tuple(map(str, command.remarks)))

    def check(self, order: Order) -> bool:
        """Whether it is to be filmed, and not answered with help or a price; by looking at it alone, without waiting.

        Raises the `Refusal` of what cannot be ordered.
        """
        if asks_for_help(order.text):
            return False
        command = parse(order.text, order.picked)
        self._intake.choose(command.request)
        return not command.price_only

    async def recent_prompts(self, identity: Identity, typed: str, most: int) -> list[str]:
        """What this person had filmed lately, as far as it goes with what they have typed."""
        jobs = await self._house.store.latest_of(identity, HISTORY)
        wanted = typed.casefold()
        kept = (job.request.prompt for job in jobs if not job.erased)
        prompts = dict.fromkeys(prompt for prompt in kept if wanted in prompt.casefold())
        return list(prompts)[:most]

    def providers(self, model: str | None) -> list[str]:
        """Those that are switched on here and have the model, or any."""
        offers = (offer for offer in self._house.terms.offers if model in (None, offer.model))
        return list(dict.fromkeys(offer.provider for offer in offers))

    def form(self, text: str) -> FormCard:
        """The guided form for a command that may not be finished. Raises a `Refusal` for one that makes no sense."""
        request = draft(text)
        offer, _ = self._intake.choose(request)
        return form_card(request, offer, self._house.terms.offers)

    @about_who_speaks
    async def act(self, press: Press) -> Card:
        """What a button does. Those that cost run on the account of whoever presses."""
        return await self._actions.act(press)

    @about_who_speaks
    async def answer(self, reply: Reply) -> Card:
        """What an admin says to a request."""
        return await self._asking.answer(reply)

    async def stays(self, place: Place, added_by: Identity | None = None) -> bool:
        """Whether the bot may be in a chat at all."""
        return await self._administration.stays(place, added_by)

    async def moved(self, platform: str, chat: str, chat_now: str) -> None:
        """A chat has another number from now on."""
        await self._moving.moved(platform, chat, chat_now)

    @property
    def tongues(self) -> Tongues:
        """In which language whoever speaks is to be answered."""
        return self._house.tongues

    async def ordered_by(self, job_id: JobId) -> Identity | None:
        """Whose job it is; `None` for one that is not kept."""
        job = await self._house.store.job(job_id)
        return job.identity if job else None

    async def asked_by(self, request: str) -> Identity | None:
        """Who asks to be let in; `None` for a request that is not kept."""
        asked = await self._house.rulebook.asked(request)
        return asked.identity if asked else None

    async def circles(self, platform: str, chat: str) -> frozenset[str]:
        """Those that matter to an order in this chat: whether somebody belongs to them is worth asking."""
        named = {key for members in self._house.terms.rules.members.values() for key in members}
        marked = await self._house.rulebook.circles(platform, f"{platform}:{chat}")
        return marked | {key for key in named if key.startswith(f"{platform}:") and key.count(":") > 1}

    async def posted(self, job_id: JobId, message: str) -> None:
        """The chat shows the job's status in this message."""
        await self._note(job_id, status=message)

    async def told(self, job_id: JobId) -> None:
        """The chat shows how the job ended."""
        await self._note(job_id, told=True)

    async def untold(self, platform: str) -> list[tuple[Job, JobCard]]:
        """What ended without its chat having shown it: the program was stopped in between."""
        jobs = await self._house.store.untold(platform)
        return [(job, self._house.screen.card(job)) for job in jobs]

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

    async def _history(self, order: Order) -> Card:
        """Where others read along, only what was ordered before their eyes."""
        jobs = await self._house.store.latest_of(order.identity, HISTORY)
        here = [job for job in jobs if order.is_private or job.place.chat == order.place.chat]
        return history_card([(job, self._actions.can_send(job, order.place)) for job in here[:SHORT_HISTORY]])

    async def _usage(self, order: Order) -> Card:
        now, rules = self._house.clock.now(), self._house.terms.rules
        standing = await self._house.store.standing(order.identity, order.place, now, rules, presence=order.presence)
        return usage_card(standing, now, rules.zone_in(order.place.chat_key))

    async def _cancel_latest(self, order: Order) -> JobCard:
        """The same one however often this very message is told, and however impatiently it is repeated."""
        meant = await self._house.store.ordered_with(order.place.platform, order.event)
        if meant is None:
            latest = await self._house.store.latest_of(order.identity, HISTORY)
            meant = next((job for job in latest if job.phase in CANCELLABLE), None)
            if meant is None:
                raise NothingRuns
            await self._house.store.remember(order.place.platform, order.event, meant.id)
        if meant.is_over:
            return self._house.screen.card(meant)
        return await self._actions.cancel(order.identity, meant)

    @to_the_end
    async def _note(self, job_id: JobId, **changes: str | bool | None) -> None:
        def noted(now: Job) -> Job:
            # The two callers above name fields of a job. Of one that was forgotten nothing is written down any more.
            return now if now.forgotten else replace(now, **changes)  # type: ignore[arg-type]

        await self._house.record.note(await self._actions.stored(job_id), noted)
