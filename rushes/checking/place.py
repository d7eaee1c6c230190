"""What lies on this machine: settings, limits, the data folder and the database."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from bot.finding import Finding, Grade, good
from rushes.policy import policy
from rushes.premises import in_words, premises
from rushes.settings import Settings
from rushes.trouble import CannotStart, InUse
from storage.sqlite import upkeep
from storage.sqlite.migrating import latest_version, version_of

LEAST_ROOM = 1 << 30
"""Bytes: some hundred clips, and what is made of them meanwhile."""

SECONDS = 5.0
"""For which a database is looked through; `rushes db check` takes its time."""

STEPS = 10_000
"""Of SQLite, after which it is looked at the clock."""

_OTHERS = 0o077


def secrets(file: Path) -> Iterator[Finding]:
    if file.exists() and file.stat().st_mode & _OTHERS:
        yield Finding(Grade.LOOK, f"others on this machine can read {file}", f"chmod 600 {file}")


def owners(settings: Settings) -> Iterator[Finding]:
    served = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    if any(served.values()) and not settings.owners:
        remedy = "Set RUSHES_OWNERS to your accounts, to rule from the chat and to be told when money runs low"
        yield Finding(Grade.LOOK, "nobody is an operator", remedy)
    for owner in settings.owners:
        platform = owner.partition(":")[0]
        if not served[platform]:
            remedy = f"Set RUSHES_{platform.upper()}_TOKEN, or take it out of RUSHES_OWNERS"
            yield Finding(Grade.LOOK, f"the operator {owner} cannot be told anything", remedy)


def premises_found(settings: Settings) -> tuple[CannotStart | None, bool]:
    """What keeps the data folder from being worked in, and whether a rushes works in it."""
    try:
        with premises(settings):
            return None, False
    except InUse:
        return None, True
    except CannotStart as trouble:
        return trouble, False


async def limits(settings: Settings) -> list[Finding]:
    decided = policy(settings)
    if decided.rules.limits:
        return [good("rushes.toml" if settings.config is None else str(settings.config))]
    remedy = "Write them into rushes.toml, or have `rushes setup` do so"
    return [Finding(Grade.LOOK, "nobody has a limit, and the bot has no cap", remedy)]


async def data(settings: Settings, trouble: CannotStart | None, *, is_running: bool) -> list[Finding]:
    if trouble:
        raise trouble
    folder = settings.data_dir.resolve()
    found = good(f"{folder}{', where a rushes is running' if is_running else ''}")
    free = shutil.disk_usage(folder).free
    if free < LEAST_ROOM:
        return [found, Finding(Grade.WRONG, f"{free >> 20:,} MiB are free there", "Make room, or clips cannot be kept")]
    return [found, good(f"{free / (1 << 30):,.1f} GiB are free there")]


async def database(settings: Settings) -> list[Finding]:
    if not settings.database.is_file():
        return [good(f"{settings.database} is made at the first start")]
    return await asyncio.to_thread(_looked_through, settings.database)


def _looked_through(path: Path) -> list[Finding]:
    until = time.monotonic() + SECONDS
    with in_words(path), upkeep.looked_at(path) as connection:
        version, counted = version_of(connection), upkeep.census(connection)
        found = good(f"{path}, version {version}, {counted.jobs:,} job{'s' * (counted.jobs != 1)}")
        if version < latest_version():
            return [found, good(f"the next start brings it to version {latest_version()}")]
        connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
        try:
            flaws = len(list(upkeep.findings(connection)))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return [found, good("it is too large to be looked through here; `rushes db check` takes its time")]
    return [
        found,
        Finding(Grade.WRONG, f"{flaws:,} things are wrong in it", "`rushes db check` names them")
        if flaws
        else good("file and ledger agree"),
    ]
