"""What those who host the bot can do while it runs."""

import logging

from bot.allowance import Unit
from bot.books import Grant
from bot.house import House
from bot.job import Identity
from bot.refusal import Refusal
from bot.request import tidied

log = logging.getLogger(__name__)


class NothingToGrant(Refusal):
    title = "Nothing to grant"
    is_an_order = False

    def __init__(self, why: str) -> None:
        super().__init__(why, "Grant videos or an amount of money, more than nothing, and until a moment to come.")


class Administration:
    def __init__(self, house: House) -> None:
        self._house = house

    async def pause(self, reason: str) -> None:
        """Refuse new orders with this reason; those that run end as ever. Holds over restarts."""
        await self._house.store.pause(tidied(reason, "reason"), self._house.clock.now())
        log.info("paused")

    async def resume(self) -> None:
        await self._house.store.resume()
        log.info("resumed")

    async def grant(self, to: Identity, grant: Grant) -> None:
        """Raises `NothingToGrant`."""
        now = self._house.clock.now()
        if grant.unit is Unit.RUNNING:
            raise NothingToGrant("What runs at once cannot be granted.")
        if grant.amount <= 0 or grant.left != grant.amount:
            raise NothingToGrant("The amount is not above zero.")
        if grant.until is not None and grant.until <= now:
            raise NothingToGrant("Its end has passed.")
        await self._house.store.grant(to, grant, now)
        log.info("granted %d %s", grant.amount, grant.unit)
