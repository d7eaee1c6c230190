"""`python -m bench [NAME …]`: one table, and bench/results.json with the last run of each."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.measures import NAMES, measure
from bench.table import COLUMNS, Result, line

RESULTS = Path(__file__).with_name("results.json")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"one of {', '.join(NAMES)}; all of them if none is")
    chosen = parser.parse_args().names or NAMES
    if unknown := [name for name in chosen if name not in NAMES]:
        parser.error(f"there is no measure called {unknown[0]}; there are {', '.join(NAMES)}")
    print(line(COLUMNS), flush=True)
    are_met = [result.holds is not False for name in chosen for result in _told(name)]
    return 0 if all(are_met) else 1


def _told(name: str) -> Iterator[Result]:
    results = _results(name)
    for result in results:
        print(line(result.cells()), flush=True)
        if result.row.note and not result.holds:
            print(f"    {result.row.note}", flush=True)
        yield result
    _keep(name, results)


def _results(name: str) -> list[Result]:
    chosen = measure(name)
    taken = []
    for _ in range(chosen.runs):
        with tempfile.TemporaryDirectory(prefix="rushes-bench-") as folder:
            taken.append(chosen.take(Path(folder)))
    return [Result(row, each) for row, each in zip(chosen.rows, zip(*taken, strict=True), strict=True)]


def _keep(name: str, results: list[Result]) -> None:
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[name] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "rows": [result.kept() for result in results],
    }
    RESULTS.write_text(json.dumps(dict(sorted(kept.items())), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
