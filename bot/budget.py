"""The limits of the bot as a whole, and what its operators hear of them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.allowance import Reach, Unit, Use
from bot.card import Card
from bot.money import Micros, shown
from bot.phrase import counted_videos, limit_words, spoken
from bot.ports import Operators, Store
from bot.speech import say, unsaid
from bot.terms import Terms
from bot.window import Rolling, Window, frame

SHARES = (50, 75, 90, 100)
"""In hundredths of a cap: each is told once in its window."""

USED_UP = SHARES[-1]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Budget:
    def __init__(self, store: Store, operators: Operators, terms: Terms) -> None:
        self._store = store
        self._operators = operators
        self._terms = terms
        self._noted: set[tuple[str, datetime, int]] = set()

    async def watch(self, uses: Iterable[Use], at: datetime) -> None:
        """Tell the operators of what an order has reached."""
        for use in uses:
            if use.allowance.reach is Reach.BOT and use.limit.window:
                await self._tell(
                    use,
                    self._since(use.limit.window, at),
                    _share(use),
                    unsaid("{share} % of what the bot may use ({cap}): {amount} used"),
                )

    async def refused(self, use: Use, at: datetime) -> None:
        """Tell the operators that nobody is served for now; what is left is too little."""
        if use.allowance.reach is Reach.BOT and use.limit.window:
            since = self._since(use.limit.window, at)
            told = unsaid("{share} % of what the bot may use ({cap}): {amount} used, and an order was refused")
            await self._tell(use, since, USED_UP, told)

    async def _tell(self, use: Use, since: datetime, share: int, told: str) -> None:
        """Only of the highest share that is new; those below it are no news any more."""
        cap = spoken(use.limit)
        news = [reached for reached in SHARES if reached <= share and await self._is_new(cap, since, reached)]
        if news:
            self._operators.tell(
                lambda: Card(title=say(told, share=news[-1], cap=limit_words(use.limit), amount=_amount(use)))
            )

    async def _is_new(self, cap: str, since: datetime, share: int) -> bool:
        if (cap, since, share) in self._noted:
            return False
        self._noted.add((cap, since, share))
        return await self._store.note_alert(cap, since, share)

    def _since(self, window: Window, at: datetime) -> datetime:
        """The beginning of the window; of a rolling one, the latest moment of a fixed grid of its length."""
        if isinstance(window, Rolling):
            return at - (at - _EPOCH) % window.length
        return frame(window, at, self._terms.rules.zone).since


def _share(use: Use) -> int:
    return use.used * 100 // use.limit.most if use.limit.most else USED_UP


def _amount(use: Use) -> str:
    return shown(Micros(use.used)) if use.limit.unit is Unit.MONEY else counted_videos(use.used)
