"""Chats: who asks to be let in, where the bot may be used, and whether it takes orders."""

import re

from starlette.requests import Request

from adapters.operator_page.forms import Fields, NotAForm
from adapters.operator_page.sheets import Sheet, further, number_in
from adapters.operator_page.signature import OPERATOR
from bot.admin_words import COMMAND
from bot.card import Card
from bot.desk import Deed, Desk
from bot.lookout import Lookout

PAGE = 40

_CHAT = re.compile(r"(telegram|discord|web):-?[\w-]{1,64}", re.ASCII)


class Chats:
    def __init__(self, desk: Desk, lookout: Lookout) -> None:
        self._desk = desk
        self._lookout = lookout

    async def show(self, request: Request) -> Sheet:
        asked = request.query_params
        chat, skip = asked.get("chat", ""), number_in(asked, "skip") or 0
        chat = chat if _CHAT.fullmatch(chat) else ""
        found = await self._desk.chats(limit=PAGE + 1, skip=skip)
        rules = await self._desk.say(OPERATOR, "rules", chat=chat)
        return Sheet(
            name="chats",
            section="chats",
            facts={
                "chat": chat,
                "rules": [line for line in rules.lines if not line.startswith(COMMAND)],
                "paused": await self._lookout.why_paused(chat),
                "asking": await self._desk.waiting(),
                "chats": found[:PAGE],
                "older": further(asked, skip=skip + PAGE) if len(found) > PAGE else None,
                "newest": further(asked, skip=None) if skip else None,
            },
        )

    async def say(self, _: Request, fields: Fields) -> Card:
        """What `/video_admin` would be told, in a chat or everywhere. Raises what that raises."""
        chat, why = fields.get("chat", ""), fields.get("reason", "").strip()
        if chat and not _CHAT.fullmatch(chat):
            raise NotAForm
        words = fields.get("words", "").strip().removeprefix(COMMAND).strip()
        return await self._desk.say(OPERATOR, f"{words} because of {why}" if why else words, chat=chat)

    async def answer(self, request: Request, fields: Fields) -> Card:
        """Raises `AlreadyAnswered`."""
        return await self._desk.do(Deed.ANSWER, OPERATOR, request.path_params["request"], fields.get("answer", ""))
