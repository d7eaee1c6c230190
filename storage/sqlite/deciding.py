"""What admins decided, as it is kept and as it holds."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from bot.access import UNKNOWN, Presence, Said
from bot.decision import (
    Allowed,
    Ban,
    Change,
    DecidedByOperators,
    Decision,
    DoneBefore,
    Exempt,
    Mark,
    Member,
    Ruling,
)
from bot.job import Identity
from bot.phrase import limit_of, spoken
from bot.rules import Rank, Rule, Scope, Who
from storage.sqlite import forbidding, striking
from storage.sqlite.rows import micros, moment

_NO_RULE = """
UPDATE rules SET is_over = 1 WHERE is_over = 0
AND chat = :chat AND scope = :scope AND subject = :subject AND is_cap = :is_cap AND unit = :unit
RETURNING is_operators
"""

_NO_MARK = """
UPDATE marks SET is_over = 1 WHERE is_over = 0
AND chat = :chat AND subject = :subject AND kind = :kind AND tier = :tier
RETURNING is_operators
"""

_NO_TERM = """
UPDATE terms SET is_over = 1 WHERE is_over = 0 AND chat = :chat AND name = :name
RETURNING is_operators
"""

_NO_PAUSE = "DELETE FROM pauses WHERE chat = :chat RETURNING is_operators"

_NEW_RULE = """
INSERT INTO rules (chat, scope, subject, is_cap, unit, limits, decided_by, decided_at, is_operators)
VALUES (:chat, :scope, :subject, :is_cap, :unit, :limits, :by, :at, :is_operators)
"""

_NEW_MARK = """
INSERT INTO marks (chat, subject, kind, tier, reason, until, decided_by, decided_at, is_operators)
VALUES (:chat, :subject, :kind, :tier, :reason, :until, :by, :at, :is_operators)
"""

_NEW_TERM = """
INSERT INTO terms (chat, name, value, decided_by, decided_at, is_operators)
VALUES (:chat, :name, :value, :by, :at, :is_operators)
"""

_RULES = (
    "SELECT chat, scope, subject, is_cap, limits FROM rules WHERE is_over = 0 AND limits <> '' AND chat IN ('', :chat)"
)

_TERMS = "SELECT chat, name, value FROM terms WHERE is_over = 0 AND chat IN ('', :chat)"

_KEYS = """
SELECT platform || ':' || user AS key FROM identities WHERE person = :person
UNION SELECT circle FROM circles JOIN identities USING (platform, user) WHERE person = :person
UNION SELECT :key
"""

_MARKS = """
SELECT * FROM marks WHERE subject IN (SELECT value FROM json_each(:subjects)) AND chat IN ('', :chat) AND is_over = 0
ORDER BY number
"""

_MARKED_CIRCLES = """
SELECT DISTINCT subject FROM marks
WHERE is_over = 0 AND chat IN ('', :chat) AND subject GLOB :platform || ':*:*'
"""

_NO_CIRCLE = "DELETE FROM circles WHERE platform = :platform AND user = :user AND source = :source"

_NEW_CIRCLE = "INSERT INTO circles (platform, user, source, circle) VALUES (:platform, :user, :source, :circle)"

_CIRCLES = "SELECT circle FROM circles WHERE platform = :platform AND user = :user AND source = :source"

_PAUSE = "SELECT chat, reason FROM pauses WHERE chat IN ('', :chat) ORDER BY chat LIMIT 1"

_NEW_PAUSE = """
INSERT INTO pauses (chat, reason, since, is_operators) VALUES (:chat, :reason, :at, :is_operators)
"""

_AUDIT = """
INSERT INTO audit (at, by_key, by_name, chat, is_operators, what, event)
VALUES (:at, :by, :name, :chat, :is_operators, :what, :event)
ON CONFLICT (by_key, event) WHERE event <> '' DO NOTHING
"""

_AUDITED = """
SELECT * FROM audit
WHERE :everywhere OR chat = :chat OR chat IN (SELECT before FROM moves WHERE now = :chat)
ORDER BY number DESC LIMIT :limit
"""

_BETWEEN = "; "
"""Between limits in one unit, none of which contains it."""


def decide(connection: sqlite3.Connection, ruling: Ruling, decision: Decision) -> None:
    """Raises `DecidedByOperators`, with which the whole transaction is undone."""
    for change in ruling.changes:
        _change(connection, change, decision)
    for subject, mark in ruling.marks:
        values = _decided(decision) | _values(subject, mark)
        _end(connection, _NO_MARK, values)
        connection.execute(_NEW_MARK, values)
    for subject, mark in ruling.lifted:
        _end(connection, _NO_MARK, _decided(decision) | _values(subject, mark))
    for name, value in ruling.terms:
        values = _decided(decision) | {"name": name, "value": value}
        _end(connection, _NO_TERM, values)
        connection.execute(_NEW_TERM, values)
    for taboo in ruling.forbidden:
        values = _decided(decision) | {"spelling": taboo.spelling, "kind": taboo.kind.value}
        _end(connection, forbidding.NO_TABOO, values)
        connection.execute(forbidding.NEW_TABOO, values)
    for spelling in ruling.permitted:
        _end(connection, forbidding.NO_TABOO, _decided(decision) | {"spelling": spelling})
    for subject in ruling.forgiven:
        striking.forgive(connection, subject, decision.chat)


def _change(connection: sqlite3.Connection, change: Change, decision: Decision) -> None:
    """The one before is over; an empty one is written down as well, because somebody decided it."""
    values = _decided(decision) | {
        "scope": change.scope.value,
        "subject": change.subject,
        "is_cap": change.is_cap,
        "unit": change.unit.value,
    }
    _end(connection, _NO_RULE, values)
    connection.execute(_NEW_RULE, values | {"limits": _BETWEEN.join(map(spoken, change.limits))})


def rules_for(connection: sqlite3.Connection, chat: str) -> list[Rule]:
    """What is in force there."""
    return [
        Rule(
            chat=row["chat"],
            scope=Scope(row["scope"]),
            subject=row["subject"],
            limit=limit_of(words),
            is_cap=bool(row["is_cap"]),
        )
        for row in connection.execute(_RULES, {"chat": chat})
        for words in row["limits"].split(_BETWEEN)
    ]


def marks_of(connection: sqlite3.Connection, subjects: Sequence[str], chat: str) -> Sequence[tuple[str, Mark]]:
    """With the chat in which each holds."""
    rows = connection.execute(_MARKS, {"subjects": json.dumps(subjects), "chat": chat})
    return [(row["chat"], mark_of(row)) for row in rows]


def said(connection: sqlite3.Connection, chat: str) -> Said:
    return {(row["chat"], row["name"]): row["value"] for row in connection.execute(_TERMS, {"chat": chat})}


def note_circles(connection: sqlite3.Connection, identity: Identity, presence: Presence) -> None:
    if presence.circles is None:
        return
    known = {"platform": identity.platform, "user": identity.user, "source": presence.source}
    if {row["circle"] for row in connection.execute(_CIRCLES, known)} != presence.circles:
        connection.execute(_NO_CIRCLE, known)
        for circle in presence.circles:
            connection.execute(_NEW_CIRCLE, known | {"circle": circle})


def marked_circles(connection: sqlite3.Connection, platform: str, chat: str) -> frozenset[str]:
    """Those of which anything was decided that counts in this chat."""
    rows = connection.execute(_MARKED_CIRCLES, {"platform": platform, "chat": chat})
    return frozenset(row["subject"] for row in rows)


def who_is(
    connection: sqlite3.Connection,
    person: str | None,
    identity: Identity,
    *,
    chat: str,
    at: datetime,
    presence: Presence = UNKNOWN,
    may_be_marked: bool = True,
) -> tuple[Who, Ban | None]:
    """With what was decided of any of the person's identities; of several bans, the one that lasts longest."""
    rows = connection.execute(_KEYS, {"person": person, "key": identity.key})
    keys = sorted({row["key"] for row in rows} | (presence.circles or frozenset()))
    found = marks_of(connection, keys, chat) if may_be_marked else ()
    bans = [mark for _, mark in found if isinstance(mark, Ban) and (mark.until is None or mark.until > at)]
    who = Who(
        keys=frozenset(keys),
        everywhere=_rank(mark for where, mark in found if not where),
        here=_rank(mark for where, mark in found if where),
    )
    return who, max(bans, key=lambda ban: (ban.until is None, ban.until or at), default=None)


def pause(connection: sqlite3.Connection, reason: str, decision: Decision) -> None:
    values = _decided(decision) | {"reason": reason}
    _end(connection, _NO_PAUSE, values)
    connection.execute(_NEW_PAUSE, values)


def resume(connection: sqlite3.Connection, decision: Decision) -> None:
    _end(connection, _NO_PAUSE, _decided(decision))


def why_paused(connection: sqlite3.Connection, chat: str) -> str | None:
    row = connection.execute(_PAUSE, {"chat": chat}).fetchone()
    return None if row is None else str(row["reason"])


def note(connection: sqlite3.Connection, decision: Decision) -> None:
    """Raises `DoneBefore`, with which the whole transaction is undone."""
    if not connection.execute(_AUDIT, _decided(decision)).rowcount:
        raise DoneBefore


def audited(connection: sqlite3.Connection, chat: str, limit: int) -> Sequence[Decision]:
    """Newest first; without a chat, of all of them."""
    return [
        decision_of(row) for row in connection.execute(_AUDITED, {"everywhere": not chat, "chat": chat, "limit": limit})
    ]


def decision_of(row: sqlite3.Row) -> Decision:
    return Decision(
        by=row["by_key"],
        name=row["by_name"],
        at=moment(row["at"]),
        chat=row["chat"],
        is_operators=bool(row["is_operators"]),
        what=row["what"],
        event=row["event"],
    )


def _end(connection: sqlite3.Connection, statement: str, values: Mapping[str, object]) -> None:
    ended = connection.execute(statement, values).fetchall()
    if any(row["is_operators"] for row in ended) and not values["is_operators"]:
        raise DecidedByOperators


def _rank(marks: Iterable[Mark]) -> Rank:
    marks = tuple(marks)
    return Rank(
        tiers=tuple(mark.tier for mark in marks if isinstance(mark, Member)),
        is_exempt=any(isinstance(mark, Exempt) for mark in marks),
        is_allowed=any(isinstance(mark, Allowed) for mark in marks),
    )


def mark_of(row: sqlite3.Row) -> Mark:
    match row["kind"]:
        case "tier":
            return Member(row["tier"])
        case "exempt":
            return Exempt()
        case "allowed":
            return Allowed()
        case _:
            return Ban(row["reason"], None if row["until"] is None else moment(row["until"]))


def _values(subject: str, mark: Mark) -> dict[str, object]:
    values: dict[str, object] = {"subject": subject, "tier": "", "reason": "", "until": None}
    match mark:
        case Member(tier):
            return values | {"kind": "tier", "tier": tier}
        case Exempt():
            return values | {"kind": "exempt"}
        case Allowed():
            return values | {"kind": "allowed"}
        case Ban(reason, until):
            return values | {"kind": "ban", "reason": reason, "until": micros(until) if until else None}
        case _:
            assert_never(mark)


def _decided(decision: Decision) -> dict[str, object]:
    return {
        "chat": decision.chat,
        "by": decision.by,
        "name": decision.name,
        "at": micros(decision.at),
        "is_operators": decision.is_operators,
        "what": decision.what,
        "event": decision.event,
    }
