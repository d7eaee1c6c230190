"""What admins lay down of who may order, and where."""

from datetime import datetime

from bot.access import CHATS, DOOR, LISTED, NO, PLACE, WHO, YES, Door, whereabouts
from bot.admin_words import COMMAND, EVERYWHERE, NotUnderstood, Task, example
from bot.asking import Asking
from bot.card import Card, explained
from bot.decision import Allowed, Ban, Ruling
from bot.matter import Matter, done
from bot.moment import Timed
from bot.reason import clause
from bot.rulebook import Rulebook
from bot.speech import continued, current, say

ANY = "any"


class Admitting:
    def __init__(self, rulebook: Rulebook, asking: Asking) -> None:
        self._rulebook = rulebook
        self._asking = asking

    async def access(self, matter: Matter) -> Card:
        words = matter.said.words.casefold()
        if not matter.chat and words in (f"chats {LISTED}", f"chats {ANY}"):
            value = words.removeprefix("chats ")
            await self._rulebook.decide(Ruling(terms=((CHATS, value),)), matter.decision)
            return done(
                say("Only chats that are allowed may use the bot.")
                if value == LISTED
                else say("Any chat may use the bot.")
            )
        if words not in list(Door):
            raise NotUnderstood(
                say("“{words}” is none of {doors}.", words=words[:40], doors=", ".join(Door)), example(Task.ACCESS)
            )
        await self._rulebook.decide(Ruling(terms=((DOOR, words),)), matter.decision)
        who = continued(say(WHO[Door(words)]))
        return done(say("Here: {who}", who=who) if matter.chat else say("Everywhere: {who}", who=who))

    async def requests(self, matter: Matter) -> Card:
        return await self._asking.first(matter.chat)

    async def allow(self, matter: Matter) -> Card:
        if place := _place(matter):
            await self._rulebook.decide(Ruling(terms=((PLACE + place, YES),)), matter.decision)
            return done(say("I may be used in {place}.", place=_named(matter, place)))
        subject = matter.subject
        ruling = Ruling(marks=((subject, Allowed()),), lifted=((subject, Ban("")),))
        await self._rulebook.decide(ruling, matter.decision)
        return done(say("{name} may order {where}.", name=matter.name, where=matter.where))

    async def deny(self, matter: Matter) -> Card:
        if place := _place(matter):
            await self._rulebook.decide(Ruling(terms=((PLACE + place, NO),)), matter.decision)
            return done(say("I may not be used in {place}.", place=_named(matter, place)))
        return await self._ban(matter, Ban(matter.reason()))

    async def ban(self, matter: Matter) -> Card:
        length = matter.said.length
        until = None if length is None else matter.decision.at + length
        return await self._ban(matter, Ban(matter.reason(matter.said.words), until))

    async def unban(self, matter: Matter) -> Card:
        subject = matter.subject
        await self._rulebook.decide(Ruling(lifted=((subject, Ban("")),), forgiven=(subject,)), matter.decision)
        return done(say("{name} may order again {where}.", name=matter.name, where=matter.where))

    async def _ban(self, matter: Matter, ban: Ban) -> Card:
        subject = matter.subject
        ruling = Ruling(marks=((subject, ban),), lifted=((subject, Allowed()),))
        await self._rulebook.decide(ruling, matter.decision)
        over = (
            Timed.saying("They may again {when}.", ban.until, _in_utc(ban.until))
            if ban.until
            else say("This has no end.")
        )
        everywhere = "" if matter.chat else f"{EVERYWHERE} "
        lifting = explained(f"{COMMAND} {everywhere}{Task.UNBAN} {subject}", say("lifts it"))
        return done(
            say(
                "{name} may not order {where}: {reason}.",
                name=matter.name,
                where=matter.where,
                reason=clause(ban.reason),
            ),
            over,
            lifting,
        )


def _in_utc(moment: datetime) -> str:
    return say("on {date} at {time} UTC", date=current().date(moment), time=f"{moment:%H:%M}")


def _place(matter: Matter) -> str | None:
    """The key of the place that is meant; `None` where it is about people."""
    words = matter.said.words.casefold()
    if matter.chat:
        places = whereabouts(matter.place, matter.presence.around)
        return {"here": places[0], "chat": places[-1]}.get(words)
    key = matter.said.key
    return key if key and (words == "chat" or key.partition(":")[2].startswith("-")) else None


def _named(matter: Matter, place: str) -> str:
    if not matter.chat:
        return place
    return say("this chat") if place == matter.chat else say("this topic or channel")
