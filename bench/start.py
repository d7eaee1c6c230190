"""How long it takes until the program is there."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def help_ratio(_: Path) -> float:
    return _seconds([sys.executable, "-m", "rushes", "--help"]) / _seconds([sys.executable, "-c", ""])


def second_start_seconds(folder: Path) -> float:
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
