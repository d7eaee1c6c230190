"""`rushes setup`: from nothing to `.env` and `rushes.toml`, asked for or from flags and the environment."""

import argparse
import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import available_timezones

from bot.choosing import offers_at
from bot.trouble import Trouble
from rushes.credentials import looked_at, looks
from rushes.drafts import Draft, draft, text_of, with_settings
from rushes.limits_file import DEFAULT
from rushes.proposal import EACH, PEOPLE, Proposal, is_cap, usual_cap, usual_zone
from rushes.settings import PREFIX, SECRETS, Settings, given, settings_in
from rushes.tables import say
from rushes.trouble import CannotStart

ENV = Path(".env")

_DIFFERENT, _BROKEN_OFF = 1, 130
_OWNERS = f"{PREFIX}OWNERS"


def main(chosen: argparse.Namespace) -> int:
    if chosen.non_interactive:
        return _from_flags(chosen)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CannotStart(
            "`rushes setup` asks, and there is nobody to answer", "Say --non-interactive and what you want"
        )
    try:
        with _unseen():
            return _asked()
    except (KeyboardInterrupt, EOFError):
        say("", "Nothing more was written.")
        return _BROKEN_OFF


@contextmanager
def _unseen() -> Iterator[None]:
    """What is typed while somebody else is asked shows nowhere: it may be a token."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    after = [*before]
    after[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, after)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def _asked() -> int:
    from rushes.interview import Interview  # noqa: PLC0415 - a quarter of a second, and nobody is asked elsewhere

    interview = Interview(given())
    interview.settings()
    say("Rushes is set up in this folder. Ctrl-C ends it at any time, and nothing is written before you have seen it.")
    proposal = interview.hold()
    settings = interview.settings()
    drafts = _drafts(settings, interview.answers, proposal)
    return _written(drafts, _agreed)


def _agreed(file: Draft) -> bool:
    import questionary  # noqa: PLC0415 - the same

    verb = "Overwrite" if file.before else "Write"
    return bool(questionary.confirm(f"{verb} {file.file} like that?", default=not file.before).unsafe_ask())


def _from_flags(chosen: argparse.Namespace) -> int:
    there = given() | ({_OWNERS: chosen.owners} if chosen.owners else {})
    read = settings_in(there)
    if not isinstance(read, Settings):
        raise read[0]
    if not chosen.unchecked:
        _look(read)
    wanted = {name: there[name] for name in (*SECRETS, _OWNERS) if name in there}
    return _written(_drafts(read, wanted, _flagged(chosen, read)), lambda file: chosen.force or not file.before)


def _flagged(chosen: argparse.Namespace, settings: Settings) -> Proposal:
    people, each = chosen.people or PEOPLE, chosen.each or EACH
    (offer, *_) = offers_at(settings.switched_on)
    zones = available_timezones()
    if chosen.zone and chosen.zone not in zones:
        raise CannotStart(f"--zone is {chosen.zone}, which is none", "Write it like Europe/Berlin")
    if chosen.cap and not is_cap(chosen.cap):
        raise CannotStart(f"--cap is {chosen.cap}, which is none", "Write it like $120")
    return Proposal(
        people=people,
        each=each,
        cap=chosen.cap or usual_cap(people, each, offer),
        zone=chosen.zone or usual_zone(zones),
    )


def _look(settings: Settings) -> None:
    """Raises `CannotStart` for the first secret that is not accepted."""
    for field, look in looks():
        if getattr(settings, field) is None:
            continue
        name = f"{PREFIX}{field.upper()}"
        try:
            say(f"{name}: {looked_at(look, settings)}")
        except Trouble as trouble:
            raise CannotStart(f"{name}: {trouble.detail}", "Set another one, or say --unchecked") from trouble


def _drafts(settings: Settings, values: dict[str, str], proposal: Proposal) -> list[Draft]:
    (offer, *_) = offers_at(settings.switched_on)
    env = draft(ENV, with_settings(text_of(ENV), values))
    return [draft(settings.config or DEFAULT, proposal.text(offer)), env]


def _written(drafts: list[Draft], is_agreed: Callable[[Draft], bool]) -> int:
    left = []
    for each in drafts:
        if not each.is_change:
            say(f"{each.file} stays as it is.")
            continue
        say("", *each.difference(), "")
        if is_agreed(each):
            each.write()
            say(f"{each.file} is written.")
        else:
            left.append(each.file)
            say(f"{each.file} is left as it is.")
    say(*_next())
    return _DIFFERENT if left else 0


def _next() -> list[str]:
    called = Path(sys.argv[0])
    rushes = "python -m rushes" if called.name == "__main__.py" else str(called)
    if called.parent in map(Path, os.get_exec_path()):
        rushes = called.name
    return ["", "What to type next:", f"  {rushes} check", f"  {rushes} run"]
