"""`bot.ports.Operators` who look into the log, and read what their accounts are sent."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping

from bot.card import Card
from bot.job import Identity, Place
from bot.ports import Chat
from bot.speech import ENGLISH, speaking
from bot.tongue import Tongues
from bot.trouble import Trouble

log = logging.getLogger(__name__)


class Owners:
    def __init__(self, chats: Mapping[str, Chat], owners: Iterable[str], tongues: Tongues) -> None:
        self._chats = chats
        self._tongues = tongues
        self._owners = tuple(owner.split(":", 1) for owner in owners)
        self._sending: set[asyncio.Task[None]] = set()

    def tell(self, write: Callable[[], Card]) -> None:
        with speaking(ENGLISH):
            log.warning("%s", write().title)
        for platform, user in self._owners:
            if chat := self._chats.get(platform):
                task = asyncio.get_running_loop().create_task(
                    self._send(chat, Identity(platform=platform, user=user), write), name="word to an operator"
                )
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _send(self, chat: Chat, owner: Identity, write: Callable[[], Card]) -> None:
        try:
            with speaking(await self._tongues.of(owner, Place(platform=owner.platform, chat=owner.user))):
                await chat.tell(owner.user, write())
        except Trouble as trouble:
            log.warning("an operator could not be told: %s", trouble.detail)
