"""The folder and the database that this process works in: for this user alone, and for no other rushes meanwhile."""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

from rushes.settings import Settings
from rushes.trouble import CannotStart, InUse
from storage.sqlite.database import DamagedDatabase
from storage.sqlite.migrating import NewerDatabase, OlderDatabase, OtherDatabase

CLIPS = "clips"

KEY_BYTES = 32
BACKED_UP = "backed-up"
"""A file that is touched with each backup."""

_OURS_ALONE = 0o077
"""What nobody else may do with what is made here: anything."""

RESTORE = "Have `rushes db restore` put a backup in its place, or move it away to begin anew"
_ROOM = "Free some space there, and start again"
_RIGHTS = "Let this user write to it and to its folder, or set RUSHES_DATABASE_URL to another file"
_LOOK = "Free some space there; if that is not it, look after the disk and have `rushes db restore` put a backup there"
_WAIT = "Close that one, and start again"

_OF_CODE: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        sqlite3.SQLITE_NOTADB: ("is not a database", RESTORE),
        sqlite3.SQLITE_CORRUPT: ("is damaged", RESTORE),
        sqlite3.SQLITE_FULL: ("cannot grow, because the disk is full", _ROOM),
        sqlite3.SQLITE_READONLY: ("cannot be written to", _RIGHTS),
        sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _RIGHTS),
        sqlite3.SQLITE_PERM: ("cannot be opened", _RIGHTS),
        sqlite3.SQLITE_IOERR: ("cannot be read or written, because the disk is full or fails", _LOOK),
        sqlite3.SQLITE_BUSY: ("is held by another program", _WAIT),
    }
)


@contextmanager
def premises(settings: Settings) -> Iterator[Path]:
    """The data folder. Raises `CannotStart`."""
    with ExitStack() as stack:
        # What SQLite, the simulator and the processes that look into clips make is meant, too.
        stack.callback(os.umask, os.umask(_OURS_ALONE))
        folder = settings.data_dir
        with writable(f"RUSHES_DATA_DIR is {folder}", "folder"):
            for inside in (folder, folder / CLIPS):
                inside.mkdir(parents=True, exist_ok=True)
            _lock(stack, folder / "lock")
            _take_back(folder / CLIPS, folder / "simulator")
        # In which it need not lie, and two engines on one database would film things twice.
        database = settings.database
        with writable(f"RUSHES_DATABASE_URL is {database}", "file"):
            _lock(stack, database.with_name(f"{database.name}.lock"))
            _take_back(*(database.with_name(f"{database.name}{ending}") for ending in ("", "-wal", "-shm", ".lock")))
        yield folder


def own_key(folder: Path) -> bytes:
    """Made whole or not at all: whoever knows the key can make links to every clip, and tell who was forgotten."""
    file, part = folder / "links.key", folder / "links.key.part"
    with writable(f"RUSHES_DATA_DIR is {folder}", "folder"):
        if not file.exists() or file.stat().st_size != KEY_BYTES:
            part.write_bytes(secrets.token_bytes(KEY_BYTES))
            part.replace(file)
        return file.read_bytes()


@contextmanager
def writable(what: str, kind: str) -> Iterator[None]:
    """Whatever keeps a file or folder that a setting names from being written."""
    try:
        yield
    except BlockingIOError as error:
        raise InUse(
            f"{what}, which another rushes is working in", f"Stop that one, or set it to another {kind}"
        ) from error
    except OSError as error:
        raise CannotStart(
            f"{what}, which cannot be written to ({os.strerror(error.errno or 0)})",
            f"Set it to a {kind} that this user may write to",
        ) from error


@contextmanager
def in_words(path: Path, instead: str = "") -> Iterator[None]:
    """Whatever keeps a database from being used, and what to do about it: `instead`, if anything."""
    try:
        yield
    except NewerDatabase as newer:
        remedy = instead or "Update rushes, or set RUSHES_DATA_DIR to another folder"
        raise CannotStart(f"{path}: {newer}", remedy) from newer
    except OlderDatabase as older:
        remedy = instead or "Start this rushes once, which brings it up to date"
        raise CannotStart(f"{path}: {older}", remedy) from older
    except DamagedDatabase as damaged:
        raise CannotStart(f"{path}: {damaged}", instead or RESTORE) from damaged
    except OtherDatabase as other:
        raise CannotStart(f"{path}: {other}", instead or "Set RUSHES_DATABASE_URL to another file") from other
    except sqlite3.DatabaseError as error:
        # What Python itself objects to has no code.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        what, remedy = _OF_CODE.get(code, (f"cannot be used: {error}", RESTORE))
        raise CannotStart(f"{path} {what}", instead or remedy) from error


def _lock(stack: ExitStack, file: Path) -> None:
    """Until the stack is left, or the process ends however it ends. Raises `BlockingIOError` where another has it."""
    lock = stack.enter_context(file.open("w"))
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _take_back(*paths: Path) -> None:
    """From whoever was let in when these were made; a file that belongs to somebody else stays as it is."""
    for path in paths:
        with suppress(FileNotFoundError, PermissionError):
            path.chmod(path.stat().st_mode & ~_OURS_ALONE)
