"""`rushes audit`: who decided what."""

import argparse

from bot.decision import Decision
from rushes.office import Office, worked
from rushes.tables import Column, as_json, moment_words, show


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        found = await office.desk.audit(chosen.chat, chosen.limit)
        if chosen.json:
            as_json(found)
        else:
            show(found, *_COLUMNS, empty="Nothing was decided yet.")
        return 0

    return worked(work)


_COLUMNS = (
    Column[Decision]("WHEN (UTC)", lambda each: moment_words(each.at)),
    Column[Decision]("WHO", lambda each: f"{each.name} ({each.by})" if each.name else each.by),
    Column[Decision]("WHERE", lambda each: each.chat or "everywhere"),
    Column[Decision]("WHAT", lambda each: each.what, is_cut=True),
)
