"""Who somebody is, and where they stand."""

import secrets
import sqlite3
from datetime import datetime

from bot.access import UNKNOWN, Presence
from bot.allowance import Unit
from bot.books import Account, Line, Standing
from bot.job import EntryKind, Identity, Place
from bot.money import Micros
from bot.ports import LinkAttempt
from bot.rules import Rules
from storage.sqlite import deciding, granting, statements
from storage.sqlite.rows import micros, moment, request_of
from storage.sqlite.use import Books

LINES = 10
"""So many of the latest entries are told."""

_LEAST = Micros(1)
"""For when is asked when anything at all is free again."""


def known_person(connection: sqlite3.Connection, identity: Identity) -> str | None:
    """`None` for somebody who never ordered."""
    known = {"platform": identity.platform, "user": identity.user}
    row = connection.execute(statements.PERSON_OF, known).fetchone()
    return row["person"] if row else None


def person_of(connection: sqlite3.Connection, identity: Identity, now: datetime) -> str:
    """The person behind the identity, who comes into being when first needed."""
    known = {"platform": identity.platform, "user": identity.user, "name": identity.name, "handle": identity.handle}
    person = known_person(connection, identity)
    if person is None:
        person = f"p{secrets.token_hex(10)}"
        connection.execute(statements.NEW_PERSON, {"person": person, "at": micros(now)})
    connection.execute(statements.KNOWN_AS, known | {"person": person})
    return person


def standing(
    connection: sqlite3.Connection,
    identity: Identity,
    place: Place,
    at: datetime,
    rules: Rules,
    *,
    presence: Presence = UNKNOWN,
) -> Standing:
    person = known_person(connection, identity)
    if person is not None:
        granting.expire(connection, person, at)
    chat = place.chat_key
    if person is not None:
        deciding.note_circles(connection, identity, presence)
    who, _ = deciding.who_is(connection, person, identity, chat=chat, at=at, presence=presence)
    books = Books(connection=connection, person=person, chat=chat, at=at, rules=rules)
    allowances = rules.allowances(who, chat, deciding.rules_for(connection, chat))
    return Standing(
        account=_account(connection, person),
        uses=[books.timed(use, _LEAST) for use in books.uses(allowances)],
        grants=granting.grants_of(connection, person, at),
        lines=[
            Line(
                kind=EntryKind(line["kind"]),
                unit=Unit(line["unit"]),
                amount=line["amount"],
                reason=line["reason"],
                at=moment(line["at"]),
                prompt="" if line["request"] is None else request_of(line["request"]).prompt,
            )
            for line in connection.execute(statements.STATEMENT, {"person": person, "limit": LINES})
        ],
    )


def joined(connection: sqlite3.Connection, person: str, other: str) -> LinkAttempt:
    for statement in statements.JOIN_PEOPLE:
        connection.execute(statement, {"person": person, "other": other})
    return LinkAttempt.JOINED


def _account(connection: sqlite3.Connection, person: str | None) -> Account:
    sums = connection.execute(statements.ACCOUNT, {"person": person}).fetchone()
    return Account(
        clips=sums["clips"], spent=Micros(sums["spent"]), running=sums["running"], reserved=Micros(sums["reserved"])
    )
