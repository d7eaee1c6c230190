"""What admins decided, as it is kept and as it holds."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bot.decision import Ban, Change, Decision, Exempt, Mark, Member
from bot.job import Identity
from bot.phrase import limit_of, spoken
from bot.rules import Rule, Scope, Who
from storage.sqlite.rows import micros, moment

_NO_RULE = """
UPDATE rules SET is_over = 1
WHERE scope = :scope AND subject = :subject AND is_cap = :is_cap AND unit = :unit AND is_over = 0
"""

_NEW_RULE = """
INSERT INTO rules (scope, subject, is_cap, unit, limits, decided_by, decided_at)
VALUES (:scope, :subject, :is_cap, :unit, :limits, :by, :at)
"""

_RULES = "SELECT scope, subject, is_cap, limits FROM rules WHERE is_over = 0 AND limits <> ''"

_IDENTITIES = """
SELECT platform || ':' || user AS key FROM identities WHERE person = :person
UNION SELECT :key
"""

_NO_MARK = (
    "UPDATE standings SET is_over = 1 WHERE identity = :identity AND kind = :kind AND tier = :tier AND is_over = 0"
)

_NEW_MARK = """
INSERT INTO standings (identity, kind, tier, reason, until, decided_by, decided_at)
VALUES (:identity, :kind, :tier, :reason, :until, :by, :at)
"""

_MARKS = "SELECT * FROM standings WHERE identity = :identity AND is_over = 0 ORDER BY number"

_BETWEEN = "; "
"""Between limits in one unit, none of which contains it."""


def change(connection: sqlite3.Connection, change: Change, decision: Decision) -> None:
    """The one before is over; an empty one is written down as well, because somebody decided it."""
    place = {"scope": change.scope.value, "subject": change.subject, "is_cap": change.is_cap, "unit": change.unit.value}
    connection.execute(_NO_RULE, place)
    limits = _BETWEEN.join(map(spoken, change.limits))
    connection.execute(_NEW_RULE, place | {"limits": limits, "by": decision.by, "at": micros(decision.at)})


def rules_in_force(connection: sqlite3.Connection) -> list[Rule]:
    return [
        Rule(scope=Scope(row["scope"]), subject=row["subject"], limit=limit_of(words), is_cap=bool(row["is_cap"]))
        for row in connection.execute(_RULES)
        for words in row["limits"].split(_BETWEEN)
    ]


def mark(connection: sqlite3.Connection, identity: Identity, mark: Mark, decision: Decision) -> None:
    values = _values(identity, mark)
    connection.execute(_NO_MARK, values)
    connection.execute(_NEW_MARK, values | {"by": decision.by, "at": micros(decision.at)})


def unmark(connection: sqlite3.Connection, identity: Identity, mark: Mark) -> None:
    connection.execute(_NO_MARK, _values(identity, mark))


def who_is(
    connection: sqlite3.Connection, person: str | None, identity: Identity, at: datetime
) -> tuple[Who, Ban | None]:
    """With what was decided of any of the person's identities; of several bans, the one that lasts longest."""
    keys = [row["key"] for row in connection.execute(_IDENTITIES, {"person": person, "key": identity.key})]
    marks = [found for key in keys for found in marks_of(connection, key)]
    bans = [found for found in marks if isinstance(found, Ban) and (found.until is None or found.until > at)]
    who = Who(
        identities=frozenset(keys),
        tiers=tuple(found.tier for found in marks if isinstance(found, Member)),
        is_exempt=any(isinstance(found, Exempt) for found in marks),
    )
    return who, max(bans, key=lambda ban: (ban.until is None, ban.until or at), default=None)


def marks_of(connection: sqlite3.Connection, key: str) -> Sequence[Mark]:
    return [_mark_of(row) for row in connection.execute(_MARKS, {"identity": key})]


def _mark_of(row: sqlite3.Row) -> Mark:
    match row["kind"]:
        case "tier":
            return Member(row["tier"])
        case "exempt":
            return Exempt()
        case _:
            return Ban(row["reason"], None if row["until"] is None else moment(row["until"]))


def _values(identity: Identity, mark: Mark) -> dict[str, object]:
    values: dict[str, object] = {"identity": identity.key, "tier": "", "reason": "", "until": None}
    match mark:
        case Member(tier):
            return values | {"kind": "tier", "tier": tier}
        case Exempt():
            return values | {"kind": "exempt"}
        case Ban(reason, until):
            return values | {"kind": "ban", "reason": reason, "until": micros(until) if until else None}
        case _:
            assert_never(mark)
