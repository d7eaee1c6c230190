"""The guided form. Its message holds the command, so that nothing of it is kept here and it outlives a restart."""

from dataclasses import replace

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
from adapters.chat.telegram.members import is_admin
from adapters.chat.telegram.pace import Lane
from adapters.chat.telegram.rendering import card_text
from adapters.chat.telegram.writing import Writer
from bot.card import FormCard, Order
from bot.grammar import changed
from bot.job import Identity, Place
from bot.refusal import NotYours, Refusal
from bot.studio import Studio
from bot.trouble import Trouble


class NoWordsYet(Refusal):
    title = "Nothing to film yet"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("Reply to this message with what to film.")


class NoForm(Refusal):
    title = "No longer valid"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("Send /video for a new form.")


class NotChanged(Refusal):
    title = "Just a moment"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("The form did not change.", "Press again.")


class Forms:
    def __init__(self, studio: Studio, writer: Writer, answers: Answers, bot_id: int) -> None:
        self._studio = studio
        self._writer = writer
        self._answers = answers
        self._bot_id = bot_id

    def open(self, said: Said, command: str, note: str = "") -> None:
        """Raises a `Refusal` for a command that makes no sense."""
        card = self._studio.form(command)
        self._answers.reply(said, replace(card, lines=(*card.lines, note)) if note else card)

    def reopen(self, said: Said, form: Message, command: str) -> None:
        """With other words, below them. In a group the first may be somebody else's, and stays."""
        self.open(said, command)
        if is_private(form.chat):
            self._answers.later(self._writer.erase(mark_of(form)), "form")

    async def press(self, query: CallbackQuery, form: Message, typed: str) -> str:
        """What to tell whoever pressed. Raises a `Refusal`."""
        by, owner, draft = user_identity(query.from_user), owner_of(form), draft_in(form, self._bot_id)
        if draft is None:
            raise NoForm
        if owner and owner.user != by.user and not await _spoke_as_group(owner, query, form):
            raise NotYours(owner.name)
        if typed == CLOSE:
            self._answers.later(self._writer.erase(mark_of(form)), "form")
            return ""
        if typed != FILM:
            card = self._studio.form(changed(draft, typed))
            await self._show(form, card)
            return card.lines[0]
        if not self._studio.form(draft).has_prompt:
            raise NoWordsYet
        # The form becomes the message that shows how the job goes on, and films once however often it is pressed.
        mark = mark_of(form)
        order = Order(identity=by, place=_asked_at(form), event=mark, text=draft, status=mark)
        return (await self._studio.say(order)).title

    async def _show(self, form: Message, card: FormCard) -> None:
        try:
            await self._writer.rewrite(mark_of(form), card_text(card), keyboard(card), lane=Lane.REPLY)
        except Trouble as trouble:
            raise NotChanged from trouble


async def _spoke_as_group(owner: Identity, query: CallbackQuery, form: Message) -> bool:
    """An anonymous admin presses under a name of their own; which of the admins it was nobody knows."""
    return owner.user == str(form.chat.id) and await is_admin(form.chat, query.from_user.id)


def _asked_at(form: Message) -> Place:
    """The clip is an answer to whoever asked for the form."""
    asked = form.reply_to_message
    place = place_of(form)
    return Place(
        platform=place.platform,
        chat=place.chat,
        thread=place.thread,
        reply_to=str(asked.message_id) if asked else None,
    )
