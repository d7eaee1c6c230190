"""What admins say and press, and the chats in which the bot may be."""

import logging
from contextlib import suppress
from dataclasses import replace
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatMemberStatus
from telegram.ext import CallbackContext

from adapters.chat.telegram.answers import Answers
from adapters.chat.telegram.incoming import (
    PLATFORM,
    Said,
    chat_identity,
    is_private,
    mark_of,
    meant_in,
    place_of,
    spelled_out,
    user_identity,
)
from adapters.chat.telegram.keyboard import OnJob, OnRequest, about
from adapters.chat.telegram.members import Members
from adapters.chat.telegram.pace import Lane
from adapters.chat.telegram.rendering import card_text
from adapters.chat.telegram.writing import Writer
from bot.access import AlreadyAnswered, NotHere
from bot.card import Order, Reply
from bot.job import Identity, Place
from bot.refusal import Refusal
from bot.speech import say, unsaid
from bot.studio import Studio
from bot.trouble import Trouble
from bot.wording import refused

_THERE = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)

log = logging.getLogger(__name__)


class Forwarded(Refusal):
    title = unsaid("Not yours")
    is_an_order = False
    is_limit = True

    def __init__(self) -> None:
        super().__init__(say("A command that was forwarded is not obeyed."), say("Type it yourself."))


class Office:
    def __init__(self, studio: Studio, writer: Writer, answers: Answers, members: Members, bot_id: int) -> None:
        self._studio = studio
        self._writer = writer
        self._answers = answers
        self._members = members
        self._bot_id = bot_id

    async def instruction(self, said: Said, order: Order) -> Order:
        """With all that tells who is meant. Raises `Forwarded`: what somebody else typed need not be meant."""
        if said.message.forward_origin:
            raise Forwarded
        words, named = spelled_out(said.message)
        return replace(
            order,
            text=words,
            named=named,
            about=await self._meant(said.message),
            is_admin=self._members.ruling(said.message.chat, said.by),
        )

    async def press(self, query: CallbackQuery, message: Message, wanted: OnRequest) -> None:
        """What an admin answers to a request."""
        by = user_identity(query.from_user)
        standing = await self._members.standing(message.chat, query.from_user.id)
        reply = Reply(
            # Who speaks as the group stays unnamed in what everybody reads.
            identity=chat_identity(message.chat) if standing and standing.is_anonymous else by,
            place=place_of(message),
            request=wanted.request,
            typed=wanted.typed,
            is_admin=self._members.ruling(message.chat, by),
        )
        try:
            card = await self._studio.answer(reply)
        except Refusal as refusal:
            self._answers.refuse_press(query, refusal)
            if isinstance(refusal, AlreadyAnswered):
                await self._writer.take_buttons(message)
        else:
            self._answers.to_press(query, card.title)
            await self._writer.rewrite(mark_of(message), card_text(card), lane=Lane.FINAL)

    async def moved_in(self, update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        """Somebody added us to a chat, in which we may not be."""
        change = update.my_chat_member
        if change is None or is_private(change.chat):
            return
        if change.old_chat_member.status in _THERE or change.new_chat_member.status not in _THERE:
            return
        place = Place(platform=PLATFORM, chat=str(change.chat.id))
        if not await self._studio.stays(place, user_identity(change.from_user)):
            log.info("left chat %d, in which the bot may not be used", change.chat.id)
            self._answers.later(self._writer.leave(change.chat), "leaving")

    def part(self, said: Said, refusal: NotHere) -> None:
        """Leave, and say why if that is still possible."""
        self._answers.later(self._part(said, refusal), "leaving")

    async def migrate(self, message: Message) -> None:
        """The group has another number from now on."""
        before = str(message.migrate_from_chat_id or message.chat.id)
        now = str(message.migrate_to_chat_id or message.chat.id)
        # Whoever speaks there next is held to what was decided before.
        await self._studio.moved(PLATFORM, before, now)
        self._writer.moved(before, now)

    async def _part(self, said: Said, refusal: NotHere) -> None:
        with suppress(Trouble):
            await self._writer.write(said.place, card_text(refused(refusal)))
        await self._writer.leave(said.message.chat)

    async def _meant(self, message: Message) -> Identity | None:
        """Of a message of ours, whoever it is about."""
        asked = message.reply_to_message
        if asked is None or asked.from_user is None or asked.from_user.id != self._bot_id:
            return meant_in(message)
        match about(asked.reply_markup):
            case OnJob(job=job):
                return await self._studio.ordered_by(job)
            case OnRequest(request=request):
                return await self._studio.asked_by(request)
            case _:
                return None
