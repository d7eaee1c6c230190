"""`rushes`: what each sub-command is called, and nothing that takes long to import."""

import sys
from importlib import import_module

from rushes.arguments import parser
from rushes.trouble import CannotStart

TYPE_CHECKING = False
"""As in `typing`, which takes longer to import than all that is needed here."""

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

CANNOT_START = 2


def main(arguments: "Sequence[str] | None" = None) -> "NoReturn":
    chosen = parser().parse_args(arguments)
    try:
        code: int = import_module(f"rushes.{getattr(chosen, 'module', chosen.command)}").main(chosen)
    except CannotStart as trouble:
        print(f"rushes: {trouble}", file=sys.stderr)  # noqa: T201 - the command line speaks here
        code = CANNOT_START
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)
