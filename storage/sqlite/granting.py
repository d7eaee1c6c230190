"""What was granted to people: given, taken by their jobs, given back, and gone at its end."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.allowance import Granted, Unit
from bot.books import Grant
from bot.job import EntryKind, JobId
from bot.refusal import NothingToRefund
from storage.sqlite import statements
from storage.sqlite.rows import micros, moment

_NEW = """
INSERT INTO grants (person, unit, amount, remaining, reason, until, refund_of)
VALUES (:person, :unit, :amount, :amount, :reason, :until, :refund_of)
"""

_OF_PERSON = """
SELECT * FROM grants WHERE person = :person AND remaining > 0 AND (until IS NULL OR until > :at)
ORDER BY until IS NULL, until, number
"""

_ENDED = "SELECT * FROM grants WHERE person = :person AND remaining > 0 AND until <= :at ORDER BY until, number"

_UNUSED = "SELECT * FROM grants WHERE person = :person AND remaining > 0 ORDER BY number"

_CHANGE = "UPDATE grants SET remaining = remaining + :more WHERE number = :number"

_NEW_USE = "INSERT INTO grant_uses (job, source, amount) VALUES (:job, :source, :amount)"

_USES = """
SELECT grant_uses.number, source, grant_uses.amount FROM grant_uses JOIN grants ON grants.number = source
WHERE job = :job AND unit = :unit ORDER BY grant_uses.number DESC
"""

_LESS_USE = "UPDATE grant_uses SET amount = amount - :less WHERE number = :number"

_NO_USE = "DELETE FROM grant_uses WHERE number = :number"


_CHARGED = """
SELECT number, person, price, granted_videos, granted_money FROM jobs WHERE id = :job AND charged = 1 AND forgotten = 0
AND NOT EXISTS (SELECT 1 FROM grants WHERE refund_of = jobs.number)
"""

_TAKEN_BY_JOB = "UPDATE jobs SET granted_videos = 1, granted_money = :price WHERE number = :number"


def give(
    connection: sqlite3.Connection, person: str, grant: Grant, at: datetime, refund_of: int | None = None
) -> int | None:
    """The number of the grant."""
    until = None if grant.until is None else micros(grant.until)
    values = {"person": person, "unit": grant.unit.value, "amount": grant.amount, "reason": grant.reason}
    source = connection.execute(_NEW, values | {"until": until, "refund_of": refund_of}).lastrowid
    line = values | {"job": None, "source": source, "kind": EntryKind.GRANT.value, "at": micros(at)}
    connection.execute(statements.LEDGER_LINE, line)
    return source


def pay_back(connection: sqlite3.Connection, job_id: JobId, reason: str, at: datetime) -> None:
    """Grant what the job cost, for the job itself. Raises `NothingToRefund`."""
    job = connection.execute(_CHARGED, {"job": job_id}).fetchone()
    if job is None:
        raise NothingToRefund
    for unit, amount, taken in (
        (Unit.VIDEOS, 1, job["granted_videos"]),
        (Unit.MONEY, job["price"], job["granted_money"]),
    ):
        give_back(connection, job["number"], unit, taken)
        if amount:
            grant = Grant(unit=unit, amount=amount, left=amount, reason=reason)
            source = give(connection, job["person"], grant, at, refund_of=job["number"])
            connection.execute(_NEW_USE, {"job": job["number"], "source": source, "amount": amount})
            connection.execute(_CHANGE, {"more": -amount, "number": source})
    connection.execute(_TAKEN_BY_JOB, dict(job))
    expire(connection, job["person"], at)


def grants_of(connection: sqlite3.Connection, person: str | None, at: datetime) -> Sequence[Grant]:
    """Those that can be used at this moment, the first to be used first."""
    return [
        Grant(
            unit=Unit(row["unit"]),
            amount=row["amount"],
            left=row["remaining"],
            reason=row["reason"],
            until=None if row["until"] is None else moment(row["until"]),
        )
        for row in connection.execute(_OF_PERSON, {"person": person, "at": micros(at)})
    ]


def left_to(connection: sqlite3.Connection, person: str, at: datetime) -> Granted:
    """`granted_to`, once what has ended by then is written off."""
    if connection.execute(_UNUSED, {"person": person}).fetchone() is None:
        return Granted()
    expire(connection, person, at)
    return granted_to(connection, person, at)


def granted_to(connection: sqlite3.Connection, person: str, at: datetime) -> Granted:
    left = dict.fromkeys(Unit, 0)
    for grant in grants_of(connection, person, at):
        left[grant.unit] += grant.left
    return Granted(videos=left[Unit.VIDEOS], money=left[Unit.MONEY])


def take(connection: sqlite3.Connection, person: str, job: int, takes: Granted, at: datetime) -> None:
    """There must be as much."""
    if takes == Granted():
        return
    wanted = {Unit.VIDEOS: takes.videos, Unit.MONEY: takes.money}
    for row in connection.execute(_OF_PERSON, {"person": person, "at": micros(at)}).fetchall():
        unit = Unit(row["unit"])
        if amount := min(wanted[unit], row["remaining"]):
            wanted[unit] -= amount
            connection.execute(_NEW_USE, {"job": job, "source": row["number"], "amount": amount})
            connection.execute(_CHANGE, {"more": -amount, "number": row["number"]})


def give_back(connection: sqlite3.Connection, job: int, unit: Unit, amount: int) -> None:
    """So much of what the job took, and what it took last first."""
    for row in connection.execute(_USES, {"job": job, "unit": unit.value}).fetchall():
        back = min(amount, row["amount"])
        amount -= back
        if back == row["amount"]:
            connection.execute(_NO_USE, {"number": row["number"]})
        else:
            connection.execute(_LESS_USE, {"less": back, "number": row["number"]})
        connection.execute(_CHANGE, {"more": back, "number": row["source"]})
        if not amount:
            return


def expire(connection: sqlite3.Connection, person: str, at: datetime) -> None:
    """Write down what is unused of the grants that have ended."""
    for row in connection.execute(_ENDED, {"person": person, "at": micros(at)}).fetchall():
        _write_off(connection, row, row["until"])


def give_up(connection: sqlite3.Connection, person: str, at: datetime) -> None:
    """Let everything expire now."""
    for row in connection.execute(_UNUSED, {"person": person}).fetchall():
        _write_off(connection, row, micros(at))


def _write_off(connection: sqlite3.Connection, row: sqlite3.Row, at: int) -> None:
    line = {"job": None, "source": row["number"], "person": row["person"], "kind": EntryKind.EXPIRE.value}
    told = {"unit": row["unit"], "amount": row["remaining"], "reason": row["reason"], "at": at}
    connection.execute(statements.LEDGER_LINE, line | told)
    connection.execute(_CHANGE, {"more": -row["remaining"], "number": row["number"]})
