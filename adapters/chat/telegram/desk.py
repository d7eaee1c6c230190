"""What people say and press: in, to the studio, and what it answers out again."""

import logging
import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from telegram import Bot, CallbackQuery, ForceReply, Message, Update
from telegram.constants import ReactionEmoji, ReplyLimit
from telegram.ext import CallbackContext

from adapters.chat.telegram.answers import Answers
from adapters.chat.telegram.forms import Forms, NotChanged, must_fit
from adapters.chat.telegram.incoming import (
    Said,
    asked_in,
    command_for,
    draft_in,
    is_private,
    language_of,
    mark_of,
    place_of,
    pressed_message,
    said_in,
    user_identity,
)
from adapters.chat.telegram.keyboard import OnForm, OnJob, OnRequest, meaning
from adapters.chat.telegram.members import Members, NotTold
from adapters.chat.telegram.office import Office
from adapters.chat.telegram.rendering import alert, card_text, draft_text
from adapters.chat.telegram.writing import Writer
from bot.access import NotAdmitted, NotHere
from bot.card import Card, DraftCard, JobCard, Order, Press, Verb
from bot.commands import Word, word_of
from bot.grammar import changed, draft
from bot.ports import Clock
from bot.refusal import NotYours, Refusal, TooLate
from bot.speech import say, speaking, unsaid
from bot.studio import Studio
from bot.trouble import Trouble
from bot.wording import mishap, refused

SEEN, DONE = ReactionEmoji.EYES, ReactionEmoji.OK_HAND_SIGN

PICTURES = unsaid("Pictures are not filmed, only words.")

NO_SUCH_BUTTON = unsaid("This button no longer works. Order anew with /video.")

ANSWERABLE = timedelta(seconds=10)
"""For which Telegram waits for the answer to a press."""

_REMEMBERED = 1000

_ORDERING = frozenset({Verb.AGAIN, Verb.TRY_AGAIN, Verb.SAME_SEED, Verb.HD})

Context = CallbackContext[Any, Any, Any, Any]

log = logging.getLogger(__name__)


class Desk:
    def __init__(self, studio: Studio, writer: Writer, answers: Answers, bot: Bot, clock: Clock) -> None:
        self._studio = studio
        self._clock = clock
        self._writer = writer
        self._answers = answers
        self._bot = bot
        self._members = Members(bot, clock, studio.circles)
        self._forms = Forms(studio, writer, answers, self._members, bot.id)
        self.office = Office(studio, writer, answers, self._members, bot.id)
        self._told_too_late: OrderedDict[str, None] = OrderedDict()

    async def said(self, update: Update, context: Context) -> None:
        message = update.message
        if message is None:
            return
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            await self.office.migrate(message)
        if said := said_in(message):
            await self.heard(said, context)

    async def heard(self, said: Said, _: Context) -> None:
        with speaking(await self._studio.tongues.of(said.by, said.place, said.told)):
            await self._listen(said)

    async def _listen(self, said: Said) -> None:
        try:
            await self._hear(said)
        except NotHere as refusal:
            if refusal.leaves and not said.place.is_private:
                self.office.part(said, refusal)
            else:
                self._answers.refuse(said, refusal)
        except Refusal as refusal:
            self._answers.refuse(said, refusal)

    async def edited(self, update: Update, _: Context) -> None:
        """Only a command to film is worth a change; whatever else was said has been answered."""
        message = update.edited_message
        said = said_in(message) if message else None
        if said is None or said.has_attachment:
            return
        with speaking(await self._studio.tongues.of(said.by, said.place, said.told)):
            await self._amend(said)

    async def _amend(self, said: Said) -> None:
        try:
            command = self._command(said) or self._answer_to_edit(said)
            if command is None or not command.startswith("/video "):
                return
            self._show(said, await self._studio.amend(await self._order(said, command)))
        except TooLate as refusal:
            if said.event not in self._told_too_late:
                self._remember_too_late(said.event)
                self._answers.reply(said, refused(refusal))
        except Refusal as refusal:
            self._answers.refuse(said, refusal)

    async def pressed(self, update: Update, _: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        message, wanted, told = pressed_message(query), meaning(query.data or ""), language_of(query.from_user)
        if message is None or wanted is None:
            with speaking(self._studio.tongues.platforms(told)):
                self._answers.to_press(query, say(NO_SUCH_BUTTON), is_alert=True)
            return
        with speaking(await self._studio.tongues.of(user_identity(query.from_user), place_of(message), told)):
            await self._feel(query, message, wanted)

    async def _feel(self, query: CallbackQuery, message: Message, wanted: OnJob | OnForm | OnRequest) -> None:
        try:
            match wanted:
                case OnForm(typed):
                    await self._forms.press(query, message, typed)
                case OnJob(Verb.SEND_AGAIN | Verb.DELETE | Verb.EDIT):
                    # Telegram is called for these, and nobody else waits for that.
                    self._answers.later(self._press(query, message, wanted), "press")
                case OnRequest():
                    self._answers.later(self.office.press(query, message, wanted), "request")
                case OnJob():
                    await self._act(query, message, wanted)
        except Refusal as refusal:
            self._answers.refuse_press(query, refusal)
            if isinstance(refusal, TooLate) and isinstance(wanted, OnJob) and wanted.verb is Verb.CANCEL:
                self._answers.later(self._writer.take_buttons(message), "stale buttons")

    async def failed(self, update: object, context: Context) -> None:
        """Something here is broken; whoever asked is given a number that stands in the log."""
        reference = secrets.token_hex(4)
        log.error("an update failed: %s", reference, exc_info=context.error)
        said, query = (update, None) if isinstance(update, Said) else _asked_with(update)
        told = said.told if said else language_of(query.from_user) if query else ()
        with speaking(self._studio.tongues.platforms(told)):
            if query:
                self._answers.to_press(query, alert(mishap(reference)), is_alert=True)
            elif said:
                self._answers.reply(said, mishap(reference))

    async def _hear(self, said: Said) -> None:
        if (command := self._command(said)) is not None:
            return await self._obey(said, command)
        form = None if said.is_plain else said.message.reply_to_message
        before = draft_in(form, self._bot.id) if form else None
        if form and before and said.text:
            return await self._said_to_draft(said, form, before)
        if said.place.is_private and said.text:
            # What costs money is shown before: somebody may only have said hello.
            self._forms.open(said, changed("/video", said.text))
        return None

    async def _obey(self, said: Said, command: str) -> None:
        if word_of(command) is not Word.VIDEO:
            return await self._answer(said, command)
        if not draft(command).prompt:
            return self._forms.open(said, changed(command, _words_replied_to(said, self._bot.id)))
        if said.has_attachment:
            # Nobody pays for a clip of a picture that is not in it.
            return self._forms.open(said, command, say(PICTURES))
        return await self._film(said, command)

    async def _answer(self, said: Said, command: str) -> None:
        if word_of(command) is Word.ADMIN:
            order = await self.office.instruction(said, _said(said, command))
        else:
            order = await self._order(said, command)
        card = await self._studio.say(order)
        if isinstance(card, JobCard):
            # It was cancelled, which the board shows.
            self._answers.sign(said, DONE)
        else:
            self._answers.reply(said, card)

    async def _film(self, said: Said, command: str) -> None:
        self._answers.nod(said, SEEN)
        self._show(said, await self._studio.say(await self._order(said, command)))

    async def _said_to_draft(self, said: Said, form: Message, before: str) -> None:
        """Other words for a form are shown in it; an answer to *Edit* is an order."""
        command = changed(before, said.text)
        if form.reply_markup:
            self._forms.reopen(said, form, command)
        elif said.has_attachment:
            self._forms.open(said, command, say(PICTURES))
        elif asked_in(form) not in (None, said.by.user):
            # Somebody else was asked, so these may be words to them.
            self._forms.open(said, command)
        else:
            await self._film(said, command)

    def _show(self, said: Said, card: Card) -> None:
        """How a job goes on is shown on the board."""
        if not isinstance(card, JobCard):
            self._answers.reply(said, card)

    def _answer_to_edit(self, said: Said) -> str | None:
        form = said.message.reply_to_message
        before = draft_in(form, self._bot.id) if form and not form.reply_markup else None
        return changed(before, said.text) if before and said.text else None

    async def _press(self, query: CallbackQuery, message: Message, wanted: OnJob) -> None:
        begun = self._clock.steady()
        try:
            await self._act(query, message, wanted)
        except Refusal as refusal:
            if self._clock.steady() - begun < ANSWERABLE:
                self._answers.refuse_press(query, refusal)
            else:
                await self._writer.write(place_of(message), card_text(refused(refusal)))

    async def _act(self, query: CallbackQuery, message: Message, wanted: OnJob) -> None:
        by, place = user_identity(query.from_user), place_of(message)
        press = Press(identity=by, place=place, event=query.id, verb=wanted.verb, job=wanted.job)
        if wanted.verb in _ORDERING:
            press = replace(press, presence=await self._members.presence(place, by))
        try:
            card = await self._studio.act(press)
        except (NotYours, NotAdmitted):
            if not await self._members.is_admin(message.chat, query.from_user.id):
                raise
            card = await self._studio.act(replace(press, is_admin=True))
        if isinstance(card, DraftCard):
            await self._ask_for_changes(press, card, message)
            self._answers.to_press(query)
        else:
            self._answers.to_press(query, alert(card) if not isinstance(card, JobCard) else card.title)
        if wanted.verb is Verb.DELETE:
            # It may be a copy; of the clip itself the board takes care.
            self._answers.later(self._writer.erase(mark_of(message)), "delete")

    async def _ask_for_changes(self, press: Press, card: DraftCard, message: Message) -> None:
        """Raises a `Refusal` where there is no room for it."""
        must_fit(card.command)
        hint = card.command.removeprefix("/video ")[: int(ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER)]
        force = ForceReply(selective=True, input_field_placeholder=hint)
        text = draft_text(card, press.identity, mention=not is_private(message.chat))
        try:
            await self._writer.write(press.place, text, force)
        except Trouble as trouble:
            raise NotChanged from trouble

    def _command(self, said: Said) -> str | None:
        return command_for(said.text, self._bot.username, is_private=said.place.is_private)

    async def _order(self, said: Said, command: str) -> Order:
        """What is ordered, and whatever else is no matter of admins alone."""
        return replace(
            _said(said, command),
            presence=await self._members.presence(said.place, said.by),
            is_admin=partial(self._is_admin, said),
        )

    async def _is_admin(self, said: Said) -> bool:
        """False where Telegram does not tell, as what was refused stays refused then."""
        with suppress(NotTold):
            return await self._members.ruling(said.message.chat, said.by)()
        return False

    def _remember_too_late(self, event: str) -> None:
        self._told_too_late[event] = None
        if len(self._told_too_late) > _REMEMBERED:
            self._told_too_late.popitem(last=False)


def _asked_with(update: object) -> tuple[Said | None, CallbackQuery | None]:
    if not isinstance(update, Update):
        return None, None
    return said_in(update.message) if update.message else None, update.callback_query


def _said(said: Said, command: str) -> Order:
    return Order(
        identity=said.by,
        place=said.place,
        event=said.event,
        text=command,
        is_private=said.place.is_private,
    )


def _words_replied_to(said: Said, bot_id: int) -> str:
    """What somebody wrote, and somebody would like to see."""
    asked = said.message.reply_to_message
    if asked is None or asked.from_user is None or asked.from_user.id == bot_id:
        return ""
    return asked.text or asked.caption or ""
