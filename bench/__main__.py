"""Times what was promised, several times each, and prints the median with its spread."""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import chat, films, grammar, start, uploads

MEASURES: dict[str, Callable[[Path], float]] = {
    "100,000 characters parsed, the slowest of many kinds (ms)": grammar.slowest_ms,
    "a clip of 5 s at 720p drawn by the simulator (s)": films.draw_seconds,
    "`rushes --help` over a bare interpreter (times)": start.help_ratio,
    "`make run` for the second time, until the address is printed (s)": start.second_start_seconds,
    "a clip of 49 MB to Telegram, more memory at the peak (MiB)": uploads.telegram_mib,
    "a clip of 49 MB to Discord, more memory at the peak (MiB)": uploads.discord_mib,
    "a command typed, until its clip can be played, at speed 60 (s)": chat.command_to_clip_seconds,
}
RUNS = 5


def main() -> None:
    for name, measure in MEASURES.items():
        with tempfile.TemporaryDirectory() as folder:
            taken = [measure(Path(folder)) for _ in range(RUNS)]
        print(f"{statistics.median(taken):8.2f}  ({min(taken):.2f} to {max(taken):.2f})  {name}")


main()
