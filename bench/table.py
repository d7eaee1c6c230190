"""What is measured, against what, and whether it holds."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("what", "ours", "the other", "ratio", "goal", "holds")
WIDTHS = (86, 12, 12, 26, 10, 5)


class Taken(NamedTuple):
    """One repetition: ours, and beside it in the same minute what it is held against."""

    ours: float
    other: float | None = None

    @property
    def figure(self) -> float:
        """What the goal is about: how many times the other, or ours alone where there is no other."""
        return self.ours if self.other is None else self.ours / self.other


@dataclass(frozen=True, slots=True)
class Goal:
    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"

    def holds(self, figure: float) -> bool:
        return (self.least is None or figure >= self.least) and (self.most is None or figure <= self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`what` says what is counted, against whom and in which unit."""

    what: str
    goal: Goal | None = None
    headline: str = ""
    """What the README calls it; empty where it does not show it."""
    note: str = ""
    """Where the goal is out of reach: what stands in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that is done several times over in an empty folder; each time it yields one figure a row."""

    take: Callable[[Path], Sequence[Taken]]
    rows: tuple[Row, ...]
    runs: int = 5


@dataclass(frozen=True, slots=True)
class Result:
    row: Row
    taken: Sequence[Taken]

    @property
    def figures(self) -> list[float]:
        return [each.figure for each in self.taken]

    @property
    def holds(self) -> bool | None:
        return self.row.goal.holds(statistics.median(self.figures)) if self.row.goal else None

    def cells(self) -> tuple[str, ...]:
        figures = self.figures
        spread = f"{short(statistics.median(figures))} ({short(min(figures))} to {short(max(figures))})"
        others = [each.other for each in self.taken if each.other is not None]
        return (
            self.row.what,
            short(statistics.median(each.ours for each in self.taken)),
            short(statistics.median(others)) if others else "",
            spread,
            str(self.row.goal or ""),
            "" if self.holds is None else ("yes" if self.holds else "NO"),
        )

    def kept(self) -> dict[str, object]:
        """For the file of the last run."""
        return {
            "what": self.row.what,
            "headline": self.row.headline,
            "ours": [_rounded(each.ours) for each in self.taken],
            "other": [_rounded(each.other) for each in self.taken if each.other is not None],
            "figure": _rounded(statistics.median(self.figures)),
            "goal": str(self.row.goal or ""),
            "holds": self.holds,
            "note": self.row.note,
        }


def short(number: float) -> str:
    """Three digits that mean something."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"  # noqa: PLR2004 - the three digits


def line(cells: Sequence[str]) -> str:
    first, *others = zip(cells, WIDTHS, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
