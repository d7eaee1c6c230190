"""Somebody's first order becomes a request, which admins answer with a button."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.access import AccessRequest, AlreadyAnswered, MustAsk, StillAsked
from bot.admin_words import COMMAND, EVERYWHERE, NotUnderstood
from bot.card import Card, Choice, Order, Reply, RequestCard, Tone, explained
from bot.decision import Allowed, Ban, Decision, Mark, Member
from bot.grammar import parse, render
from bot.house import House
from bot.intake import Intake
from bot.job import Identity
from bot.reason import NOT_LET_IN
from bot.refusal import Refusal
from bot.request import VideoRequest, shortened
from bot.rules import Scope
from bot.speech import say, say_many, unsaid

APPROVE, DENY, TIER = "approve", "deny", "tier "

MOST_TIERS = 6
MOST_PROMPT = 200

MOST_TOLD, SPAN = 20, timedelta(hours=1)
"""Requests of which the operators are told in such a span: strangers ask as often as they have accounts."""


class NotYoursToAnswer(Refusal):
    title = unsaid("For admins")
    is_an_order = False

    def __init__(self, *, by_operators: bool) -> None:
        super().__init__(
            say("Only the operators of this bot answer this.")
            if by_operators
            else say("Only admins of this chat answer this."),
            say("They were asked already; there is nothing more to do."),
        )


class Asking:
    def __init__(self, house: House, intake: Intake) -> None:
        self._house = house
        self._intake = intake
        self._since = house.clock.steady()
        self._told = 0

    async def ask(self, order: Order, request: VideoRequest, must: MustAsk) -> Card:
        """Raises `StillAsked` for whoever waits for an answer already."""
        mine = AccessRequest(
            id=f"{self._house.dice.getrandbits(64):016x}",
            chat=must.chat,
            identity=order.identity,
            place=order.place,
            event=order.event,
            command=render(request),
            presence=replace(order.presence, circles=None),
            asked_at=self._house.clock.now(),
        )
        asked = await self._house.rulebook.ask(mine)
        if asked.event != order.event:
            raise StillAsked
        if must.chat:
            return await self._card(asked)
        if asked.id == mine.id:
            # Who changes the words of a request asks no second time.
            self._tell(asked, await self._tiers(asked.chat))
        return Card(
            title=say("The operators were asked"),
            lines=(say("Your order is filmed once one of them lets you in."), say("Nothing is charged before.")),
        )

    def _tell(self, asked: AccessRequest, tiers: Sequence[str]) -> None:
        now = self._house.clock.steady()
        if now - self._since >= SPAN:
            self._since, self._told = now, 0
        self._told += 1
        if self._told <= MOST_TOLD:
            self._house.operators.tell(lambda: _request_card(asked, tiers))
        elif self._told == MOST_TOLD + 1:
            self._house.operators.tell(_many_asked)

    async def first(self, chat: str) -> Card:
        """The request that has waited longest."""
        waiting = await self._house.rulebook.waiting(chat)
        if not waiting:
            return Card(
                title=say("Nobody is waiting"),
                lines=(explained(f"{COMMAND} access request", say("has new people ask first")),),
            )
        return await self._card(waiting[0])

    async def answer(self, reply: Reply) -> Card:
        """Raises `AlreadyAnswered` or `NotYoursToAnswer`."""
        asked = await self._house.rulebook.asked(reply.request)
        if asked is None:
            raise AlreadyAnswered("")
        is_operator = reply.identity.key in self._house.terms.rules.owners
        rules_here = asked.chat == reply.place.chat_key and (is_operator or await reply.is_admin())
        if not (is_operator or rules_here):
            raise NotYoursToAnswer(by_operators=not asked.chat)
        return await self._settled(asked, reply.identity, reply.typed, is_operator=is_operator)

    async def settle(self, operator: Identity, request: str, typed: str) -> Card:
        """What an operator says to a request outside of the chats. Raises `AlreadyAnswered` or `NotUnderstood`."""
        if typed not in {APPROVE, DENY} and not (typed.startswith(TIER) and typed.removeprefix(TIER).strip()):
            raise NotUnderstood(
                say("It was not said whether they are let in."),
                say("Say {approve}, {deny} or {tier}.", approve=APPROVE, deny=DENY, tier=f"{TIER}crew"),
            )
        asked = await self._house.rulebook.asked(request)
        if asked is None:
            raise AlreadyAnswered("")
        return await self._settled(asked, operator, typed, is_operator=True)

    async def _settled(self, asked: AccessRequest, by: Identity, typed: str, *, is_operator: bool) -> Card:
        name = asked.identity.name or asked.identity.key
        verdict, mark = _verdict(typed)
        decision = Decision(
            by=by.key,
            name=by.name,
            at=self._house.clock.now(),
            chat=asked.chat,
            is_operators=is_operator,
            what=f"{typed} {name} ({asked.identity.key})",
        )
        said = say(
            verdict, name=name, by=by.name or by.key, **({"tier": mark.tier} if isinstance(mark, Member) else {})
        )
        await self._house.rulebook.answer(asked.id, asked.identity.key, mark, said, decision)
        if isinstance(mark, Ban):
            everywhere = "" if asked.chat else f"{EVERYWHERE} "
            changing = explained(f"{COMMAND} {everywhere}allow {asked.identity.key}", say("lets them in after all"))
            return Card(title=said, lines=(say("Nothing was filmed or charged."), changing))
        return Card(title=said, lines=(await self._film(asked),), tone=Tone.GOOD)

    async def _film(self, asked: AccessRequest) -> str:
        order = Order(
            identity=asked.identity,
            place=asked.place,
            event=asked.event,
            text=asked.command,
            presence=asked.presence,
        )
        try:
            await self._intake.accept(order, parse(asked.command).request)
        except Refusal as refusal:
            return say("The order could not be accepted: {refusal}", refusal=refusal)
        return say("The order is on its way.")

    async def _card(self, asked: AccessRequest) -> RequestCard:
        return _request_card(asked, await self._tiers(asked.chat))

    async def _tiers(self, chat: str) -> list[str]:
        decided = await self._house.rulebook.decided(chat)
        named = sorted(rule.subject for rule in decided if rule.scope is Scope.TIER and rule.chat == chat)
        known = () if chat else self._house.terms.rules.members
        return list(dict.fromkeys((*named, *known)))[:MOST_TIERS]


def _request_card(asked: AccessRequest, tiers: Sequence[str]) -> RequestCard:
    name, prompt = asked.identity.name or asked.identity.key, parse(asked.command).request.prompt
    return RequestCard(
        title=say("{name} would like to order here", name=name)
        if asked.chat
        else say("{name} would like to order", name=name),
        lines=(
            f"“{shortened(prompt, MOST_PROMPT)}”",
            *([] if asked.chat else [_whence(asked)]),
            say("Admins answer with a button. Nothing is filmed or charged before.")
            if asked.chat
            else say("Operators answer with a button. Nothing is filmed or charged before."),
        ),
        request=asked.id,
        choices=(
            Choice(say("Approve"), APPROVE),
            Choice(say("Deny"), DENY),
            *(Choice(say("Tier {tier}", tier=tier), f"{TIER}{tier}") for tier in tiers),
        ),
    )


def _many_asked() -> Card:
    return Card(
        title=say("Many would like to order"),
        lines=(
            say_many(
                "More than {n} asked within an hour, so you are not told of each.",
                "More than {n} asked within an hour, so you are not told of each.",
                MOST_TOLD,
            ),
            explained(f"{COMMAND} {EVERYWHERE} requests", say("shows those who wait, one after the other")),
        ),
    )


def _whence(asked: AccessRequest) -> str:
    if asked.place.is_private:
        return say("{key}, alone with me.", key=asked.identity.key)
    return say("{key}, in {chat}.", key=asked.identity.key, chat=asked.place.chat_key)


def _verdict(typed: str) -> tuple[str, Mark]:
    if typed == DENY:
        return unsaid("{name} was not let in by {by}"), Ban(NOT_LET_IN)
    if typed.startswith(TIER):
        return unsaid("{name} was let in to tier {tier} by {by}"), Member(typed.removeprefix(TIER))
    return unsaid("{name} was let in by {by}"), Allowed()
