"""`/link`: one person on several platforms, joined by a code that is said on the other one; `/unlink`."""

import hashlib
from datetime import timedelta
from typing import assert_never

from bot.archive import UnlinkAttempt
from bot.card import Card, Order, Tone
from bot.commands import Word, word_of
from bot.house import House
from bot.phrase import length_words
from bot.ports import LinkAttempt
from bot.refusal import Refusal
from bot.speech import say, say_many, unsaid
from bot.strike import WINDOW

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 6
LOCKED = timedelta(hours=1)
"""For whoever used up the tries."""

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look alike."""
_LENGTH = 8


class OnlyInPrivate(Refusal):
    title = unsaid("Not here")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("A code that others can read would let them use your allowance."),
            say("Send /link to me in a private chat."),
        )


class NotBeforeOthers(Refusal):
    title = unsaid("Not here")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("Which accounts are yours is nobody else's business."), say("Send /unlink to me in a private chat.")
        )


class NothingLinked(Refusal):
    title = unsaid("Nothing to part")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("This account is joined with no other."), say("/link joins it with one."))


class JoinedWhileBanned(Refusal):
    title = unsaid("Not while banned")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("A ban holds for all your accounts, so they stay together."), say("Ask an admin."))


class JoinedWhileStruck(Refusal):
    title = unsaid("Not yet")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("An order of yours was refused for what it asks to see, which counts for all your accounts."),
            say("They can be parted {span} after the last of these.", span=length_words(WINDOW)),
        )


class WrongCode(Refusal):
    title = unsaid("Wrong code")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("This code is not known, was used, or is older than ten minutes."),
            say("Send /link on the other platform again."),
        )


class TriedTooOften(Refusal):
    title = unsaid("Too many wrong codes")
    is_an_order = False
    is_limit = True

    def __init__(self) -> None:
        super().__init__(
            say_many("{n} code was wrong.", "{n} codes were wrong.", MOST_TRIES), say("Try again in an hour.")
        )


class Linking:
    def __init__(self, house: House) -> None:
        self._house = house

    async def say(self, order: Order) -> Card:
        """`/link` gives a code, `/link CODE` joins whoever gave it with whoever says it, `/unlink` parts them."""
        if word_of(order.text) is Word.UNLINK:
            return await self._part(order)
        given = "".join(order.text.split()[1:]).replace("-", "").upper()
        if not order.is_private:
            if given:
                # Everybody here has read it by now.
                await self._house.store.withdraw_link(_digest(given))
            raise OnlyInPrivate
        return await (self._join(order, given) if given else self._offer(order))

    async def _part(self, order: Order) -> Card:
        if not order.is_private:
            raise NotBeforeOthers
        match await self._house.store.unlink(order.identity, self._house.clock.now()):
            case UnlinkAttempt.PARTED:
                lines = (
                    say("What you ordered with this account, and what that used of an allowance, went with it."),
                    say("What you were granted stays with your other accounts."),
                )
                return Card(title=say("Parted"), lines=lines, tone=Tone.GOOD)
            case UnlinkAttempt.ALONE:
                raise NothingLinked
            case UnlinkAttempt.BANNED:
                raise JoinedWhileBanned
            case UnlinkAttempt.STRUCK:
                raise JoinedWhileStruck
            case attempt:
                assert_never(attempt)

    async def _offer(self, order: Order) -> Card:
        code = "".join(self._house.dice.choice(_LETTERS) for _ in range(_LENGTH))
        now = self._house.clock.now()
        await self._house.store.offer_link(order.identity, _digest(code), now, now + LIFETIME)
        half = _LENGTH // 2
        return Card(
            title=say("Join your accounts"),
            lines=(
                f"/link {code[:half]}-{code[half:]}",
                say("Send this to me on the other platform within ten minutes; it works once."),
                say("Then both have one history and one allowance. Show it to nobody."),
            ),
        )

    async def _join(self, order: Order, code: str) -> Card:
        now = self._house.clock.now()
        attempt = await self._house.store.redeem_link(
            order.identity, _digest(code), now, since=now - LOCKED, most_tries=MOST_TRIES
        )
        match attempt:
            case LinkAttempt.JOINED:
                line = say("Your accounts have one history and one allowance from now on.")
                return Card(title=say("Joined"), lines=(line,), tone=Tone.GOOD)
            case LinkAttempt.SAME:
                lines = (
                    say("Send this code to me from your other account."),
                    say("If both are joined, nothing is left to do."),
                )
                return Card(title=say("You are the same person here"), lines=lines)
            case LinkAttempt.WRONG:
                raise WrongCode
            case LinkAttempt.LOCKED:
                raise TriedTooOften
            case _:
                assert_never(attempt)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
