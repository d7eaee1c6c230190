"""People: what they use and may use, and what was decided of them."""

import re

from starlette.requests import Request

from adapters.operator_page.forms import Fields, NotAForm
from adapters.operator_page.sheets import Sheet, further, number_in
from adapters.operator_page.signature import OPERATOR
from bot.admin_words import Task
from bot.card import Card
from bot.desk import Desk
from bot.speech import unsaid

PAGE = 40
MOST_WORDS = 200

TASKS = (Task.LIMIT, Task.TIER, Task.GRANT, Task.BAN, Task.UNBAN, Task.ALLOW)

_KEY = re.compile(r"(telegram|discord|web):[\w@.-]{1,64}", re.ASCII)

BANS = (unsaid("for 1 day"), unsaid("for 3 days"), unsaid("for 1 week"), unsaid("for 1 month"), "")
"""How long one lasts, as `/video_admin ban` reads it; the last has no end."""


class People:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Sheet:
        asked = request.query_params
        words, skip = asked.get("q", "").strip()[:MOST_WORDS], number_in(asked, "skip") or 0
        found = await self._desk.people(words, limit=PAGE + 1, skip=skip)
        only = found[0] if len(found) == 1 and words else None
        return Sheet(
            name="people",
            section="people",
            facts={
                "words": words,
                "people": found[:PAGE],
                "only": only,
                "standing": await self._desk.standing(only) if only else None,
                "older": further(asked, skip=skip + PAGE) if len(found) > PAGE else None,
                "newest": further(asked, skip=None) if skip else None,
                "bans": BANS,
            },
        )

    async def do(self, request: Request, fields: Fields) -> Card:
        """Raises what `/video_admin` does."""
        key, words, why = fields.get("key", ""), fields.get("words", "").strip(), fields.get("reason", "").strip()
        task = request.path_params["task"]
        if task not in TASKS or not _KEY.fullmatch(key):
            raise NotAForm
        because = f" because of {why}" if why else ""
        # A tier is named before the person, everything else after.
        named = f"{words} {key}" if task == Task.TIER else f"{key} {words}"
        return await self._desk.say(OPERATOR, f"{task} {named}{because}")
