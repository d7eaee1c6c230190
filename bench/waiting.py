"""Ten thousand generations that are waited for in one process, with real sockets."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.table import Goal, Measure, Row, Taken

ROOT = Path(__file__).parents[1]

JOBS, USUAL_GAP, SHORT_GAP = 10_000, 13.5, 4.0
"""Seconds between two looks at a job, on average."""

WATCHED = 10.0
"""Seconds."""


def _waited(folder: Path) -> list[Taken]:
    calm, busy = (waited(folder / str(gap), JOBS, gap) for gap in (USUAL_GAP, SHORT_GAP))
    return [
        Taken(calm["looks"]),
        Taken(calm["core"]),
        Taken(calm["late"]),
        Taken(busy["looks"]),
        Taken(busy["late"]),
        Taken(calm["memory"]),
        Taken(calm["connections"]),
    ]


def waited(folder: Path, jobs: int, gap: float, seconds: float = WATCHED) -> dict[str, float]:
    """What `bench.waiter` tells of so many jobs with this gap in seconds."""
    folder.mkdir(parents=True)
    _run("bench.waiter", "prepare", str(folder), str(jobs))
    with _renderer() as port:
        told: dict[str, float] = json.loads(
            _run("bench.waiter", "wait", str(folder), port, str(jobs), str(gap), str(seconds))
        )
    return told


@contextmanager
def _renderer() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.renderer"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            if server.stdout is None:
                raise RuntimeError
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


MEASURE = Measure(
    take=_waited,
    rows=(
        Row(
            what="10,000 jobs rendering, a look at each every 13.5 s: looks made (1/s)",
            goal=Goal(least=JOBS / USUAL_GAP * 0.98),
        ),
        Row(what="the same, share of a core (%)", goal=Goal(most=25)),
        Row(what="the same, how late a look is, but for one in a hundred (ms)", goal=Goal(most=150)),
        Row(
            what="10,000 jobs rendering, a look at each every 4 s: looks made (1/s)",
            goal=Goal(least=JOBS / SHORT_GAP * 0.98),
        ),
        Row(what="the same, how late a look is, but for one in a hundred (ms)", goal=Goal(most=500)),
        Row(
            what="10,000 jobs rendering, memory for each (KiB)",
            goal=Goal(most=2.5),
            headline="memory for each of ten thousand clips that are being filmed (KiB)",
        ),
        Row(what="the same, connections opened for a hundred looks", goal=Goal(most=2)),
    ),
    runs=3,
)
