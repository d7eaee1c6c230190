"""What operators look at and do beside the chats, from the shell or from their own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.access import AccessRequest
from bot.actions import Actions
from bot.admin_words import MOST_REASON
from bot.administration import Administration
from bot.allowance import Reach, Use
from bot.asking import Asking
from bot.books import Standing
from bot.card import Card, Order, Press, Verb
from bot.decision import Decision
from bot.house import House
from bot.intake import Intake
from bot.job import Identity, Job, Place
from bot.matter import done
from bot.money import Micros
from bot.reason import refunded
from bot.refusal import Refusal
from bot.request import shortened
from bot.speech import say, unsaid
from bot.survey import By, ChatUse, Page, Person, Posting, Search, Story, Sum, Survey
from bot.window import Calendar, frame

LATELY = timedelta(days=7)
"""From which a month's end is foreseen."""


class Deed(StrEnum):
    """What an operator does with a job."""

    CANCEL = "cancel"
    REFUND = "refund"
    """It costs its person nothing any more; the caps go on to count what the provider was paid."""
    SEND_AGAIN = "send-again"
    FILM_AGAIN = "film-again"
    """A new order, on the account of whoever ordered before."""
    ANSWER = "answer"
    """To a request to be let in, as its buttons would: what is said is given as the reason."""


class NotOneJob(Refusal):
    title = unsaid("Not found")
    is_an_order = False

    def __init__(self, named: str, *, is_any: bool) -> None:
        super().__init__(
            say("More than one job begins with “{named}”.", named=named[:40])
            if is_any
            else say("There is no job “{named}”.", named=named[:40]),
            say("Give more of its number.") if is_any else say("The list of jobs shows the numbers."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the bot has spent, with what is held for the jobs under way."""

    today: Micros
    month: Micros
    foreseen: Micros
    """Of the whole month, if its rest is like the last days."""
    caps: Sequence[Use]


class Desk:
    def __init__(self, house: House, survey: Survey) -> None:
        self._house = house
        self._survey = survey
        intake = Intake(house)
        self._actions = Actions(house, intake)
        self._asking = Asking(house, intake)
        self._administration = Administration(house, self._actions, self._asking)

    async def jobs(self, search: Search, limit: int, before: int | None = None) -> Page:
        return await self._survey.jobs(search, limit, before)

    async def story(self, named: str) -> Story:
        """Of the job whose id begins so. Raises `NotOneJob`."""
        found = await self._survey.beginning(named.casefold()) if named else ()
        story = await self._survey.story(found[0]) if len(found) == 1 else None
        if story is None:
            raise NotOneJob(named, is_any=bool(found))
        return story

    async def balance(self) -> Balance:
        now, zone = self._house.clock.now(), self._house.terms.rules.zone
        today, month = frame(Calendar.DAY, now, zone), frame(Calendar.MONTH, now, zone)
        spent = await self._spent(month.since, now)
        lately = await self._spent(now - LATELY, now)
        rest = (month.until or now) - now
        return Balance(
            today=await self._spent(today.since, now),
            month=spent,
            foreseen=Micros(spent + round(lately * (rest / LATELY))),
            caps=await self.caps(),
        )

    async def caps(self) -> Sequence[Use]:
        """Of the bot as a whole."""
        return [use for use in (await self._standing(_NOBODY)).uses if use.allowance.reach is Reach.BOT]

    async def sums(self, by: By, since: datetime, until: datetime) -> Sequence[Sum]:
        return await self._survey.sums(by, since, until, self._house.terms.rules.zone)

    async def people(self, words: str, *, limit: int, skip: int = 0) -> Sequence[Person]:
        return await self._survey.people(words, self._house.clock.now(), limit=limit, skip=skip)

    async def standing(self, person: Person) -> Standing:
        """What the person may use everywhere, has used and was granted."""
        return await self._standing(person.identities[0])

    async def chats(self, *, limit: int, skip: int = 0) -> Sequence[ChatUse]:
        return await self._survey.chats(limit=limit, skip=skip)

    async def postings(self, person: str, limit: int) -> Sequence[Posting]:
        return await self._survey.postings(person, limit)

    async def audit(self, chat: str, limit: int) -> Sequence[Decision]:
        return await self._house.rulebook.audited(chat, limit)

    async def waiting(self) -> Sequence[AccessRequest]:
        """Who asks the operators to be let in, and who the admins of a chat; who waits longest comes first."""
        return await self._house.rulebook.waiting_anywhere()

    async def say(self, operator: Identity, words: str, *, chat: str = "", about: Identity | None = None) -> Card:
        """Do what these words after `/video_admin` say, in a chat or everywhere. Raises what that raises."""
        platform, _, number = chat.partition(":")
        place = Place(platform=platform or operator.platform, chat=number)
        event = f"{operator.platform} {self._house.dice.getrandbits(64):016x}"
        order = Order(identity=operator, place=place, event=event, text=f"/ {words}", about=about)
        return await self._administration.command(order, chat)

    async def do(self, deed: Deed, operator: Identity, named: str, reason: str = "") -> Card:
        """Raises `NotOneJob`, and what keeps it from being done."""
        if deed is Deed.ANSWER:
            return await self._asking.settle(operator, named, reason)
        job, reason = (await self.story(named)).job, shortened(reason, MOST_REASON)
        decision = Decision(
            by=operator.key,
            name=operator.name,
            at=self._house.clock.now(),
            is_operators=True,
            what=f"{deed} {job.id} ({job.identity.name or job.identity.key}){f': {reason}' if reason else ''}",
        )
        if deed is Deed.REFUND:
            await self._house.rulebook.refund(job.id, refunded(reason), decision)
            return done(
                say("It costs its person nothing any more."),
                say("What the provider was paid still counts in the caps."),
            )
        card = await self._moved(deed, job)
        await self._house.rulebook.note(decision)
        return card

    async def _moved(self, deed: Deed, job: Job) -> Card:
        if deed is Deed.CANCEL:
            return await self._actions.stop(job)
        # On behalf of whoever ordered it, and in the same place.
        press = Press(
            identity=job.identity,
            place=job.place,
            event=f"desk {self._house.dice.getrandbits(64):016x}",
            verb=_PRESSED[deed],
            job=job.id,
        )
        return await self._actions.act(press)

    async def _spent(self, since: datetime, until: datetime) -> Micros:
        sums = await self._survey.sums(
            By.PROVIDER, since, until + timedelta(microseconds=1), self._house.terms.rules.zone
        )
        return Micros(sum(each.spent + each.reserved for each in sums))

    async def _standing(self, identity: Identity) -> Standing:
        nowhere = Place(platform=identity.platform, chat="")
        return await self._house.store.standing(identity, nowhere, self._house.clock.now(), self._house.terms.rules)


_PRESSED: Mapping[Deed, Verb] = MappingProxyType({Deed.SEND_AGAIN: Verb.SEND_AGAIN, Deed.FILM_AGAIN: Verb.TRY_AGAIN})

_NOBODY = Identity(platform="", user="")
