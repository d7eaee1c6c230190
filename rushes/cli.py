"""`rushes`: what each sub-command is called, and nothing that takes long to import."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from pathlib import Path
from typing import NoReturn

from rushes.trouble import CannotStart

CANNOT_START = 2


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    chosen = _parser().parse_args(arguments)
    try:
        code: int = import_module(f"rushes.{chosen.command}").main(chosen)
    except CannotStart as trouble:
        print(f"rushes: {trouble}", file=sys.stderr)  # noqa: T201 - the command line speaks here
        code = CANNOT_START
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rushes", description="/video in a chat, the finished clip back.")
    parser.add_argument("--version", action="version", version=f"rushes {metadata.version('rushes')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="serve the chats and film what is ordered")
    commands.add_parser("check", help="tell whether everything is as it should be")
    database = commands.add_parser("db", help="back up, restore or look through the database")
    actions = database.add_subparsers(dest="action", required=True, metavar="ACTION")
    backup = actions.add_parser("backup", help="copy the database, also while rushes runs")
    backup.add_argument("file", metavar="FILE", type=Path)
    backup.add_argument("--force", action="store_true", help="overwrite FILE where it is there already")
    restore = actions.add_parser("restore", help="go on with a copy; the database of now is kept beside it")
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.add_argument("--film", action="store_true", help="film what waited in the copy instead of cancelling it")
    actions.add_parser("check", help="tell whether file, ledger and clips are as they should be")
    bench = commands.add_parser("bench", help="measure what is promised, in a checkout of the source")
    bench.add_argument("names", metavar="NAME", nargs="*", help="only this; without a name everything")
    simulate = commands.add_parser(
        "simulate",
        help="stand in for the providers, with clips drawn here",
        epilog="Faults on demand: type sim:NAME in a prompt; GET /control/faults lists the names.",
    )
    simulate.add_argument("--host", default="127.0.0.1")
    simulate.add_argument("--port", type=int, default=9000, help="the APIs; the films are served at the next one")
    simulate.add_argument("--speed", type=float, default=1.0, help="so many times faster than the real ones")
    simulate.add_argument("--runners", type=int, default=8, help="how many generations render at once")
    simulate.add_argument("--data", metavar="FOLDER", help="where requests outlive a restart")
    simulate.add_argument("--seed", type=int, help="of everything that is drawn")
    return parser
