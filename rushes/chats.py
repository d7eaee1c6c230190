"""`rushes chats`: where the bot is used, and what was laid down there."""

import argparse

from bot.admin_words import Task
from bot.errands import Answer
from bot.money import shown
from bot.survey import ChatUse
from rushes.admin import answered
from rushes.office import Office, worked
from rushes.tables import Column, as_json, moment_words, show


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        if chosen.chat:
            card = await office.desk.say(office.operator, Task.RULES, chat=chosen.chat)
            return answered(
                Answer(is_done=True, lines=(card.title, *card.lines)), as_script=chosen.json, chat=chosen.chat
            )
        found = await office.desk.chats(limit=chosen.limit, skip=chosen.skip)
        if chosen.json:
            as_json(found)
        else:
            show(found, *_COLUMNS, empty="Nobody has ordered anywhere yet.")
        return 0

    return worked(work)


_COLUMNS = (
    Column[ChatUse]("CHAT", lambda chat: chat.key),
    Column[ChatUse]("PEOPLE", lambda chat: f"{chat.people:,}", is_number=True),
    Column[ChatUse]("ORDERS", lambda chat: f"{chat.orders:,}", is_number=True),
    Column[ChatUse]("SPENT", lambda chat: shown(chat.spent), is_number=True),
    Column[ChatUse]("ORDERED LAST", lambda chat: moment_words(chat.latest)),
    Column[ChatUse]("PAUSED", lambda chat: chat.paused or "-", is_cut=True),
)
