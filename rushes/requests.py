"""`rushes requests`: who asks to be let in, and the answer."""

import argparse

from bot.access import AccessRequest
from bot.desk import Deed
from rushes.admin import answered
from rushes.office import Office, worked
from rushes.tables import Column, as_json, moment_words, show


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        if chosen.action:
            found = [asked.id for asked in await office.desk.waiting() if asked.id.startswith(chosen.request)]
            about = found[0] if len(found) == 1 else chosen.request
            answer = await office.do(Deed.ANSWER, about, " ".join(chosen.answer))
            return answered(answer, as_script=chosen.json)
        waiting = await office.desk.waiting()
        if chosen.json:
            as_json(waiting)
        else:
            show(waiting, *_COLUMNS, empty="Nobody is waiting.")
        return 0

    return worked(work)


_COLUMNS = (
    Column[AccessRequest]("REQUEST", lambda asked: asked.id[:6]),
    Column[AccessRequest]("ASKED (UTC)", lambda asked: moment_words(asked.asked_at)),
    Column[AccessRequest]("WHO", lambda asked: f"{asked.identity.name} ({asked.identity.key})"),
    Column[AccessRequest]("DOOR", lambda asked: asked.chat or "the bot's"),
    Column[AccessRequest]("ORDER", lambda asked: asked.command, is_cut=True),
)
