"""`rushes bench`."""

import argparse
import subprocess
import sys
from importlib.util import find_spec

from rushes.trouble import CannotStart


def main(chosen: argparse.Namespace) -> int:
    if find_spec("bench") is None or find_spec("tests") is None:
        raise CannotStart("the measurements are not part of what was installed", "Call it in a checkout of the source")
    return subprocess.run([sys.executable, "-m", "bench", *chosen.names], check=False).returncode  # noqa: S603 - ours
