"""Buttons. What one does is in its id, so that it works after a restart and months later."""

import re
from typing import Any, Protocol, Self, runtime_checkable

from discord import ButtonStyle, Client, Interaction
from discord.ui import Button, DynamicItem, Item, View

from adapters.chat.signs import OF_VERB
from bot.asking import APPROVE, DENY
from bot.card import Card, HistoryCard, JobCard, RequestCard, Verb
from bot.job import JobId
from bot.refusal import NoSuchClip

MOST_KEPT = 10
MOST_ID, MOST_LABEL = 100, 80
"""Characters."""

ASK = "ask"

_USUAL = ButtonStyle.secondary
_ANSWERS = {APPROVE: ButtonStyle.success, DENY: ButtonStyle.danger}
_STYLES = {Verb.CANCEL: ButtonStyle.danger, Verb.DELETE: ButtonStyle.danger, Verb.SEND_AGAIN: ButtonStyle.primary}


@runtime_checkable
class Pressable(Protocol):
    """A client that hears of presses."""

    async def pressed(self, interaction: Interaction[Client], custom_id: str) -> None: ...


class JobButton(DynamicItem[Button[View]], template=r".+"):
    """Whatever its id says: one that means nothing any more is answered, too."""

    def __init__(self, custom_id: str, label: str = "", emoji: str = "", style: ButtonStyle = _USUAL) -> None:
        super().__init__(Button(label=label, emoji=emoji or None, style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(cls, interaction: Interaction[Client], item: Item[Any], match: re.Match[str], /) -> Self:  # noqa: ARG003 - the library's
        return cls(match.string)

    async def callback(self, interaction: Interaction[Client]) -> None:
        if isinstance(interaction.client, Pressable):
            await interaction.client.pressed(interaction, self.custom_id)


def meaning(custom_id: str) -> tuple[Verb, JobId]:
    """What a button does, and to which job. Raises `NoSuchClip` for one that no version of today would make."""
    verb, _, job = custom_id.partition(":")
    if verb not in list(Verb) or not job:
        raise NoSuchClip
    return Verb(verb), JobId(job)


def id_of(verb: Verb, job: JobId) -> str:
    return f"{verb}:{job}"


def reply_in(custom_id: str) -> tuple[str, str] | None:
    """The request that a button answers, and how; `None` for other buttons."""
    first, _, rest = custom_id.partition(":")
    request, _, typed = rest.partition(":")
    return (request, typed) if first == ASK and request and typed else None


def view(card: Card) -> View | None:
    match card:
        case JobCard():
            buttons = [_button(button.verb, card.job, button.label) for button in card.buttons]
        case RequestCard():
            answers = {f"{ASK}:{card.request}:{choice.typed}": choice for choice in card.choices}
            # A tier of the file can have a name that is too long for a button.
            buttons = [
                JobButton(custom_id, choice.label[:MOST_LABEL], style=_ANSWERS.get(choice.typed, _USUAL))
                for custom_id, choice in answers.items()
                if len(custom_id) <= MOST_ID
            ]
        case HistoryCard():
            buttons = [_button(Verb.SEND_AGAIN, kept.job, str(kept.number)) for kept in card.kept[:MOST_KEPT]]
        case _:
            buttons = []
    if not buttons:
        return None
    shown = View(timeout=None)
    for button in buttons:
        shown.add_item(button)
    return shown


def _button(verb: Verb, job: JobId, label: str) -> JobButton:
    return JobButton(id_of(verb, job), label, OF_VERB[verb], _STYLES.get(verb, _USUAL))
