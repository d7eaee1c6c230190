"""From the library's errors to what they mean.

The trouble of `bot.trouble` and `adapters.chat.mishap`; and
├── FileForgotten   the identifier of a file means nothing
├── Unchanged       the message shows that already
└── Moved           the group has another number now
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.chat.mishap import MessageGone, PlaceGone, TooLarge
from bot.trouble import DeliveryUnknown, NotNow, Passing, Trouble, Undeliverable

REVOKED_SECONDS = 300.0

_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError, httpx.WriteTimeout)
"""Of a call whose last byte did not leave, nothing was done."""

_NOT_MODIFIED = "message is not modified"
_MESSAGE_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "there is no text in the message",
    "there is no caption in the message",
    "message_id_invalid",
)
_PLACE_GONE = (
    "chat not found",
    "thread not found",
    "topic_deleted",
    "topic_closed",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "write_forbidden",
    "_forbidden",
    "chat_restricted",
    "peer_id_invalid",
    "user_deactivated",
)
_FILE_FORGOTTEN = ("wrong file identifier", "wrong remote file", "file_reference", "wrong file_id")


class FileForgotten(Undeliverable):
    pass


class Unchanged(Exception):
    pass


class Moved(Exception):
    def __init__(self, chat: str) -> None:
        super().__init__(chat)
        self.chat = chat


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except ChatMigrated as error:
        raise Moved(str(error.new_chat_id)) from error
    except TelegramError as error:
        raise _meaning(error) from error


def _meaning(error: TelegramError) -> Trouble | Unchanged:
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            return NotNow("Telegram wants a pause", retry_after=seconds)
        case InvalidToken():
            # Its text has the token in it.
            return NotNow("Telegram no longer accepts the token", retry_after=REVOKED_SECONDS)
        case Forbidden():
            return PlaceGone(error.message)
        case BadRequest():
            return _refused(error.message)
        case NetworkError():
            return _lost(error)
        case _:
            return Undeliverable(error.message)


def _refused(words: str) -> Trouble | Unchanged:
    folded = words.casefold()
    if _NOT_MODIFIED in folded:
        return Unchanged()
    for kind, signs in ((MessageGone, _MESSAGE_GONE), (PlaceGone, _PLACE_GONE), (FileForgotten, _FILE_FORGOTTEN)):
        if any(sign in folded for sign in signs):
            return kind(words)
    return Undeliverable(words)


def _lost(error: NetworkError) -> Trouble:
    if "too large" in error.message.casefold():
        return TooLarge(error.message)
    if isinstance(error.__cause__, _NEVER_ARRIVED):
        return Passing(error.message)
    what = "no answer in time" if isinstance(error, TimedOut) else error.message
    return DeliveryUnknown(what)
