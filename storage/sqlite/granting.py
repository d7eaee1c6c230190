"""What was granted to people: given, taken by their jobs, given back, and gone at its end."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.allowance import Granted, Unit
from bot.books import Grant
from bot.job import EntryKind
from storage.sqlite import statements
from storage.sqlite.rows import micros, moment

_NEW = """
INSERT INTO grants (person, unit, amount, remaining, reason, until)
VALUES (:person, :unit, :amount, :amount, :reason, :until)
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


def give(connection: sqlite3.Connection, person: str, grant: Grant, at: datetime) -> None:
    until = None if grant.until is None else micros(grant.until)
    values = {"person": person, "unit": grant.unit.value, "amount": grant.amount, "reason": grant.reason}
    source = connection.execute(_NEW, values | {"until": until}).lastrowid
    line = values | {"job": None, "source": source, "kind": EntryKind.GRANT.value, "at": micros(at)}
    connection.execute(statements.LEDGER_LINE, line)


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


def granted_to(connection: sqlite3.Connection, person: str, at: datetime) -> Granted:
    left = dict.fromkeys(Unit, 0)
    for grant in grants_of(connection, person, at):
        left[grant.unit] += grant.left
    return Granted(videos=left[Unit.VIDEOS], money=left[Unit.MONEY])


def take(connection: sqlite3.Connection, person: str, job: int, takes: Granted, at: datetime) -> None:
    """There must be as much."""
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
