"""Who somebody is, and where they stand."""

import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bot.access import UNKNOWN, Presence
from bot.allowance import Unit
from bot.archive import UnlinkAttempt
from bot.books import Account, Line, Standing
from bot.job import EntryKind, Identity, Place
from bot.money import Micros
from bot.ports import LinkAttempt
from bot.pseudonyms import Pseudonym
from bot.rules import Rules
from storage.sqlite import deciding, granting, statements, striking
from storage.sqlite.rows import micros, moment, request_of, spoken_by
from storage.sqlite.use import Books

LINES = 10
"""So many of the latest entries are told."""

_LEAST = Micros(1)
"""For when is asked when anything at all is free again."""


def person_of(connection: sqlite3.Connection, identity: Identity, now: datetime, pseudonym: Pseudonym) -> str:
    """The person behind the identity, who comes into being when first needed."""
    known = spoken_by(identity, pseudonym)
    row = connection.execute(statements.PERSON_OF, known).fetchone()
    person = new_person(connection, now) if row is None else str(row["person"])
    if row is None or (row["name"], row["handle"]) != (identity.name, identity.handle):
        connection.execute(statements.KNOWN_AS, known | {"person": person})
    return person


def known_person(connection: sqlite3.Connection, known: Mapping[str, object]) -> str | None:
    """Of an identity as `spoken_by` tells it; also who was forgotten not long ago."""
    row = connection.execute(statements.PERSON_OF, known).fetchone()
    return None if row is None else str(row["person"])


def new_person(connection: sqlite3.Connection, now: datetime) -> str:
    person = f"p{secrets.token_hex(10)}"
    connection.execute(statements.NEW_PERSON, {"person": person, "at": micros(now)})
    return person


def standing(
    connection: sqlite3.Connection,
    identity: Identity,
    place: Place,
    at: datetime,
    *,
    rules: Rules,
    pseudonym: Pseudonym,
    presence: Presence = UNKNOWN,
) -> Standing:
    person = known_person(connection, spoken_by(identity, pseudonym))
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


def parted(connection: sqlite3.Connection, identity: Identity, at: datetime, pseudonym: Pseudonym) -> UnlinkAttempt:
    person = known_person(connection, spoken_by(identity, pseudonym))
    known = spoken_by(identity, pseudonym) | {"person": person}
    if connection.execute(statements.OTHER_IDENTITIES, known).fetchone()[0] == 0:
        return UnlinkAttempt.ALONE
    if connection.execute(statements.BANNED_PERSON, known | {"at": micros(at)}).fetchone():
        return UnlinkAttempt.BANNED
    if striking.counts(connection, person, at):
        return UnlinkAttempt.STRUCK
    known["other"] = new_person(connection, at)
    for statement in statements.PART_PEOPLE:
        connection.execute(statement, known)
    return UnlinkAttempt.PARTED


def _account(connection: sqlite3.Connection, person: str | None) -> Account:
    sums = connection.execute(statements.ACCOUNT, {"person": person}).fetchone()
    return Account(
        clips=sums["clips"], spent=Micros(sums["spent"]), running=sums["running"], reserved=Micros(sums["reserved"])
    )
