"""Times what was promised, several times each, and prints the median with its spread."""

import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from bench import chat, crowd, films, grammar, outage, start, uploads

T = TypeVar("T")

MEASURES: dict[str, Callable[[Path], float]] = {
    "100,000 characters parsed, the slowest of many kinds (ms)": grammar.slowest_ms,
    "a clip of 5 s at 720p drawn by the simulator (s)": films.draw_seconds,
    "`rushes --help` over a bare interpreter (times)": start.help_ratio,
    "`make run` for the second time, until the address is printed (s)": start.second_start_seconds,
    "a clip of 49 MB to Telegram, more memory at the peak (MiB)": uploads.telegram_mib,
    "a clip of 49 MB to Discord, more memory at the peak (MiB)": uploads.discord_mib,
    "a command typed, until its clip can be played, at speed 60 (s)": chat.command_to_clip_seconds,
    "everything out of reach with 100 orders under way, the share of a core (%)": outage.core_percent,
}
RUSH = (
    "5,000 orders of 500 members in ten seconds, written down (1/s)",
    "the same, more memory at the peak (MiB)",
    "the same, the longest that nothing was answered (ms)",
)
RUNS = 5


def main() -> None:
    for name, measure in MEASURES.items():
        _print(name, _taken(measure))
    for name, taken in zip(RUSH, zip(*_taken(crowd.rush), strict=True), strict=True):
        _print(name, taken)


def _taken(measure: Callable[[Path], T]) -> list[T]:
    taken = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            taken.append(measure(Path(folder)))
    return taken


def _print(name: str, taken: Sequence[float]) -> None:
    print(f"{statistics.median(taken):8.2f}  ({min(taken):.2f} to {max(taken):.2f})  {name}", flush=True)


main()
