"""What can be said besides `/video`, the same on every platform."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.refusal import Refusal
from bot.speech import say, unsaid

_COMMAND = re.compile(r"\s*/(?P<name>\w+)(?:@\w+)?(?!\S)")


class Word(StrEnum):
    VIDEO = "video"
    USAGE = "usage"
    HISTORY = "history"
    CANCEL = "cancel"
    HELP = "help"
    START = "start"
    PRIVACY = "privacy"
    LINK = "link"
    ADMIN = "video_admin"
    UNLINK = "unlink"
    FORGET = "forget"
    LANGUAGE = "language"


SUMMARIES: Mapping[Word, str] = MappingProxyType(
    {
        Word.VIDEO: unsaid("Film what you describe"),
        Word.USAGE: unsaid("What you have used, and what is left"),
        Word.HISTORY: unsaid("Your latest orders"),
        Word.CANCEL: unsaid("Cancel your latest order"),
        Word.HELP: unsaid("Every option explained"),
        Word.PRIVACY: unsaid("What is kept about you"),
        Word.LINK: unsaid("Join your accounts on two platforms"),
        Word.UNLINK: unsaid("Part this account from the others"),
        Word.FORGET: unsaid("Erase what is kept about you"),
        Word.LANGUAGE: unsaid("In which language I answer you"),
    }
)
"""What is offered where commands are listed."""

ADMIN_SUMMARY = unsaid("For admins: limits, access, budget")
"""Of `/video_admin`, which is offered to admins alone."""


class UnknownCommand(Refusal):
    title = unsaid("Unknown command")
    is_an_order = False

    def __init__(self, name: str) -> None:
        super().__init__(
            say("There is no /{name} here.", name=name[:40]), say("Type /video and what to film, or /help.")
        )


def word_of(text: str) -> Word:
    """Text without a command is a prompt; a command that is not ours must not be filmed."""
    named = _COMMAND.match(text)
    if named is None:
        return Word.VIDEO
    name = named["name"].casefold()
    if name not in list(Word):
        raise UnknownCommand(named["name"])
    return Word(name)
