"""How long it takes until the program is there."""

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.table import Goal, Measure, Row, Taken

ROOT = Path(__file__).parents[1]


def _starts(folder: Path) -> list[Taken]:
    bare = _seconds([sys.executable, "-c", ""])
    return [
        Taken(_seconds([sys.executable, "-m", "rushes", "--help"]), bare),
        Taken(_second_start_seconds(folder)),
    ]


def _second_start_seconds(folder: Path) -> float:
    environment = os.environ | {"RUSHES_WEB_PORT": "0", "RUSHES_DATA_DIR": str(folder)}
    begun = time.perf_counter()
    make = subprocess.Popen(["make", "-s", "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        if make.stdout is None or "ready" not in make.stdout.readline():
            raise RuntimeError
        return time.perf_counter() - begun
    finally:
        make.terminate()
        make.wait()


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


MEASURE = Measure(
    take=_starts,
    rows=(
        Row(what="`rushes --help` against a bare interpreter (s)", goal=Goal(most=4)),
        Row(what="`make run` for the second time, until the address is printed (s)"),
    ),
)
