"""What can be said besides `/video`, the same on every platform."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.refusal import Refusal

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


SUMMARIES: Mapping[Word, str] = MappingProxyType(
    {
        Word.VIDEO: "Film what you describe",
        Word.USAGE: "What you have used, and what is left",
        Word.HISTORY: "Your latest orders",
        Word.CANCEL: "Cancel your latest order",
        Word.HELP: "Every option explained",
        Word.PRIVACY: "What is kept about you",
        Word.LINK: "Join your accounts on two platforms",
        Word.UNLINK: "Part this account from the others",
        Word.FORGET: "Erase what is kept about you",
    }
)
"""What is offered where commands are listed."""

ADMIN_SUMMARY = "For admins: limits, access, budget"
"""Of `/video_admin`, which is offered to admins alone."""


class UnknownCommand(Refusal):
    title = "Unknown command"
    is_an_order = False

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no /{name[:40]} here.", "Type /video and what to film, or /help.")


def word_of(text: str) -> Word:
    """Text without a command is a prompt; a command that is not ours must not be filmed."""
    named = _COMMAND.match(text)
    if named is None:
        return Word.VIDEO
    name = named["name"].casefold()
    if name not in list(Word):
        raise UnknownCommand(named["name"])
    return Word(name)
