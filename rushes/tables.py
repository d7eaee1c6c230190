"""What the shell shows: a table for people, JSON for scripts."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.table import Table
from rich.text import Text

T = TypeVar("T")

_PIPE_WIDTH = 400
"""Columns where nobody looks: what is piped on must not be cut."""


@dataclass(frozen=True)
class Column(Generic[T]):
    heading: str
    cell: Callable[[T], str]
    is_number: bool = False
    is_cut: bool = False
    """Whether it gives way where the line is too long."""


def show(rows: Sequence[T], *columns: Column[T], empty: str) -> None:
    if not rows:
        say(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column.heading,
            justify="right" if column.is_number else "left",
            no_wrap=True,
            overflow="ellipsis" if column.is_cut else "fold",
            ratio=1 if column.is_cut and sys.stdout.isatty() else None,
        )
    for row in rows:
        table.add_row(*(Text(harmless(column.cell(row))) for column in columns))
    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)
    with console.capture() as written:
        console.print(table)
    for line in written.get().splitlines():
        print(line.rstrip())  # noqa: T201 - the command line speaks here


def busy(what: str) -> AbstractContextManager[object]:
    """Tell that something takes its time, where somebody looks."""
    return Console().status(what) if sys.stdout.isatty() else nullcontext()


def say(*lines: str) -> None:
    for line in lines:
        print(harmless(line))  # noqa: T201 - the command line speaks here


def as_json(value: object) -> None:
    """Amounts of money are micro-dollars, moments are in UTC."""
    print(json.dumps(to_jsonable_python(value), indent=2, ensure_ascii=False))  # noqa: T201 - the same


def harmless(text: str) -> str:
    """What people typed may hold what tells a terminal to do things."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def moment_words(at: datetime | None) -> str:
    """In UTC."""
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"


def joined(words: Iterable[str]) -> str:
    return ", ".join(words) or "-"
