"""The parser on texts made to be slow."""

import contextlib
import time
from pathlib import Path

from bench.table import Measure, Row, Taken
from bot.grammar import parse
from bot.refusal import Refusal

LENGTH = 100_000
SHAPES = (
    "a ",
    "--ar 16:9 ",
    "--seed 5 ",
    '--no "x ',
    "--no 'x ",
    "--no “x ",
    "--no x ",
    "-",
    "--a-",
    "- ",
    "—ar='",
    '--no "\\',
    '--no "\\\\" ',
    "--audio off ",
    "\u200b",
    " \u00a0",
    "(--ar 16:9) ",
    "--1080p",
    "x--ar ",
)


def _slowest(_: Path) -> list[Taken]:
    return [Taken(max(_ms(shape * (LENGTH // len(shape))) for shape in SHAPES))]


def _ms(text: str) -> float:
    begun = time.perf_counter()
    with contextlib.suppress(Refusal):
        parse(text)
    return (time.perf_counter() - begun) * 1000


MEASURE = Measure(take=_slowest, rows=(Row(what="100,000 characters parsed, the slowest of many kinds (ms)"),))
