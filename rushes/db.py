"""`rushes db`: the database backed up, restored and looked through."""

import argparse
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from types import MappingProxyType

from bot.job import ENDS, Phase
from rushes.premises import BACKED_UP, CLIPS, RESTORE, in_words, premises
from rushes.settings import Settings, load
from rushes.tables import busy
from rushes.trouble import CannotStart
from storage.sqlite import upkeep
from storage.sqlite.migrating import OlderDatabase, latest_version, version_of
from storage.sqlite.upkeep import Census, Filmed, Flaw

_WRONG = 1
"""The exit code where something is not as it should be."""

_ASK = "Restore a backup from before, or have it looked into by whoever writes rushes."

_FILMED = "They will be at the next start; what was filmed of them since is filmed, and paid for, again."
_CANCELLED = (
    "They may have been filmed since, so the next start cancels them, and nobody is charged. "
    "--film has them filmed: where Rushes stopped right after the backup."
)

_WORDS: Mapping[Flaw, str] = MappingProxyType(
    {
        Flaw.DAMAGED: "The file is damaged: {}. Stop rushes, and restore a backup.",
        Flaw.LOOSE: f"{{}} that is not there: something was taken out by hand. {_ASK}",
        Flaw.RESERVED: f"{{}} was not reserved exactly once, so what its person has used is wrong. {_ASK}",
        Flaw.ENDED: f"{{}} was not settled or refunded exactly once when it was time. {_ASK}",
        Flaw.PRICED: f"{{}}: the ledger says last what it does not cost. {_ASK}",
        Flaw.TAKEN: f"{{}} took of what was granted something else than it says. {_ASK}",
        Flaw.GRANTED: f"{{}}: what is left, used and expired is not what was given. {_ASK}",
        Flaw.SUMMED: f"{{}}: the sums are not those of the jobs, so caps count too much or too little. {_ASK}",
    }
)


def main(chosen: argparse.Namespace) -> int:
    settings = load()
    match chosen.action:
        case "backup":
            return _backup(settings, Path(chosen.file), force=chosen.force)
        case "restore":
            return _restore(settings, Path(chosen.file), film=chosen.film)
        case _:
            return _check(settings)


def _backup(settings: Settings, file: Path, *, force: bool) -> int:
    database = settings.database
    _must_be_there(database)
    if file.exists() and not force:
        raise CannotStart(f"{file} is there already", "Give another name, or --force to overwrite it")
    if file.exists() and file.samefile(database):
        raise CannotStart(f"{file} is the database itself", "Give another name")
    with _arriving(file) as part, busy("Copying the database"):
        counted = _copied(database, part)
        part.replace(file)
        upkeep.sync(file.parent)
    with suppress(OSError):
        # Whoever makes copies need not be who may write there; the copy is good all the same.
        (settings.data_dir / BACKED_UP).touch(mode=0o600)
    _tell(f"{database} is copied to {file}: {_counted(counted)}.")
    _tell(f"The clips are not in it: copy the folder {CLIPS} as well to keep them.")
    return 0


def _restore(settings: Settings, file: Path, *, film: bool) -> int:
    if not file.is_file():
        raise CannotStart(f"There is no file {file}", "Give the name of a backup")
    database = settings.database
    if database.exists() and file.samefile(database):
        raise CannotStart(f"{file} is the database itself", "Give the name of a backup")
    with premises(settings), _arriving(database) as part, busy("Looking through the copy"):
        counted = _copied(file, part, "Give the name of another backup")
        if not film:
            upkeep.cancel_what_waits(part)
        aside = database.with_name(f"{database.name}.{datetime.now(UTC):%Y-%m-%d-%H%M%S}")
        is_first = not database.exists()
        upkeep.replace(database, part, aside)
    _tell(f"{database} is now what {file} was: {_counted(counted)}.")
    if not is_first:
        _tell(f"What was there before is kept as {aside}.")
    if counted.waiting:
        _tell(f"{counted.waiting} of them had not been handed to a provider by then. {_FILMED if film else _CANCELLED}")
    _tell("`rushes db check` tells whether its clips are here.")
    return 0


def _check(settings: Settings) -> int:
    database, folder = settings.database, settings.data_dir / CLIPS
    _must_be_there(database)
    # Before the jobs are read: every file that is there by now has its job.
    files = sorted(file.name for file in folder.glob("*") if file.suffix != ".part")
    with in_words(database), upkeep.looked_at(database) as connection, busy("Looking through the database"):
        if (version := version_of(connection)) < latest_version():
            raise OlderDatabase(version)
        wrong = list(_wrong(connection, folder, files))
        good = "" if wrong else f"{database}: {_counted(upkeep.census(connection))}; file, ledger and clips agree"
    for line in wrong:
        _tell(f"wrong {line}")
    if good:
        _tell(f"ok    {good}")
    return _WRONG if wrong else 0


def _wrong(connection: sqlite3.Connection, folder: Path, files: Iterable[str]) -> Iterator[str]:
    found = list(upkeep.findings(connection))
    for finding in found:
        yield _WORDS[finding.flaw].format(finding.about)
    if all(finding.flaw is not Flaw.DAMAGED for finding in found):
        jobs = upkeep.filmed(connection)
        yield from _missing(folder, jobs)
        yield from _left_over(folder, files, jobs)


def _missing(folder: Path, jobs: Iterable[Filmed]) -> Iterator[str]:
    for job in jobs:
        if job.clip is None or (folder / job.clip).exists():
            continue
        is_sent = job.phase is Phase.DELIVERED
        harm = "the chat keeps what was sent, but it cannot be sent again" if is_sent else "paid for, and not sent yet"
        yield f"{folder / job.clip} of job {job.job} is missing: {harm}. Bring it back from a copy of the folder."


def _left_over(folder: Path, files: Iterable[str], jobs: Iterable[Filmed]) -> Iterator[str]:
    expected = {Path(job.clip or job.job).stem for job in jobs if job.clip or job.phase not in ENDS}
    for file in files:
        if file.partition(".")[0] not in expected:
            yield f"{folder / file} belongs to no job, or to one without a clip. It can be removed."


def _copied(source: Path, part: Path, instead: str = "") -> Census:
    """What is in the copy, once that has been looked through; `instead` is what to do where the source is no good."""
    with in_words(source, instead), upkeep.looked_at(source) as connection, in_words(part, "Make room for it"):
        upkeep.copy(connection, part)
    with in_words(source, instead), upkeep.looked_at(part) as connection:
        for damage in upkeep.damages(connection):
            raise CannotStart(f"{source} is damaged: {damage}", instead or RESTORE)
        return upkeep.census(connection)


@contextmanager
def _arriving(file: Path) -> Iterator[Path]:
    """Another name beside it, of which nothing is left."""
    part = file.with_name(f"{file.name}.{token_hex(4)}.part")
    try:
        yield part
    except OSError as error:
        raise CannotStart(
            f"{file} cannot be written ({os.strerror(error.errno or 0)})", "Give another name, or make room for it"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _must_be_there(database: Path) -> None:
    if not database.is_file():
        raise CannotStart(f"There is no database at {database}", "Set RUSHES_DATA_DIR to the folder that it is in")


def _counted(census: Census) -> str:
    return f"version {census.version}, {census.jobs} job{'s' * (census.jobs != 1)}"


def _tell(line: str) -> None:
    print(line)  # noqa: T201 - the command line speaks here
