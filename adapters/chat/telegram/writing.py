"""Everything that the bot writes besides clips: within what Telegram takes, and to where a group has moved."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TypeVar

from telegram import Bot, Chat, ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction

from adapters.chat.mishap import MessageGone
from adapters.chat.telegram.incoming import mark_of
from adapters.chat.telegram.pace import Lane, Pace
from adapters.chat.telegram.text import Text
from adapters.chat.telegram.wire import Moved, Unchanged, translated
from bot.job import Place
from bot.trouble import NotNow, Trouble

ACTION_SECONDS = 4.5
"""Telegram shows what a bot is doing for five."""

_REMEMBERED = 1000

R = TypeVar("R")
Markup = InlineKeyboardMarkup | ForceReply | None


class Writer:
    """Raises what `wire` names, except `Moved`, which it follows, and `NotNow` where there is no room."""

    def __init__(self, bot: Bot, pace: Pace, note_move: Callable[[str, str], None]) -> None:
        self._bot = bot
        self._pace = pace
        self._note_move = note_move
        self._moved: OrderedDict[str, str] = OrderedDict()
        self._signing = asyncio.Lock()

    def wait(self, chat: str, lane: Lane) -> float:
        """Seconds until there is room for such a call."""
        return self._pace.wait(self.present(chat), lane)

    def rest(self) -> float:
        """Seconds until there is room for any call."""
        return self._pace.wait_overall()

    def present(self, chat: str) -> str:
        """The number that a group has now."""
        while chat in self._moved:
            chat = self._moved[chat]
        return chat

    def moved(self, before: str, now: str) -> None:
        if before != now and self._moved.get(before) != now:
            self._moved[before] = now
            self._note_move(before, now)
            if len(self._moved) > _REMEMBERED:
                self._moved.popitem(last=False)

    async def write(self, place: Place, text: Text, markup: Markup = None, *, lane: Lane = Lane.REPLY) -> str:
        """The mark of the new message."""
        message = await self.call(
            place.chat,
            lane,
            lambda chat: self._bot.send_message(
                chat,
                str(text),
                entities=text.entities,
                reply_markup=markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                message_thread_id=self.thread(place, chat),
                reply_parameters=self.reply(place, chat),
            ),
        )
        return mark_of(message)

    async def leave(self, chat: Chat) -> None:
        with suppress(Moved), translated():
            await chat.leave()

    async def rewrite(
        self, mark: str, text: Text, markup: InlineKeyboardMarkup | None = None, *, lane: Lane = Lane.PROGRESS
    ) -> None:
        with suppress(Unchanged):
            await self.change(
                mark,
                lane,
                lambda chat, number: self._bot.edit_message_text(
                    str(text),
                    chat,
                    number,
                    entities=text.entities,
                    reply_markup=markup,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                ),
            )

    async def recaption(self, mark: str, text: Text, markup: InlineKeyboardMarkup | None) -> None:
        with suppress(Unchanged):
            await self.change(
                mark,
                Lane.FINAL,
                lambda chat, number: self._bot.edit_message_caption(
                    chat, number, caption=str(text), caption_entities=text.entities, reply_markup=markup
                ),
            )

    async def erase(self, mark: str) -> None:
        """Costs no room in the chat, where what is written counts, but one of the calls that the bot may make."""
        chat, number = self._standing(mark)
        if (wait := self._pace.wait_overall()) > 0:
            raise NotNow("too many calls at once", retry_after=wait)
        with self._pace.any_call(), self._staying(chat), translated():
            await self._bot.delete_message(chat, number)

    async def take_buttons(self, message: Message) -> None:
        with suppress(Trouble, Moved, Unchanged), translated():
            await message.edit_reply_markup(None)

    async def react(self, mark: str, emoji: str) -> None:
        """A sign that costs no message; where reactions are switched off it is left out.

        It waits for room, one sign after the other: of a thousand that look for it at once none would find it sooner.
        """
        async with self._signing:
            await self._pace.room_overall(Lane.REPLY)
        await self._react(mark, emoji)

    def has_room_to_nod(self) -> bool:
        return self._pace.wait_overall(Lane.PROGRESS) <= 0

    async def nod(self, mark: str, emoji: str) -> None:
        """A sign that an answer follows, and which it does not keep waiting."""
        if self.has_room_to_nod():
            await self._react(mark, emoji)

    async def _react(self, mark: str, emoji: str) -> None:
        chat, _, number = mark.partition("/")
        with self._pace.any_call(), suppress(Trouble, Moved), translated():
            await self._bot.set_message_reaction(int(chat), int(number), emoji)

    async def call(self, chat: str, lane: Lane, make: Callable[[str], Awaitable[R]]) -> R:
        """`make` is given the number that the chat has now, and again where that turns out to be another."""
        chat = self.present(chat)
        try:
            return await self._paced(chat, lane, lambda: make(chat))
        except Moved as moved:
            self.moved(chat, moved.chat)
            return await self.call(moved.chat, lane, make)

    async def change(self, mark: str, lane: Lane, make: Callable[[str, int], Awaitable[R]]) -> R:
        """`make` is given the chat and the number of a message that stands; raises `MessageGone` for any other."""
        chat, number = self._standing(mark)
        with self._staying(chat):
            return await self._paced(chat, lane, lambda: make(chat, number))

    async def _paced(self, chat: str, lane: Lane, make: Callable[[], Awaitable[R]]) -> R:
        if (wait := self._pace.wait(chat, lane)) > 0:
            raise NotNow("the chat takes no more for the moment", retry_after=wait)
        try:
            with self._pace.call(chat, lane), translated():
                return await make()
        except NotNow as trouble:
            self._pace.close(chat, trouble.retry_after or 0.0)
            raise

    def _standing(self, mark: str) -> tuple[str, int]:
        """Raises `MessageGone` for what stayed behind where its group has moved."""
        chat, _, number = mark.partition("/")
        if self.present(chat) != chat:
            raise MessageGone("the group has moved")
        return chat, int(number)

    @contextmanager
    def _staying(self, chat: str) -> Iterator[None]:
        try:
            yield
        except Moved as moved:
            self.moved(chat, moved.chat)
            raise MessageGone("the group has moved") from moved

    def thread(self, place: Place, chat: str) -> int | None:
        """None in a group that has moved, as its messages stayed behind."""
        return int(place.thread) if place.thread and chat == place.chat else None

    def reply(self, place: Place, chat: str) -> ReplyParameters | None:
        if place.reply_to is None or chat != place.chat:
            return None
        return ReplyParameters(int(place.reply_to), allow_sending_without_reply=True)

    @asynccontextmanager
    async def uploading(self, place: Place) -> AsyncIterator[None]:
        """Whoever looks into a private chat sees that a clip is coming."""
        showing = asyncio.create_task(self._show_upload(place), name="upload action")
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _show_upload(self, place: Place) -> None:
        if place.chat.startswith("-"):
            return
        while True:
            try:
                with translated():
                    await self._bot.send_chat_action(
                        place.chat, ChatAction.UPLOAD_VIDEO, message_thread_id=self.thread(place, place.chat)
                    )
            except (Trouble, Moved):
                return
            await asyncio.sleep(ACTION_SECONDS)
