"""How much of an allowance is used: sums over what was ordered and not refunded."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.allowance import Allowance, Reach, Unit, Use, needed
from bot.money import Micros
from bot.rules import Rules
from bot.window import Frame, Rolling, Window
from storage.sqlite.rows import micros, moment

QUARTER = 900_000_000
"""Of an hour, in microseconds: what the use of everybody is summed up by."""

_NEVER = QUARTER * 2**32

_BY_PERSON = (
    "SELECT {} FROM jobs WHERE counts = 1 AND person = :person AND ordered_at >= :since AND ordered_at < :until"
)
_BY_ALL = "SELECT {} FROM jobs WHERE counts = 1 AND ordered_at >= :since AND ordered_at < :until"
_HERE = " AND ordered_in = :chat"
_USED = {
    Reach.PERSON: _BY_PERSON,
    Reach.PERSON_HERE: _BY_PERSON + _HERE,
    Reach.CHAT: _BY_ALL + _HERE,
    Reach.BOT: _BY_ALL,
}
_OWN_SUMS = "count(*) - coalesce(sum(granted_videos), 0) AS videos, coalesce(sum(price - granted_money), 0) AS money"
_OWN_EACH = "ordered_at, 1 - granted_videos AS videos, price - granted_money AS money"
_SUMS = "count(*) AS videos, coalesce(sum(price), 0) AS money"
_EACH = "ordered_at, 1 AS videos, price AS money"

_SUMMED_UP = """
SELECT coalesce(sum(videos), 0) AS videos, coalesce(sum(money), 0) AS money FROM use_of_all
WHERE ordered_in = :chat AND quarter >= :first AND quarter < :last
"""

_RUN = "SELECT count(*) FROM jobs WHERE phase IN ('accepted', 'submitting', 'rendering', 'fetching')"
_RUNNING = {
    Reach.PERSON: _RUN + " AND person = :person",
    Reach.PERSON_HERE: _RUN + " AND person = :person AND ordered_in = :chat",
    Reach.CHAT: _RUN + " AND ordered_in = :chat",
    Reach.BOT: _RUN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The use around one moment, as an order of this person in this chat sees it."""

    connection: sqlite3.Connection
    person: str | None
    """`None` for somebody who never ordered."""
    chat: str
    at: datetime
    rules: Rules

    def uses(self, allowances: Iterable[Allowance]) -> list[Use]:
        looked_up: dict[tuple[Reach, Window | None], dict[Unit, int]] = {}
        found = []
        for allowance in allowances:
            key = (allowance.reach, allowance.limit.window)
            if key not in looked_up:
                looked_up[key] = self._sums(allowance)
            found.append(Use(allowance=allowance, used=looked_up[key][allowance.limit.unit]))
        return found

    def timed(self, use: Use, price: Micros) -> Use:
        """With the moment at which there is room for an order at this price, where there ever is."""
        unit, window = use.limit.unit, use.limit.window
        within = self._frame(use.allowance)
        if within is None or window is None or not use.used or needed(unit, price) > use.limit.most:
            return use
        if not isinstance(window, Rolling):
            return replace(use, frees_at=within.until)
        must_leave = max(1, use.lacks(price))
        return replace(use, frees_at=self._when_left(use.allowance, within, window.length, must_leave))

    def _when_left(self, allowance: Allowance, within: Frame, length: timedelta, amount: int) -> datetime:
        """When so much of what is used now has left a rolling window."""
        each = _OWN_EACH if allowance.is_personal else _EACH
        rows = self.connection.execute(
            f"{_USED[allowance.reach].format(each)} ORDER BY ordered_at",
            self._values(within),
        )
        left = 0
        leaving = (moment(row["ordered_at"]) for row in rows if (left := left + row[allowance.limit.unit]) >= amount)
        return next(leaving) + length

    def _frame(self, allowance: Allowance) -> Frame | None:
        return allowance.frame(self.at, self.rules.zone_of(allowance, self.chat))

    def _sums(self, allowance: Allowance) -> dict[Unit, int]:
        within = self._frame(allowance)
        if within is None:
            row = self.connection.execute(
                _RUNNING[allowance.reach], {"person": self.person, "chat": self.chat}
            ).fetchone()
            return {Unit.RUNNING: row[0]}
        if allowance.is_personal:
            return _added([self._sum(_USED[allowance.reach].format(_OWN_SUMS), self._values(within))])
        return _added(list(self._pieces(allowance.reach, *_bounds(within))))

    def _pieces(self, reach: Reach, since: int, until: int) -> Iterator[Sequence[int]]:
        """The whole quarters of an hour from their sums, and what is before and after them from the jobs."""
        first, last = -(-since // QUARTER), until // QUARTER
        edges = ((since, first * QUARTER), (last * QUARTER, until)) if first <= last else ((since, until),)
        for begin, end in edges:
            if begin < end:
                values = {"chat": self.chat, "since": begin, "until": end}
                yield self._sum(_USED[reach].format(_SUMS), values)
        chat = self.chat if reach is Reach.CHAT else ""
        yield self._sum(_SUMMED_UP, {"chat": chat, "first": first, "last": last})

    def _sum(self, statement: str, values: Mapping[str, object]) -> Sequence[int]:
        row = self.connection.execute(statement, values).fetchone()
        return row["videos"], row["money"]

    def _values(self, within: Frame) -> dict[str, object]:
        since, until = _bounds(within)
        return {"person": self.person, "chat": self.chat, "since": since, "until": until}


def _bounds(within: Frame) -> tuple[int, int]:
    return micros(within.since), micros(within.until) if within.until else _NEVER


def _added(pieces: Sequence[Sequence[int]]) -> dict[Unit, int]:
    videos, money = map(sum, zip(*pieces, strict=True))
    return {Unit.VIDEOS: videos, Unit.MONEY: money}
