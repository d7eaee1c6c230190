"""`rushes ledger`: where the money went, line by line or summed up, and how the month will end."""

import argparse
from datetime import timedelta

from bot.desk import Balance
from bot.money import shown
from bot.overview import SHORT_ID
from bot.phrase import spoken
from bot.survey import By, Posting, Sum
from bot.usage import amount_words
from rushes.clock import SystemClock
from rushes.office import Office, worked
from rushes.tables import Column, as_json, moment_words, say, show


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        return await (_sums(office, chosen) if chosen.by else _lines(office, chosen))

    return worked(work)


async def _lines(office: Office, chosen: argparse.Namespace) -> int:
    person = (await office.whom(chosen.who)).key if chosen.who else ""
    found = await office.desk.postings(person, chosen.limit)
    if chosen.json:
        as_json(found)
    else:
        show(found, *_POSTINGS, empty="Nothing was ordered or granted yet.")
    return 0


async def _sums(office: Office, chosen: argparse.Namespace) -> int:
    now = SystemClock().now()
    found = await office.desk.sums(By(chosen.by), now - timedelta(days=chosen.days), now)
    balance = await office.desk.balance()
    if chosen.json:
        as_json({"sums": found, "balance": balance})
        return 0
    show(found, *_SUMS, empty=f"Nothing was ordered in the last {chosen.days} days.")
    say(*_told(balance))
    return 0


def _told(balance: Balance) -> list[str]:
    return [
        f"{shown(balance.today)} today, {shown(balance.month)} this month; about {shown(balance.foreseen)} by its end.",
        *(f"Cap {spoken(use.limit)}: {amount_words(use.limit.unit, use.used)} used." for use in balance.caps),
    ]


_POSTINGS = (
    Column[Posting]("WHEN (UTC)", lambda line: moment_words(line.at)),
    Column[Posting]("WHO", lambda line: line.name or line.person),
    Column[Posting]("JOB", lambda line: (line.job or "-")[:SHORT_ID]),
    Column[Posting]("WHAT", lambda line: line.kind.value),
    Column[Posting]("AMOUNT", lambda line: amount_words(line.unit, line.amount), is_number=True),
    Column[Posting]("WHY", lambda line: line.reason, is_cut=True),
)

_SUMS = (
    Column[Sum]("OF", lambda each: each.name or each.key or "elsewhere"),
    Column[Sum]("CLIPS", lambda each: f"{each.clips:,}", is_number=True),
    Column[Sum]("SPENT", lambda each: shown(each.spent), is_number=True),
    Column[Sum]("UNDER WAY", lambda each: shown(each.reserved), is_number=True),
)
