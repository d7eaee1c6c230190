"""Somebody's first order becomes a request, which admins answer with a button."""

from dataclasses import replace
from datetime import timedelta

from bot.access import AccessRequest, AlreadyAnswered, MustAsk, StillAsked
from bot.admin_words import COMMAND, EVERYWHERE, NotUnderstood
from bot.card import Card, Choice, Order, Reply, RequestCard, Tone
from bot.decision import Allowed, Ban, Decision, Mark, Member
from bot.grammar import parse, render
from bot.house import House
from bot.intake import Intake
from bot.job import Identity
from bot.refusal import Refusal
from bot.request import VideoRequest, shortened
from bot.rules import Scope

APPROVE, DENY, TIER = "approve", "deny", "tier "

MOST_TIERS = 6
MOST_PROMPT = 200

MOST_TOLD, SPAN = 20, timedelta(hours=1)
"""Requests of which the operators are told in such a span: strangers ask as often as they have accounts."""


class NotYoursToAnswer(Refusal):
    title = "For admins"
    is_an_order = False

    def __init__(self, *, by_operators: bool) -> None:
        super().__init__(
            "Only the operators of this bot answer this." if by_operators else "Only admins of this chat answer this.",
            "They were asked already; there is nothing more to do.",
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
        card = await self._card(asked)
        if must.chat:
            return card
        if asked.id == mine.id:
            # Who changes the words of a request asks no second time.
            self._tell(card)
        return Card(
            title="The operators were asked",
            lines=("Your order is filmed once one of them lets you in.", "Nothing is charged before."),
        )

    def _tell(self, card: RequestCard) -> None:
        now = self._house.clock.steady()
        if now - self._since >= SPAN:
            self._since, self._told = now, 0
        self._told += 1
        if self._told <= MOST_TOLD:
            self._house.operators.tell(card)
        elif self._told == MOST_TOLD + 1:
            more = f"{COMMAND} {EVERYWHERE} requests — shows those who wait, one after the other"
            lines = (f"More than {MOST_TOLD} asked within an hour, so you are not told of each.", more)
            self._house.operators.tell(Card(title="Many would like to order", lines=lines))

    async def first(self, chat: str) -> Card:
        """The request that has waited longest."""
        waiting = await self._house.rulebook.waiting(chat)
        if not waiting:
            return Card(title="Nobody is waiting", lines=(f"{COMMAND} access request — has new people ask first",))
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
            raise NotUnderstood("It was not said whether they are let in.", f"Say {APPROVE}, {DENY} or {TIER}crew.")
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
        said = f"{name} {verdict} by {by.name or by.key}"
        await self._house.rulebook.answer(asked.id, asked.identity.key, mark, said, decision)
        if isinstance(mark, Ban):
            everywhere = "" if asked.chat else f"{EVERYWHERE} "
            changing = f"{COMMAND} {everywhere}allow {asked.identity.key} — lets them in after all"
            return Card(title=said, lines=("Nothing was filmed or charged.", changing))
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
            return f"The order could not be accepted: {refusal}"
        return "The order is on its way."

    async def _card(self, asked: AccessRequest) -> RequestCard:
        prompt = parse(asked.command).request.prompt
        return RequestCard(
            title=f"{asked.identity.name or asked.identity.key} would like to order{' here' if asked.chat else ''}",
            lines=(
                f"“{shortened(prompt, MOST_PROMPT)}”",
                *([] if asked.chat else [f"{asked.identity.key}, {_whence(asked)}."]),
                f"{'Admins' if asked.chat else 'Operators'} answer with a button. Nothing is filmed or charged before.",
            ),
            request=asked.id,
            choices=(
                Choice("Approve", APPROVE),
                Choice("Deny", DENY),
                *(Choice(f"Tier {tier}", f"{TIER}{tier}") for tier in await self._tiers(asked.chat)),
            ),
        )

    async def _tiers(self, chat: str) -> list[str]:
        decided = await self._house.rulebook.decided(chat)
        named = sorted(rule.subject for rule in decided if rule.scope is Scope.TIER and rule.chat == chat)
        known = () if chat else self._house.terms.rules.members
        return list(dict.fromkeys((*named, *known)))[:MOST_TIERS]


def _whence(asked: AccessRequest) -> str:
    return "alone with me" if asked.place.is_private else f"in {asked.place.chat_key}"


def _verdict(typed: str) -> tuple[str, Mark]:
    if typed == DENY:
        return "was not let in", Ban("the admins did not let you in")
    if typed.startswith(TIER):
        tier = typed.removeprefix(TIER)
        return f"was let in to tier {tier}", Member(tier)
    return "was let in", Allowed()
