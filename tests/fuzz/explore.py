"""`python -m tests.fuzz.explore`: inputs that reach code which none has reached before, until one breaks a promise.

What is new stays in the corpus. So does what breaks a promise, under a name that begins with `crash-`: `make test`
fails on it until it is mended.
"""

import argparse
import io
import logging
import os
import subprocess
import sys
from contextlib import redirect_stderr
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

CORPUS = Path(__file__).parent / "corpus"
"""A folder of inputs for each target; one that has none is not explored."""

LONGEST_INPUT = 4096
HANGS = 10
"""Seconds after which an input that is not done counts as one that never will be."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="explore", description=__doc__)
    known = sorted(folder.name for folder in CORPUS.iterdir())
    parser.add_argument("target", nargs="*", metavar="TARGET", help=f"of {', '.join(known)}")
    parser.add_argument("--seconds", type=int, default=600, help="for all of them together")
    parser.add_argument("--shrink", action="store_true", help="keep only what is needed to reach as much")
    chosen = parser.parse_args()
    if unknown := set(chosen.target) - set(known):
        parser.error(f"there is no target {', '.join(unknown)}; there are {', '.join(known)}")
    names = chosen.target or known
    return max([_shrunk(name) if chosen.shrink else _explored(name, chosen.seconds // len(names)) for name in names])


def _explored(name: str, seconds: int) -> int:
    folder = CORPUS / name
    limits = (f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", f"-timeout={HANGS}")
    return _run(name, *limits, f"-artifact_prefix={folder}/", "-print_final_stats=1", "-verbosity=0", str(folder))


def _shrunk(name: str) -> int:
    folder = CORPUS / name
    with TemporaryDirectory(dir=CORPUS.parent) as fewer:
        code = _run(name, "-merge=1", fewer, str(folder))
        if not any(Path(fewer).iterdir()):
            return code or 1  # what there was is better than nothing
        for file in folder.iterdir():
            file.unlink()
        for file in Path(fewer).iterdir():
            file.rename(folder / file.name)
    return code


def _run(name: str, *options: str) -> int:
    """In a process of its own, which the fuzzer ends, and of which it starts others by its name."""
    print(f"{name}:", flush=True)  # noqa: T201 - for whoever watches
    with TemporaryDirectory() as folder:
        program = Path(folder) / name
        program.write_text(f"#!{sys.executable}\nfrom tests.fuzz.explore import fuzz\nfuzz({name!r})\n")
        program.chmod(0o700)
        environment = os.environ | {"PYTHONPATH": str(CORPUS.parents[2])}
        return subprocess.run([program, *options], env=environment, check=False).returncode


def fuzz(name: str) -> None:
    """Never returns."""
    atheris = import_module("atheris")  # there is none for every machine
    # It names every module that it instruments.
    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["bot", "adapters"]):
        targets = import_module("tests.fuzz.targets")
    logging.disable()
    atheris.Setup(sys.argv, targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
