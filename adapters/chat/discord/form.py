"""The form in which a command is changed and filmed."""

from typing import Any

from discord import TextStyle
from discord.ui import Label, Modal, TextInput

from bot.refusal import Refusal
from bot.speech import number, say, say_many, unsaid

EDIT, COMMAND = "edit", "command"
"""The form, and what is entered in it."""

MOST = 4000
"""Characters."""


class TooLongToEdit(Refusal):
    title = unsaid("Too long to be edited here")
    is_an_order = False

    def __init__(self, length: int) -> None:
        super().__init__(
            say_many(
                "The command has {n} character, and a form takes {most}.",
                "The command has {n} characters, and a form takes {most}.",
                length,
                most=number(MOST),
            ),
            say("Type it anew."),
        )


def form_for(command: str) -> Modal:
    """Raises `TooLongToEdit`."""
    if len(command) > MOST:
        raise TooLongToEdit(len(command))
    form = Modal(title=say("Change it and film it"), custom_id=EDIT)
    field: TextInput[Modal] = TextInput(custom_id=COMMAND, style=TextStyle.paragraph, default=command)
    form.add_item(Label(text=say("The command, with its options"), component=field))
    return form


def entered(components: list[Any]) -> dict[str, str]:
    """By the name of the field, however deep it stands."""
    found: dict[str, str] = {}
    for component in components:
        found |= entered(component.get("components") or [])
        if inner := component.get("component"):
            found |= entered([inner])
        if "value" in component:
            found[component["custom_id"]] = component["value"]
    return found
