"""Jobs as they are accepted and changed, each with its line in the ledger and within what is allowed."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from bot.access import UNKNOWN, Presence
from bot.allowance import Granted, Unit, Use, in_the_way, taken
from bot.books import Accepted
from bot.decision import Banned
from bot.job import Entry, EntryKind, FailureKind, Identity, Job
from bot.money import Micros
from bot.ports import Overtaken
from bot.pseudonyms import Pseudonym
from bot.refusal import Paused
from bot.rules import Rules, Who
from bot.shortage import LimitReached, longest
from bot.strike import CoolingDown
from storage.sqlite import deciding, granting, statements, striking
from storage.sqlite.in_force import InForce
from storage.sqlite.people import person_of
from storage.sqlite.rows import heard_as, job_of, micros, row_of
from storage.sqlite.use import Books

_EVERYTHING = 2**62


def accept(
    connection: sqlite3.Connection,
    job: Job,
    event: str,
    *,
    rules: Rules,
    pseudonym: Pseudonym,
    force: InForce,
    presence: Presence = UNKNOWN,
) -> Accepted:
    """`force` is what is in force in the chat."""
    known = heard_as(job.place.platform, event, pseudonym)
    if earlier := connection.execute(statements.EVENT_SEEN, known).fetchone():
        return Accepted(job_of(earlier), is_new=False)
    job = replace(job, person=person_of(connection, job.identity, job.ordered_at, pseudonym))
    books = _books(connection, job, job.place.chat_key, rules)
    deciding.note_circles(connection, job.identity, presence)
    who = welcomed(job.identity, books=books, force=force)
    rules.must_admit(who, job.place, force.said, presence)
    uses = books.uses(rules.allowances(who, books.chat, force.rules))
    _admit(books, uses, job.price, granting.left_to(connection, job.person, job.ordered_at))
    takes = taken(uses, job.price)
    there = {"ordered_in": books.chat, "in_private": job.place.is_private}
    row = row_of(job) | there | {"granted_videos": takes.videos, "granted_money": takes.money}
    number = connection.execute(statements.NEW_JOB, row).lastrowid or 0
    connection.execute(statements.REMEMBER_EVENT, known | {"job": number})
    granting.take(connection, job.person, number, takes, job.ordered_at)
    _note_phase(connection, job, number)
    _write_line(connection, job, number, Entry(EntryKind.RESERVE, job.price, "ordered"))
    return Accepted(job, is_new=True, uses=tuple(use.after(job.price, takes) for use in uses))


def welcomed(identity: Identity, *, books: Books, force: InForce) -> Who:
    """Raises `Paused`, `Banned` or `CoolingDown`."""
    connection, at, zone = books.connection, books.at, books.rules.zone_in(books.chat)
    if force.paused is not None:
        raise Paused(force.paused)
    who, ban = deciding.who_is(
        connection, books.person, identity, chat=books.chat, at=at, may_be_marked=force.has_marks
    )
    if ban:
        raise Banned(ban, at, zone)
    if until := striking.closed_until(connection, books.person, at):
        raise CoolingDown(until, at, zone)
    return who


def save(connection: sqlite3.Connection, job: Job, entry: Entry | None) -> Job:
    changed = connection.execute(statements.CHANGE_JOB, row_of(job)).fetchone()
    if changed is None:
        raise Overtaken
    # Whoever read the job before two people became one knows the one who is gone.
    job = replace(job, person=changed["person"], revision=job.revision + 1)
    _note_phase(connection, job, changed["number"])
    if entry is not None:
        _write_line(connection, job, changed["number"], entry)
        if entry.kind is EntryKind.REFUND:
            _give_everything_back(connection, job, changed["number"])
            if job.failure and job.failure.kind is FailureKind.MODERATED:
                chat = job.place.chat_key
                striking.strike(connection, job.person, chat=chat, cause=f"job:{job.id}", at=job.phase_since)
    return job


def adjust(connection: sqlite3.Connection, job: Job, entry: Entry, rules: Rules) -> Job:
    before = connection.execute(statements.PRICE_OF_JOB, row_of(job)).fetchone()
    if before is None:
        raise Overtaken
    job = replace(job, person=before["person"])
    number, takes = before["number"], before["granted_money"]
    if job.price > before["price"]:
        takes = max(takes, _takes_anew(connection, job, before, rules))
        more = Granted(money=takes - before["granted_money"])
        granting.take(connection, job.person, number, more, job.ordered_at)
    else:
        takes = max(0, takes - (before["price"] - job.price))
        granting.give_back(connection, number, Unit.MONEY, before["granted_money"] - takes)
    connection.execute(statements.MONEY_TAKEN_BY_JOB, {"money": takes, "number": number})
    return save(connection, job, entry)


def _takes_anew(connection: sqlite3.Connection, job: Job, before: sqlite3.Row, rules: Rules) -> int:
    """What the job takes of granted money at its new price. Judged in the windows in which the order counts."""
    books = _books(connection, job, before["ordered_in"], rules)
    who, _ = deciding.who_is(connection, job.person, job.identity, chat=books.chat, at=job.ordered_at)
    allowances = rules.allowances(who, books.chat, deciding.rules_for(connection, books.chat))
    own, whole = Micros(before["price"] - before["granted_money"]), before["price"]
    uses = [
        replace(use, used=use.used - (own if use.allowance.is_personal else whole))
        for use in books.uses(allowance for allowance in allowances if allowance.limit.unit is Unit.MONEY)
    ]
    granted = granting.granted_to(connection, job.person, job.ordered_at)
    _admit(books, uses, job.price, Granted(money=granted.money + before["granted_money"]))
    return taken(uses, job.price).money


def _books(connection: sqlite3.Connection, job: Job, chat: str, rules: Rules) -> Books:
    return Books(connection=connection, person=job.person, chat=chat, at=job.ordered_at, rules=rules)


def _admit(books: Books, uses: Sequence[Use], price: Micros, granted: Granted) -> None:
    """Raises `LimitReached`."""
    if broken := in_the_way(uses, price, granted):
        use = longest([books.timed(use, price) for use in broken], price)
        raise LimitReached(use, price, books.at, books.rules.zone_in(books.chat))


def _give_everything_back(connection: sqlite3.Connection, job: Job, number: int) -> None:
    for unit in (Unit.VIDEOS, Unit.MONEY):
        granting.give_back(connection, number, unit, _EVERYTHING)
    connection.execute(statements.NOTHING_TAKEN_BY_JOB, {"number": number})
    granting.expire(connection, job.person, job.phase_since)


def _note_phase(connection: sqlite3.Connection, job: Job, number: int) -> None:
    """Writes one line a phase, however often the job is saved while it lasts."""
    phase = {"job": number, "phase": job.phase.value, "at": micros(job.phase_since)}
    connection.execute(statements.ENTERED_PHASE, phase)


def _write_line(connection: sqlite3.Connection, job: Job, number: int, entry: Entry) -> None:
    line = {"kind": entry.kind.value, "unit": Unit.MONEY.value, "amount": entry.amount, "reason": entry.reason}
    owner = {"job": number, "source": None, "person": job.person, "at": micros(job.phase_since)}
    connection.execute(statements.LEDGER_LINE, line | owner)
