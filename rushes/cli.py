"""`rushes`: what each sub-command is called, and nothing that takes long to import."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from rushes.arguments import parser
from rushes.trouble import CannotStart

CANNOT_START = 2


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    chosen = parser().parse_args(arguments)
    try:
        code: int = import_module(f"rushes.{getattr(chosen, 'module', chosen.command)}").main(chosen)
    except CannotStart as trouble:
        print(f"rushes: {trouble}", file=sys.stderr)  # noqa: T201 - the command line speaks here
        code = CANNOT_START
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)
