"""Who wants to be forgotten, and who was: the amounts stay, and for a while it can be told whose they were."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from itertools import product

from bot.job import Identity, JobId
from bot.keeping import ERASED
from bot.pseudonyms import Pseudonym
from bot.refusal import StillUnderWay
from storage.sqlite import granting
from storage.sqlite.keeping import WITHOUT_WORDS, leave_remains
from storage.sqlite.people import known_person, new_person
from storage.sqlite.rows import heard_as, micros, spoken_by

_UNDER_WAY = """
SELECT 1 FROM jobs WHERE person = :person AND phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved')
AND NOT (phase = 'delivering' AND delivery = 'given_up') LIMIT 1
"""

_IDENTITIES = """
SELECT platform, user FROM identities WHERE person = :person
UNION SELECT platform, user FROM jobs WHERE person = :person AND forgotten = 0
"""

_CLIPS = "SELECT id FROM jobs WHERE person = :person AND forgotten = 0 AND clip IS NOT NULL AND swept = 0"

_EVENTS = """
SELECT events.rowid AS number, events.platform, event FROM jobs JOIN events ON events.job = jobs.number
WHERE person = :person AND forgotten = 0
"""

_NAMELESS_EVENT = "UPDATE events SET event = :pseudonym WHERE rowid = :number"

_NO_USE_ALONE = """
DELETE FROM use_of_all WHERE ordered_in IN (SELECT ordered_in FROM jobs WHERE person = :person AND in_private = 1)
"""

_NAMELESS_JOBS = f"""
UPDATE jobs SET
    {WITHOUT_WORDS}, user = :pseudonym, user_name = '', chat = '', thread = NULL, reply_to = NULL, seed = NULL,
    correlation = NULL, ticket = iif(ticket IS NULL, NULL, ''), media_url = NULL, status = NULL, receipt = NULL,
    phase = iif(phase = 'delivering', 'delivered', phase), told = 1, swept = 1, forgotten = 1,
    ordered_in = iif(in_private, '', ordered_in), in_private = 0
WHERE person = :person AND platform = :platform AND user = :user
"""  # noqa: S608 - words of our own

_REMEMBER = """
INSERT INTO forgotten (pseudonym, person, until) VALUES (:pseudonym, :person, :until)
ON CONFLICT (pseudonym) DO NOTHING
"""

_ERASE_OF_IDENTITY = (
    "DELETE FROM circles WHERE platform = :platform AND user = :user",
    "DELETE FROM access_requests WHERE platform = :platform AND user = :user",
)

_ERASE = (
    "UPDATE strikes SET cause = 'forgotten ' || number, chat = '' WHERE person = :person",
    "UPDATE forgotten SET until = :until WHERE person = :person",
    "UPDATE grants SET reason = :erased WHERE person = :person",
    "UPDATE ledger SET reason = :erased WHERE person = :person AND source IS NOT NULL",
    "DELETE FROM link_codes WHERE person = :person",
    "DELETE FROM tongues WHERE person = :person",
    "DELETE FROM identities WHERE person = :person",
)

_NO_MARKS = "DELETE FROM marks WHERE subject = :subject AND kind <> 'ban'"

_BANS = "SELECT * FROM marks WHERE subject = :subject AND kind = 'ban' AND is_over = 0"

_OVER = "SELECT pseudonym, person FROM forgotten WHERE until <= :at ORDER BY until LIMIT :limit"

_IS_BACK = "SELECT 1 FROM identities WHERE person = :person"

_END_MEMORY = (
    """
    UPDATE ledger SET person = :nobody
    WHERE job IN (SELECT number FROM jobs WHERE person = :person AND user = :pseudonym)
    """,
    "UPDATE ledger SET person = :nobody WHERE person = :person AND source IS NOT NULL AND reason = :erased",
    "UPDATE grants SET person = :nobody WHERE person = :person AND reason = :erased",
    "UPDATE jobs SET person = :nobody, user = '' WHERE person = :person AND user = :pseudonym",
    "DELETE FROM forgotten WHERE pseudonym = :pseudonym",
)

_DROP_EVENTS = """
DELETE FROM events WHERE rowid IN (
    SELECT events.rowid FROM jobs JOIN events ON events.job = jobs.number
    WHERE forgotten = 1 AND phase_since < :before LIMIT :limit
)
"""


def forget(
    connection: sqlite3.Connection, identity: Identity, *, at: datetime, until: datetime, pseudonym: Pseudonym
) -> list[JobId]:
    person = known_person(connection, spoken_by(identity, pseudonym))
    whose = {"person": person}
    if connection.execute(_UNDER_WAY, whose).fetchone():
        raise StillUnderWay
    known = [Identity(platform=row["platform"], user=row["user"]) for row in connection.execute(_IDENTITIES, whose)]
    everyone = {each.key: spoken_by(each, pseudonym) for each in (identity, *known)}
    _end_marks(connection, everyone)
    for who, statement in product(everyone.values(), _ERASE_OF_IDENTITY):
        # Also of somebody who only ever asked to be let in.
        connection.execute(statement, who)
    leave_remains(connection)
    if person is None:
        return []
    clips = [JobId(row["id"]) for row in connection.execute(_CLIPS, whose)]
    for row in connection.execute(_EVENTS, whose).fetchall():
        connection.execute(_NAMELESS_EVENT, heard_as(row["platform"], row["event"], pseudonym) | dict(row))
    granting.give_up(connection, person, at)
    connection.execute(_NO_USE_ALONE, whose)
    values = {"person": person, "until": micros(until), "erased": ERASED}
    for each in known:
        who = values | spoken_by(each, pseudonym)
        connection.execute(_NAMELESS_JOBS, who)
        connection.execute(_REMEMBER, who)
    for statement in _ERASE:
        connection.execute(statement, values)
    return clips


def end_memories(connection: sqlite3.Connection, at: datetime, limit: int) -> int:
    """What is left of somebody who is back since then goes to nobody, and the rest is theirs."""
    over = connection.execute(_OVER, {"at": micros(at), "limit": limit}).fetchall()
    for row in over:
        whose = dict(row)
        is_back = connection.execute(_IS_BACK, whose).fetchone()
        nobody = new_person(connection, at) if is_back else row["person"]
        for statement in _END_MEMORY:
            connection.execute(statement, whose | {"nobody": nobody, "erased": ERASED})
    if over:
        leave_remains(connection)
    return len(over)


def drop_events(connection: sqlite3.Connection, before: datetime, limit: int) -> int:
    return connection.execute(_DROP_EVENTS, {"before": micros(before), "limit": limit}).rowcount


def _end_marks(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    """A ban holds for every account of a person, and soon nobody can tell which those were: so each gets its own."""
    keys = sorted(keys)
    bans = [dict(row) for key in keys for row in connection.execute(_BANS, {"subject": key})]
    for ban, key in product(bans, keys):
        copy = {column: value for column, value in ban.items() if column != "number"} | {"subject": key}
        connection.execute(_copied(copy), copy)
    for key in keys:
        connection.execute(_NO_MARKS, {"subject": key})


def _copied(ban: dict[str, object]) -> str:
    """Whatever columns there are; of two bans the one that lasts longer holds."""
    columns, values = ", ".join(ban), ", ".join(f":{column}" for column in ban)
    return f"""
    INSERT INTO marks ({columns}) VALUES ({values})
    ON CONFLICT DO UPDATE SET
        until = iif(until IS NULL OR excluded.until IS NULL, NULL, max(until, excluded.until))
    """  # noqa: S608 - the columns are those of the table
