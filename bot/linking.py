"""`/link`: one person on several platforms, joined by a code that is said on the other one."""

import hashlib
from datetime import timedelta
from typing import assert_never

from bot.card import Card, Order, Tone
from bot.house import House
from bot.ports import LinkAttempt
from bot.refusal import Refusal

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 6
LOCKED = timedelta(hours=1)
"""For whoever used up the tries."""

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look alike."""
_LENGTH = 8


class OnlyInPrivate(Refusal):
    title = "Not here"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            "A code that others can read would let them use your allowance.", "Send /link to me in a private chat."
        )


class WrongCode(Refusal):
    title = "Wrong code"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            "This code is not known, was used, or is older than ten minutes.", "Send /link on the other platform again."
        )


class TriedTooOften(Refusal):
    title = "Too many wrong codes"
    is_an_order = False
    is_limit = True

    def __init__(self) -> None:
        super().__init__(f"{MOST_TRIES} codes were wrong.", "Try again in an hour.")


class Linking:
    def __init__(self, house: House) -> None:
        self._house = house

    async def say(self, order: Order) -> Card:
        """`/link` gives a code, `/link CODE` joins whoever gave it with whoever says it."""
        if not order.is_private:
            raise OnlyInPrivate
        given = "".join(order.text.split()[1:]).replace("-", "").upper()
        return await (self._join(order, given) if given else self._offer(order))

    async def _offer(self, order: Order) -> Card:
        code = "".join(self._house.dice.choice(_LETTERS) for _ in range(_LENGTH))
        now = self._house.clock.now()
        await self._house.store.offer_link(order.identity, _digest(code), now, now + LIFETIME)
        half = _LENGTH // 2
        return Card(
            title="Join your accounts",
            lines=(
                f"/link {code[:half]}-{code[half:]}",
                "Send this to me on the other platform within ten minutes; it works once.",
                "Then both have one history and one allowance. Show it to nobody.",
            ),
        )

    async def _join(self, order: Order, code: str) -> Card:
        now = self._house.clock.now()
        attempt = await self._house.store.redeem_link(
            order.identity, _digest(code), now, since=now - LOCKED, most_tries=MOST_TRIES
        )
        match attempt:
            case LinkAttempt.JOINED:
                line = "Your accounts have one history and one allowance from now on."
                return Card(title="Joined", lines=(line,), tone=Tone.GOOD)
            case LinkAttempt.SAME:
                return Card(title="Joined already", lines=("Both accounts are yours and were joined before.",))
            case LinkAttempt.WRONG:
                raise WrongCode
            case LinkAttempt.LOCKED:
                raise TriedTooOften
            case _:
                assert_never(attempt)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
