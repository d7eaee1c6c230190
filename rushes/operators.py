"""`bot.ports.Operators` who look into the log, and read what their accounts are sent."""

import asyncio
import logging
from collections.abc import Iterable, Mapping

from bot.card import Card
from bot.ports import Chat
from bot.trouble import Trouble

log = logging.getLogger(__name__)


class Owners:
    def __init__(self, chats: Mapping[str, Chat], owners: Iterable[str]) -> None:
        self._chats = chats
        self._owners = tuple(owner.split(":", 1) for owner in owners)
        self._sending: set[asyncio.Task[None]] = set()

    def tell(self, card: Card) -> None:
        log.warning("%s", card.title)
        for platform, user in self._owners:
            if chat := self._chats.get(platform):
                task = asyncio.get_running_loop().create_task(_send(chat, user, card), name="word to an operator")
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)


async def _send(chat: Chat, user: str, card: Card) -> None:
    try:
        await chat.tell(user, card)
    except Trouble as trouble:
        log.warning("an operator could not be told: %s", trouble.detail)
