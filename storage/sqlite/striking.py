"""Orders that were refused for what they ask to see, and the pauses that come of many."""

import sqlite3
from datetime import datetime

from bot.strike import WINDOW, Struck, pause_after
from storage.sqlite.rows import micros, moment

_CLOSED_UNTIL = "SELECT max(until) FROM strikes WHERE person = :person AND until > :at AND is_over = 0"

_COUNTS = "SELECT 1 FROM strikes WHERE person = :person AND (at > :since OR until > :at) AND is_over = 0"

_KNOWN = "SELECT 1 FROM strikes WHERE cause = :cause"

_COUNT = "SELECT count(*) FROM strikes WHERE person = :person AND at > :since AND is_over = 0"

_NEW = "INSERT INTO strikes (person, chat, cause, at, until) VALUES (:person, :chat, :cause, :at, :until)"

_FORGIVEN = """
UPDATE strikes SET is_over = 1
WHERE person IN (SELECT person FROM identities WHERE platform || ':' || user = :subject)
AND :chat IN ('', chat) AND is_over = 0
"""


def closed_until(connection: sqlite3.Connection, person: str | None, at: datetime) -> datetime | None:
    """`None` where orders are taken."""
    (until,) = connection.execute(_CLOSED_UNTIL, {"person": person, "at": micros(at)}).fetchone()
    return None if until is None else moment(until)


def counts(connection: sqlite3.Connection, person: str | None, at: datetime) -> bool:
    """Whether any strike of the person has a consequence, or may still have one."""
    known = {"person": person, "since": micros(at - WINDOW), "at": micros(at)}
    return connection.execute(_COUNTS, known).fetchone() is not None


def strike(connection: sqlite3.Connection, person: str, *, chat: str, cause: str, at: datetime) -> Struck:
    """What was told twice, and what comes during a pause, is no further one."""
    since = {"person": person, "since": micros(at - WINDOW)}
    (count,) = connection.execute(_COUNT, since).fetchone()
    until = closed_until(connection, person, at)
    if until or connection.execute(_KNOWN, {"cause": cause}).fetchone():
        return Struck(count, until)
    pause = pause_after(count + 1)
    until = at + pause if pause else None
    values = {
        "person": person,
        "chat": chat,
        "cause": cause,
        "at": micros(at),
        "until": micros(until) if until else None,
    }
    connection.execute(_NEW, values)
    return Struck(count + 1, until)


def forgive(connection: sqlite3.Connection, subject: str, chat: str) -> None:
    """What happened in this chat, or without one, everything."""
    connection.execute(_FORGIVEN, {"subject": subject, "chat": chat})
