"""What can be typed behind `rushes`."""

import argparse

TYPE_CHECKING = False
"""As in `typing`, which takes longer to import than all that is needed here."""

if TYPE_CHECKING:
    from typing import NoReturn, TypeAlias

_PHASES = (
    "accepted",
    "submitting",
    "rendering",
    "fetching",
    "delivering",
    "delivered",
    "failed",
    "cancelled",
    "unresolved",
)
"""As in `bot.job`, which takes longer to import than `--help` may take."""

_WHO = "a name, @handle or telegram:123456789"
_CHAT = "such as telegram:-100123"

Commands: "TypeAlias" = "argparse._SubParsersAction[argparse.ArgumentParser]"


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> "NoReturn":
        from importlib import metadata  # noqa: PLC0415 - takes longer than all the rest of --help

        print(f"rushes {metadata.version('rushes')}")  # noqa: T201 - the command line speaks here
        parser.exit()


def parser() -> argparse.ArgumentParser:
    rushes = argparse.ArgumentParser(prog="rushes", description="/video in a chat, the finished clip back.")
    rushes.add_argument("--version", action=_Version, nargs=0, help="show which version it is")
    commands = rushes.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="serve the chats and film what is ordered")
    _setup(commands)
    check = commands.add_parser("check", help="tell whether everything is as it should be")
    _for_scripts(check)
    health = commands.add_parser("health", help="ask the one that runs here whether it is well")
    health.add_argument("--ready", action="store_true", help="and whether it takes orders, or what keeps it from that")
    _database(commands)
    _looking(commands)
    _deciding(commands)
    bench = commands.add_parser("bench", help="measure what is promised, in a checkout of the source")
    bench.add_argument("names", metavar="NAME", nargs="*", help="only this; without a name everything")
    _simulator(commands)
    return rushes


def _setup(commands: Commands) -> None:
    setup = commands.add_parser(
        "setup",
        help="write .env and rushes.toml, by asking",
        epilog="Tokens and keys come from the environment or from .env: a command line can be read by others.",
    )
    setup.add_argument("--non-interactive", action="store_true", help="ask nothing: take what is said here and set")
    setup.add_argument("--owners", default="", metavar="ACCOUNTS", help="such as telegram:123456789,discord:987654321")
    setup.add_argument("--people", type=_count, help="how many will order (20)")
    setup.add_argument("--each", type=_count, help="videos a day for each (3)")
    setup.add_argument("--cap", default="", metavar="AMOUNT", help="for all together in a month, such as $120")
    setup.add_argument("--zone", default="", help="by whose clocks days begin, such as Europe/Berlin")
    setup.add_argument("--unchecked", action="store_true", help="ask nobody whether tokens and keys are good")
    setup.add_argument("--force", action="store_true", help="overwrite what is different")


def _database(commands: Commands) -> None:
    database = commands.add_parser("db", help="back up, restore or look through the database")
    actions = database.add_subparsers(dest="action", required=True, metavar="ACTION")
    backup = actions.add_parser("backup", help="copy the database, also while rushes runs")
    backup.add_argument("file", metavar="FILE")
    backup.add_argument("--force", action="store_true", help="overwrite FILE where it is there already")
    restore = actions.add_parser("restore", help="go on with a copy; the database of now is kept beside it")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--film", action="store_true", help="film what waited in the copy instead of cancelling it")
    actions.add_parser("check", help="tell whether file, ledger and clips are as they should be")


def _looking(commands: Commands) -> None:
    people = commands.add_parser("people", help="who orders; of one alone, everything")
    people.add_argument("words", nargs="*", metavar="NAME", help="part of a name, handle or account")
    _pages(people)
    chats = commands.add_parser("chats", help="where the bot is used, and what holds in one of them")
    chats.add_argument("chat", nargs="?", default="", metavar="CHAT", help=_CHAT)
    _pages(chats)
    _jobs(commands)
    ledger = commands.add_parser("ledger", help="where the money went")
    ledger.add_argument("--by", choices=("day", "provider", "chat", "person"), help="sums instead of lines")
    ledger.add_argument("--days", type=_count, default=30, help="that the sums are of (30)")
    ledger.add_argument("--who", default="", help=_WHO)
    _limit(ledger)
    _for_scripts(ledger)
    audit = commands.add_parser("audit", help="who decided what")
    audit.add_argument("--chat", default="", help=_CHAT)
    _limit(audit)
    _for_scripts(audit)
    _clips(commands)


def _jobs(commands: Commands) -> None:
    jobs = commands.add_parser("jobs", help="what was ordered, and what became of it")
    jobs.add_argument("--phase", action="append", default=[], choices=_PHASES, help="may be given more than once")
    jobs.add_argument("--provider", default="", choices=("fal", "aimlapi", "shortapi", "pixverse"))
    _search(jobs)
    _older(jobs)
    actions = jobs.add_subparsers(dest="action", metavar="ACTION")
    for action, meaning in (
        ("show", "one job's whole story"),
        ("cancel", "stop it"),
        ("refund", "charge its person nothing; the caps go on to count it"),
        ("send-again", "send the clip to where it was ordered"),
        ("film-again", "order the same again, on the account of whoever did"),
    ):
        one = actions.add_parser(action, help=meaning)
        one.add_argument("job", metavar="JOB", help="its number, or how that begins")
        if action != "show":
            one.add_argument("--because", default="", metavar="WHY", help="for the audit log")
        _for_scripts(one, is_within=True)


def _clips(commands: Commands) -> None:
    clips = commands.add_parser("clips", help="which clips are kept, and copies of them")
    _search(clips)
    _older(clips)
    export = clips.add_subparsers(dest="action", metavar="ACTION").add_parser("export", help="copy them into FOLDER")
    export.add_argument("folder", metavar="FOLDER")
    _search(export, is_within=True)


def _deciding(commands: Commands) -> None:
    grant = commands.add_parser("grant", help="give somebody something beyond the allowances")
    grant.add_argument("who", metavar="WHO", help=_WHO)
    grant.add_argument("amount", metavar="AMOUNT", help='"5 videos" or "$2"')
    grant.add_argument(
        "--for", dest="length", default="", metavar="SPAN", help='such as "30 days"; without it, for good'
    )
    grant.add_argument("--because", default="", metavar="WHY", help="which the person reads")
    grant.set_defaults(chat="")
    pause = commands.add_parser("pause", help="take no new orders; what runs goes on")
    pause.add_argument("why", nargs="*", metavar="WHY", help="which members read")
    resume = commands.add_parser("resume", help="take orders again")
    admin = commands.add_parser("admin", help="whatever /video_admin does: limit, tier, budget, ban, forbid ...")
    admin.add_argument("words", nargs="+", metavar="WORDS", help="as behind /video_admin; help shows all of it")
    for command in (pause, resume, admin):
        command.add_argument("--chat", default="", help=f"{_CHAT}; without it, everywhere")
    for command in (pause, resume):
        command.set_defaults(who="")
    admin.add_argument("--who", default="", help=f"whom the words are about: {_WHO}")
    for command in (grant, pause, resume, admin):
        command.set_defaults(module="admin")
        _for_scripts(command)
    requests = commands.add_parser("requests", help="who asks to be let in")
    _for_scripts(requests)
    answer = requests.add_subparsers(dest="action", metavar="ACTION").add_parser("answer", help="let them in, or not")
    answer.add_argument("request", metavar="REQUEST", help="its number, or how that begins")
    answer.add_argument("answer", nargs="+", metavar="ANSWER", help="approve, deny or tier NAME")
    _for_scripts(answer, is_within=True)


def _simulator(commands: Commands) -> None:
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


def _search(command: argparse.ArgumentParser, *, is_within: bool = False) -> None:
    nothing = _usual(default="", is_within=is_within)
    command.add_argument("--who", default=nothing, help=_WHO)
    command.add_argument("--chat", default=nothing, help=_CHAT)
    command.add_argument("--words", default=nothing, help="in the prompt or in the name of whoever ordered")
    command.add_argument("--since", default=nothing, metavar="DAY", help="such as 2026-01-31, in UTC")
    command.add_argument("--until", default=nothing, metavar="DAY", help="the last day that counts")


def _older(command: argparse.ArgumentParser) -> None:
    command.add_argument("--before", type=int, help="what the page before says of older ones")
    _limit(command)
    _for_scripts(command)


def _pages(command: argparse.ArgumentParser) -> None:
    command.add_argument("--skip", type=int, default=0, help="so many of the first")
    _limit(command)
    _for_scripts(command)


def _limit(command: argparse.ArgumentParser) -> None:
    command.add_argument("--limit", type=_count, default=20, help="how many at most (20)")


def _for_scripts(command: argparse.ArgumentParser, *, is_within: bool = False) -> None:
    told = "for scripts: amounts in micro-dollars, moments in UTC"
    command.add_argument("--json", action="store_true", default=_usual(default=False, is_within=is_within), help=told)


def _usual(*, default: object, is_within: bool) -> object:
    """An action that says nothing of an option must not undo what was said before it."""
    return argparse.SUPPRESS if is_within else default


def _count(typed: str) -> int:
    if not typed.isdecimal() or not int(typed):
        raise argparse.ArgumentTypeError(f"{typed} is not a number above 0")
    return int(typed)
