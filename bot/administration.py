"""What admins do from the chat: they rule their chat, operators rule the bot."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from bot.access import LANGUAGE, PLACE, YES
from bot.actions import Actions
from bot.admin_words import COMMAND, MANUAL, Instruction, NotUnderstood, Task, example, read
from bot.admitting import Admitting
from bot.asking import Asking
from bot.card import Card, Circle, Order, explained
from bot.decision import Decision, Ruling
from bot.forbidding import Forbidding
from bot.house import House
from bot.job import Identity, Job, Place
from bot.limiting import Limiting
from bot.matter import Matter, OnlyOperators, done
from bot.overview import audit_card, help_card, jobs_card, rules_card, stats_card
from bot.reason import clause
from bot.refusal import Refusal
from bot.rules import Scope
from bot.speech import current, say, unsaid
from bot.tongue import AUTO

MOST_LINES, MOST_SPENDERS = 15, 5
DAY = timedelta(days=1)


class NotAnAdmin(Refusal):
    title = unsaid("For admins")
    is_an_order = False
    is_limit = True

    def __init__(self) -> None:
        super().__init__(
            say("Only admins of this chat, and operators of the bot, can do that."), say("/help shows the rest.")
        )


class NobodyCalled(Refusal):
    title = unsaid("Nobody found")
    is_an_order = False

    def __init__(self, name: str) -> None:
        super().__init__(
            say("Nobody who is called {name} has ordered here yet.", name=name),
            say("Answer one of their messages with the command instead."),
        )


class Administration:
    def __init__(self, house: House, actions: Actions, asking: Asking) -> None:
        self._house = house
        self._actions = actions
        limiting, admitting = Limiting(house.rulebook), Admitting(house.rulebook, asking)
        forbidding = Forbidding(house.rulebook, house.terms)
        self._tasks = MappingProxyType(
            {
                Task.RULES: self._rules,
                Task.LIMIT: limiting.limit,
                Task.TIER: limiting.tier,
                Task.BUDGET: limiting.budget,
                Task.GRANT: limiting.grant,
                Task.ACCESS: admitting.access,
                Task.REQUESTS: admitting.requests,
                Task.ALLOW: admitting.allow,
                Task.DENY: admitting.deny,
                Task.BAN: admitting.ban,
                Task.UNBAN: admitting.unban,
                Task.FORBID: forbidding.forbid,
                Task.PERMIT: forbidding.permit,
                Task.ADULT: forbidding.adult,
                Task.LANGUAGE: self._language,
                Task.PAUSE: self._pause,
                Task.RESUME: self._resume,
                Task.JOBS: self._jobs,
                Task.CANCEL: self._cancel,
                Task.STATS: self._stats,
                Task.AUDIT: self._audit,
                Task.HELP: self._help,
            }
        )

    async def say(self, order: Order) -> Card:
        """Raises `NotAnAdmin` or `OnlyOperators` for everybody else, and `NotUnderstood`."""
        said = read(order.text)
        is_operator = order.identity.key in self._house.terms.rules.owners
        chat = "" if said.everywhere or order.place.is_private else order.place.chat_key
        if not is_operator and not chat:
            raise OnlyOperators
        if not is_operator and not await order.is_admin():
            raise NotAnAdmin
        return await self._obeyed(order, said, chat, is_operator=is_operator)

    async def command(self, order: Order, chat: str) -> Card:
        """What an operator says outside of the chats, of one of them or of everywhere. Raises what `say` does."""
        return await self._obeyed(order, read(order.text), chat, is_operator=True)

    async def _obeyed(self, order: Order, said: Instruction, chat: str, *, is_operator: bool) -> Card:
        whom = await self._whom(order, said)
        meant = f" ({_named(whom)})" if whom and whom.key not in order.text else ""
        decision = Decision(
            by=order.identity.key,
            name=order.identity.name,
            at=self._house.clock.now(),
            chat=chat,
            is_operators=is_operator,
            what=f"{_by_name(' '.join(order.text.split()[1:]), order.named, with_key=True)}{meant}",
            event=order.event,
        )
        said = replace(said, words=_by_name(said.words, order.named), why=_by_name(said.why, order.named))
        matter = Matter(said=said, decision=decision, place=order.place, presence=order.presence, whom=whom)
        return await self._tasks[said.task](matter)

    async def stays(self, place: Place, added_by: Identity | None) -> bool:
        """Whether the bot may be in a chat at all. An operator who adds it lets it in."""
        rules, chat = self._house.terms.rules, place.chat_key
        said = await self._house.rulebook.said(chat)
        if rules.may_be_used(place, said):
            return True
        if added_by is None or added_by.key not in rules.owners:
            return not rules.access.leaves
        decision = Decision(
            by=added_by.key,
            name=added_by.name,
            at=self._house.clock.now(),
            is_operators=True,
            what=f"allow chat {chat}, by adding the bot",
        )
        await self._house.rulebook.decide(Ruling(terms=((PLACE + chat, YES),)), decision)
        return True

    async def _whom(self, order: Order, said: Instruction) -> Identity | Circle | None:
        platform = order.place.platform
        if said.handle:
            found = await self._house.rulebook.called(platform, said.handle)
            if found is None:
                raise NobodyCalled(f"@{said.handle}")
            return found
        if said.user:
            return Identity(platform=platform, user=said.user)
        if said.key:
            named, _, user = said.key.partition(":")
            meant = Identity(platform=named.casefold(), user=user)
            return next((one for one in order.named if one.key == meant.key), meant)
        if said.group in ("members", "admins") and MANUAL[said.task].takes_circle:
            if order.place.is_private:
                raise NotUnderstood(
                    say("It was not said of which chat the members are meant.")
                    if said.group == "members"
                    else say("It was not said of which chat the admins are meant."),
                    say("Say it in that chat."),
                )
            name = say("The members of this chat") if said.group == "members" else say("The admins of this chat")
            return Circle(f"{platform}:{said.group}:{order.place.chat}", name)
        return order.about

    async def _language(self, matter: Matter) -> Card:
        """Of everybody in the chat who chose none of their own. Raises `NotSpoken`."""
        typed = matter.said.words
        if not matter.chat or not typed:
            raise NotUnderstood(
                say("It was not said which language is meant, or of which chat."),
                "\n".join((say("Say it in that chat."), example(Task.LANGUAGE))),
            )
        if typed.casefold() == AUTO:
            await self._house.rulebook.decide(Ruling(terms=((LANGUAGE, ""),)), matter.decision)
            return done(say("I answer everybody here in their own language."))
        language = self._house.tongues.found(typed)
        await self._house.rulebook.decide(Ruling(terms=((LANGUAGE, language.code),)), matter.decision)
        return done(say("I speak {language} here, but for those who chose another one.", language=language.name))

    async def _pause(self, matter: Matter) -> Card:
        why = matter.reason(matter.said.words)
        await self._house.rulebook.pause(why, matter.decision)
        return done(
            say("No new orders {where}: {reason}.", where=matter.where, reason=clause(why)),
            say("What runs goes on."),
            explained(f"{COMMAND} resume", say("takes orders again")),
        )

    async def _resume(self, matter: Matter) -> Card:
        await self._house.rulebook.resume(matter.decision)
        return done(say("New orders are taken {where}.", where=matter.where))

    async def _running(self, matter: Matter) -> list[Job]:
        running = await self._house.store.unfinished()
        return [job for job in running if matter.chat in ("", job.place.chat_key)]

    async def _jobs(self, matter: Matter) -> Card:
        return jobs_card(await self._running(matter), self._house.clock.now())

    async def _cancel(self, matter: Matter) -> Card:
        wanted = matter.said.words.casefold()
        found = [job for job in await self._running(matter) if wanted and job.id.startswith(wanted)]
        if len(found) != 1:
            raise NotUnderstood(
                say(
                    "“{wanted}” is not the number of one job under way {where}.", wanted=wanted[:40], where=matter.where
                ),
                explained(f"{COMMAND} jobs", say("shows the numbers")),
            )
        await self._actions.stop(found[0])
        card = self._house.screen.card(await self._actions.known(found[0].id), current())
        await self._house.rulebook.note(matter.decision)
        return done(f"{found[0].identity.name}: {card.title}.", *card.lines)

    async def _stats(self, matter: Matter) -> Card:
        now = self._house.clock.now()
        tallies = [
            (length, await self._house.rulebook.tally(matter.chat, now - length)) for length in (DAY, 7 * DAY, 30 * DAY)
        ]
        return stats_card(tallies, await self._house.rulebook.spenders(matter.chat, now - 30 * DAY, MOST_SPENDERS))

    async def _audit(self, matter: Matter) -> Card:
        return audit_card(await self._house.rulebook.audited(matter.chat, MOST_LINES), matter.decision.at)

    async def _rules(self, matter: Matter) -> Card:
        book, chat = self._house.rulebook, matter.chat
        rules = await book.decided(chat)
        return rules_card(
            chat=chat,
            rules=rules,
            said=await book.said(chat),
            taboos=[*self._house.terms.taboos.in_chat(chat), *await book.taboos(chat)],
            terms=self._house.terms.rules,
            paused=await book.why_paused(chat),
            names=await book.names([rule.subject for rule in rules if rule.scope is Scope.PERSON]),
            sees_all=matter.decision.is_operators,
        )

    async def _help(self, matter: Matter) -> Card:
        return help_card(is_operator=matter.decision.is_operators)


def _named(whom: Identity | Circle) -> str:
    return f"{whom.name}, {whom.key}" if whom.name else whom.key


def _by_name(words: str, named: Iterable[Identity], *, with_key: bool = False) -> str:
    """With the names of those whose keys stand there."""
    for one in named:
        spelled = f"{one.name} ({one.key})" if with_key else one.name or one.key
        words = re.sub(rf"{re.escape(one.key)}(?!\w)", spelled.replace("\\", r"\\"), words)
    return words
