"""Buttons. What one does is in its id, so that it works after a restart and months later."""

import re
from typing import Any, Protocol, Self, runtime_checkable

from discord import ButtonStyle, Client, Interaction
from discord.ui import Button, DynamicItem, Item, View

from adapters.chat.signs import OF_VERB
from bot.card import Card, HistoryCard, JobCard, Verb
from bot.job import JobId

MOST_KEPT = 10

_STYLES = {Verb.CANCEL: ButtonStyle.danger, Verb.DELETE: ButtonStyle.danger, Verb.SEND_AGAIN: ButtonStyle.primary}


@runtime_checkable
class Pressable(Protocol):
    """A client that hears of presses."""

    async def pressed(self, interaction: Interaction[Client], verb: Verb, job: JobId) -> None: ...


class JobButton(DynamicItem[Button[View]], template=r"(?P<verb>[a-z-]+):(?P<job>[0-9a-f]+)"):
    def __init__(self, verb: Verb, job: JobId, label: str) -> None:
        style = _STYLES.get(verb, ButtonStyle.secondary)
        super().__init__(Button(label=label, emoji=OF_VERB[verb], style=style, custom_id=f"{verb}:{job}"))
        self._verb = verb
        self._job = job

    @classmethod
    async def from_custom_id(cls, interaction: Interaction[Client], item: Item[Any], match: re.Match[str], /) -> Self:  # noqa: ARG003 - the library's
        return cls(Verb(match["verb"]), JobId(match["job"]), "")

    async def callback(self, interaction: Interaction[Client]) -> None:
        if isinstance(interaction.client, Pressable):
            await interaction.client.pressed(interaction, self._verb, self._job)


def view(card: Card) -> View | None:
    match card:
        case JobCard():
            buttons = [JobButton(button.verb, card.job, button.label) for button in card.buttons]
        case HistoryCard():
            buttons = [JobButton(Verb.SEND_AGAIN, kept.job, str(kept.number)) for kept in card.kept[:MOST_KEPT]]
        case _:
            buttons = []
    if not buttons:
        return None
    shown = View(timeout=None)
    for button in buttons:
        shown.add_item(button)
    return shown
