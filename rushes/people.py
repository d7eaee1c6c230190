"""`rushes people`: who orders, what was decided of them and what they have left."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from bot.books import Standing
from bot.decision import Allowed, Ban, Exempt, Mark, Member
from bot.money import shown
from bot.phrase import counted_videos
from bot.survey import Person
from bot.usage import amount_words, left_words
from rushes.jobs import posting_words
from rushes.office import Office, worked
from rushes.tables import Column, as_json, joined, moment_words, say, show

LATEST = 10
"""Lines of the ledger that are told of one person."""


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        found = await office.desk.people(" ".join(chosen.words), limit=chosen.limit, skip=chosen.skip)
        if chosen.json:
            as_json([asdict(person) | {"marks": list(_marks(person))} for person in found])
        elif chosen.words and len(found) == 1:
            say(*await _told(office, found[0]))
        else:
            show(found, *_COLUMNS, empty="Nobody is called so.")
        return 0

    return worked(work)


async def _told(office: Office, person: Person) -> list[str]:
    standing = await office.desk.standing(person)
    postings = await office.desk.postings(person.id, LATEST)
    account = standing.account
    return [
        *(f"{one.name} ({one.key}{f', @{one.handle}' if one.handle else ''})" for one in person.identities),
        f"  since {moment_words(person.since)}, ordered last {moment_words(person.latest)} (UTC)",
        f"  {shown(account.spent)} for {counted_videos(account.clips)}, {account.running} under way",
        *(f"  {line}" for line in _marks(person)),
        *(f"  {line}" for line in _left(standing)),
        "Latest in the ledger (UTC)",
        *(f"  {moment_words(line.at)}  {posting_words(line)}" for line in postings),
    ]


def _left(standing: Standing) -> Iterator[str]:
    if left := left_words(standing.uses):
        yield left
    for grant in standing.grants:
        until = f" until {moment_words(grant.until)}" if grant.until else ""
        yield f"{amount_words(grant.unit, grant.left)} granted{until}: {grant.reason}"


def _marks(person: Person) -> Iterator[str]:
    for chat, mark in person.marks:
        yield _words(mark, f" in {chat}" if chat else "")
    if person.closed_until:
        yield f"may order nothing until {moment_words(person.closed_until)}, for what they asked to see"


def _words(mark: Mark, where: str) -> str:
    match mark:
        case Member(tier):
            return f"tier {tier}{where}"
        case Exempt():
            return f"no limits of their own{where}"
        case Allowed():
            return f"may order{where}"
        case Ban(reason, until):
            return f"banned{where}{f' until {moment_words(until)}' if until else ''}: {reason}"


_COLUMNS = (
    Column[Person]("NAME", lambda person: person.identities[0].name or "-"),
    Column[Person]("ACCOUNTS", lambda person: joined(one.key for one in person.identities)),
    Column[Person]("ORDERS", lambda person: f"{person.orders:,}", is_number=True),
    Column[Person]("SPENT", lambda person: shown(person.spent), is_number=True),
    Column[Person]("ORDERED LAST", lambda person: moment_words(person.latest)),
    Column[Person]("DECIDED", lambda person: joined(_marks(person)), is_cut=True),
)
