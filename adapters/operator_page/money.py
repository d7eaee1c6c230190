"""What was spent, by whom and where, and how far it may go."""

from collections.abc import Sequence
from datetime import date, timedelta

from starlette.requests import Request

from adapters.operator_page.chart import chart
from adapters.operator_page.moments import Clocks
from adapters.operator_page.sheets import Sheet
from bot.catalogue import PROVIDERS
from bot.desk import Desk
from bot.money import Micros
from bot.survey import By, Sum

SPANS = (7, 30, 90, 365)
"""Days."""

MOST = 15
"""Rows of each table."""


class Money:
    def __init__(self, desk: Desk, clocks: Clocks) -> None:
        self._desk = desk
        self._clocks = clocks

    async def show(self, request: Request) -> Sheet:
        asked = request.query_params.get("days")
        days = next((span for span in SPANS if str(span) == asked), SPANS[1])
        first, until = self._clocks.today() - timedelta(days=days - 1), self._clocks.now() + timedelta(seconds=1)
        since = self._clocks.midnight(first)
        by_day = _each_day(await self._desk.sums(By.DAY, since, until), first, days)
        sums = {by: await self._desk.sums(by, since, until) for by in (By.PROVIDER, By.CHAT, By.PERSON)}
        return Sheet(
            name="money",
            section="money",
            facts={
                "balance": await self._desk.balance(),
                "days": days,
                "spans": SPANS,
                "by_day": [each for each in reversed(by_day) if each.clips or each.spent or each.reserved],
                "chart": chart(by_day),
                "sums": {by: found[:MOST] for by, found in sums.items()},
                "more": {by: max(0, len(found) - MOST) for by, found in sums.items()},
                "providers": PROVIDERS,
            },
        )


def _each_day(sums: Sequence[Sum], first: date, days: int) -> list[Sum]:
    """Also those on which nothing was ordered."""
    known = {each.key: each for each in sums}
    keys = ((first + timedelta(days=number)).isoformat() for number in range(days))
    return [known.get(key) or Sum(key=key, name="", clips=0, spent=Micros(0), reserved=Micros(0)) for key in keys]
