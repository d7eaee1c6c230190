"""The guided form. Its message holds the command, so that nothing of it is kept here and it outlives a restart."""

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from typing import TypeVar

from telegram import CallbackQuery, Message

from adapters.chat.telegram.answers import Answers
from adapters.chat.telegram.incoming import (
    Said,
    draft_in,
    is_private,
    mark_of,
    owner_of,
    place_of,
    user_identity,
)
from adapters.chat.telegram.keyboard import CLOSE, FILM, keyboard
from adapters.chat.telegram.members import Members
from adapters.chat.telegram.pace import Lane
from adapters.chat.telegram.rendering import card_text
from adapters.chat.telegram.text import units
from adapters.chat.telegram.writing import Writer
from bot.card import FormCard, JobCard, Order
from bot.grammar import changed
from bot.job import Identity, Place
from bot.refusal import NotYours, Refusal
from bot.speech import say, unsaid
from bot.studio import Studio
from bot.trouble import Trouble

MOST_COMMAND = 3500
"""Units of a command beside which everything else of a form has room."""

_REMEMBERED = 1000

T = TypeVar("T")


class NoWordsYet(Refusal):
    title = unsaid("Nothing to film yet")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("There are no words in the form."), say("Reply to this message with what to film."))


class NoForm(Refusal):
    title = unsaid("No longer valid")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("This form no longer holds a command."), say("Send /video for a new one."))


class TooLongForForm(Refusal):
    title = unsaid("Too long for this")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("The command is too long to be shown and changed here."), say("Send it as one message instead.")
        )


class BeingFilmed(Refusal):
    title = unsaid("Too late")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("What this form said is being filmed."), say("Send /video for another one."))


class NotChanged(Refusal):
    title = unsaid("Just a moment")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("Telegram takes no more for this chat right now."), say("Press again in a while."))


class Forms:
    def __init__(self, studio: Studio, writer: Writer, answers: Answers, members: Members, bot_id: int) -> None:
        self._studio = studio
        self._writer = writer
        self._answers = answers
        self._members = members
        self._bot_id = bot_id
        self._drafts: OrderedDict[str, str] = OrderedDict()
        """By message, what it is about to show: a press tells what stood there when it was made."""
        self._filmed: OrderedDict[str, None] = OrderedDict()

    def open(self, said: Said, command: str, note: str = "") -> None:
        """Raises a `Refusal` for a command that makes no sense."""
        card = self._studio.form(command)
        must_fit(card.command)
        self._answers.reply(said, replace(card, lines=(*card.lines, note)) if note else card)

    def reopen(self, said: Said, form: Message, command: str) -> None:
        """With other words, below them. In a group the first may be somebody else's, and stays."""
        self.open(said, command)
        if is_private(form.chat):
            self._answers.later(self._writer.erase(mark_of(form)), "form")

    async def press(self, query: CallbackQuery, form: Message, typed: str) -> None:
        """Answers the press, perhaps later. Raises a `Refusal`."""
        by, owner, mark = user_identity(query.from_user), owner_of(form), mark_of(form)
        draft = self._drafts.get(mark) or draft_in(form, self._bot_id)
        if draft is None:
            raise NoForm
        if owner and owner.user != by.user and not await self._spoke_as_group(owner, query, form):
            raise NotYours(owner.name)
        if typed != FILM and mark in self._filmed:
            raise BeingFilmed
        if typed == CLOSE:
            self._answers.later(self._writer.erase(mark), "form")
            self._answers.to_press(query)
            return
        if typed != FILM:
            card = self._studio.form(changed(draft, typed))
            must_fit(card.command)
            # At once: whoever presses *Film it* next wants what was picked, whether it is shown by then or not.
            _remember(self._drafts, mark, card.command)
            self._answers.later(self._show(query, form, card, draft), "form")
            return
        if not self._studio.form(draft).has_prompt:
            raise NoWordsYet
        # The form becomes the message that shows how the job goes on, and films once however often it is pressed.
        order = Order(
            identity=by,
            place=_asked_at(form),
            event=mark,
            text=draft,
            status=mark,
            presence=await self._members.presence(place_of(form), by),
            is_admin=partial(self._members.is_admin, form.chat, query.from_user.id),
        )
        filmed = await self._studio.say(order)
        _remember(self._filmed, mark, None)
        self._answers.to_press(query, filmed.title)
        if not isinstance(filmed, JobCard):
            self._answers.later(
                self._writer.rewrite(mark, card_text(filmed), keyboard(filmed), lane=Lane.REPLY), "form"
            )

    async def _spoke_as_group(self, owner: Identity, query: CallbackQuery, form: Message) -> bool:
        """An anonymous admin presses under a name of their own; which of the admins it was nobody knows."""
        return owner.user == str(form.chat.id) and await self._members.is_admin(form.chat, query.from_user.id)

    async def _show(self, query: CallbackQuery, form: Message, card: FormCard, before: str) -> None:
        mark = mark_of(form)
        try:
            if mark not in self._filmed:
                await self._writer.rewrite(mark, card_text(card), keyboard(card), lane=Lane.REPLY)
        except Trouble:
            _remember(self._drafts, mark, before)
            self._answers.refuse_press(query, NotChanged())
        else:
            self._answers.to_press(query, card.lines[0])


def must_fit(command: str) -> None:
    """The message holds the command: what is cut there would be filmed as cut."""
    if units(command) > MOST_COMMAND:
        raise TooLongForForm


def _remember(memory: OrderedDict[str, T], mark: str, what: T) -> None:
    memory[mark] = what
    memory.move_to_end(mark)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)


def _asked_at(form: Message) -> Place:
    """The clip is an answer to whoever asked for the form."""
    asked = form.reply_to_message
    return replace(place_of(form), reply_to=str(asked.message_id) if asked else None)
