"""Money by day as bars, reckoned here and drawn by a template: the content policy takes no library's styles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.money import Micros
from bot.survey import Sum

WIDTH, HEIGHT = 1000, 230
LEFT, BELOW, ABOVE = 62, 30, 14
"""Room for the amounts, for the days, and above the highest bar."""

MOST_LABELS = 8
MOST_GUIDES = 4
GAP = 0.12
"""Of the width of a day, on each side of its bar."""

_LEAST_STEP = 10_000
"""A cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    day: date
    x: float
    width: float
    spent: Micros
    held: Micros
    foot: float
    """Where what was spent ends and what is held begins."""
    head: float
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class Guide:
    y: float
    amount: Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    bars: Sequence[Bar]
    guides: Sequence[Guide]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    ground: int = HEIGHT - BELOW


def chart(days: Sequence[Sum]) -> Chart:
    """What was spent, and on top of it what is held."""
    highest = max((day.spent + day.reserved for day in days), default=0)
    step = _step(highest)
    top = step * max(1, -(-highest // step))
    return Chart(
        bars=list(_bars(days, top)),
        guides=[Guide(_y(amount, top), Micros(amount)) for amount in range(0, top + 1, step)],
    )


def _bars(days: Sequence[Sum], top: int) -> Iterator[Bar]:
    each = (WIDTH - LEFT) / len(days)
    labelled = -(-len(days) // MOST_LABELS)
    for number, day in enumerate(days):
        yield Bar(
            day=date.fromisoformat(day.key),
            x=round(LEFT + (number + GAP) * each, 2),
            width=round((1 - 2 * GAP) * each, 2),
            spent=day.spent,
            held=day.reserved,
            foot=_y(day.spent, top),
            head=_y(day.spent + day.reserved, top),
            is_labelled=number % labelled == 0,
        )


def _y(amount: int, top: int) -> float:
    return round(HEIGHT - BELOW - (HEIGHT - BELOW - ABOVE) * amount / top, 2)


def _step(highest: int) -> int:
    """Between two guides: 1, 2 or 5 of something round."""
    step = _LEAST_STEP
    while True:
        for factor in (1, 2, 5):
            if step * factor * MOST_GUIDES >= highest:
                return step * factor
        step *= 10
