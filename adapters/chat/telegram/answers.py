"""Answers to what was said or pressed. They leave by themselves, so that the next update need not wait for them."""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from telegram import CallbackQuery
from telegram.constants import ReactionEmoji
from telegram.ext import Application

from adapters.chat.telegram.incoming import Said
from adapters.chat.telegram.keyboard import keyboard
from adapters.chat.telegram.rendering import alert, card_text
from adapters.chat.telegram.wire import Unchanged, translated
from adapters.chat.telegram.writing import Writer
from bot.card import Card
from bot.ports import Clock
from bot.refusal import Refusal
from bot.trouble import NotNow, Trouble
from bot.wording import refused

BETWEEN_WARNINGS = timedelta(minutes=10)
"""In which somebody reads only once that a limit is reached, and then sees a sign."""

LONGEST_WAIT, MOST_WAITING = 15.0, 3
"""Seconds for which an answer waits for room in its chat, and how many do so; the others become a sign."""

NO_ROOM, WARNED = ReactionEmoji.THINKING_FACE, ReactionEmoji.SHRUG

MOST_WARNED = 5000

App = Application[Any, Any, Any, Any, Any, Any]

log = logging.getLogger(__name__)


class Answers:
    def __init__(self, app: App, writer: Writer, clock: Clock) -> None:
        self._app = app
        self._writer = writer
        self._clock = clock
        self._waiting: Counter[str] = Counter()
        self._warned: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()

    def later(self, work: Coroutine[Any, Any, object], name: str) -> None:
        self._app.create_task(_calmly(work, name), name=name)

    def reply(self, said: Said, card: Card) -> None:
        self.later(self._reply(said, card), "reply")

    def sign(self, said: Said, emoji: str) -> None:
        self.later(self._writer.react(said.event, emoji), "reaction")

    def nod(self, said: Said, emoji: str) -> None:
        """Where there is room for it, as the answer follows."""
        if self._writer.has_room_to_nod():
            self.later(self._writer.nod(said.event, emoji), "reaction")

    def refuse(self, said: Said, refusal: Refusal) -> None:
        """What was wrong with the command is told every time, a limit once in a while."""
        if refusal.is_limit and self._was_warned(said, refusal):
            self.sign(said, WARNED)
        else:
            self.reply(said, refused(refusal))

    def to_press(self, query: CallbackQuery, words: str = "", *, is_alert: bool = False) -> None:
        """Every press is answered, or its button would seem to work on."""
        self.later(self._answer(query, words, is_alert=is_alert), "answer to a press")

    def refuse_press(self, query: CallbackQuery, refusal: Refusal) -> None:
        self.to_press(query, alert(refused(refusal)), is_alert=True)

    async def _reply(self, said: Said, card: Card) -> None:
        chat = said.place.chat
        self._waiting[chat] += 1
        try:
            await self._write_in_time(said, card, patient=self._waiting[chat] <= MOST_WAITING)
        except NotNow:
            await self._writer.react(said.event, NO_ROOM)
        finally:
            self._waiting[chat] -= 1
            self._waiting += Counter()  # drops what is at zero

    async def _write_in_time(self, said: Said, card: Card, *, patient: bool) -> None:
        """Raises `NotNow` where there is no room for too long."""
        until = self._clock.steady() + timedelta(seconds=LONGEST_WAIT)
        text, buttons = card_text(card), keyboard(card)
        while True:
            try:
                await self._writer.write(said.place, text, buttons)
            except NotNow as trouble:
                wait = trouble.retry_after or 0.0
                if not patient or self._clock.steady() + timedelta(seconds=wait) > until:
                    raise
                await self._clock.wait(asyncio.Event(), wait)
            else:
                return

    async def _answer(self, query: CallbackQuery, words: str, *, is_alert: bool) -> None:
        with translated():
            await query.answer(words or None, show_alert=is_alert)

    def _was_warned(self, said: Said, refusal: Refusal) -> bool:
        now, key = self._clock.steady(), (said.place.chat, said.by.user, refusal.title)
        before = self._warned.pop(key, None)
        was_warned = before is not None and now - before < BETWEEN_WARNINGS
        self._warned[key] = before if before and was_warned else now
        if len(self._warned) > MOST_WARNED:
            self._warned.popitem(last=False)
        return was_warned


async def _calmly(work: Coroutine[Any, Any, object], name: str) -> None:
    try:
        await work
    except Trouble as trouble:
        log.info("%s: %s", name, trouble.detail)
    except Unchanged:
        pass
