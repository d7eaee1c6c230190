"""What Telegram's errors mean."""

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.chat.mishap import MessageGone, PlaceGone, TooLarge
from adapters.chat.telegram.wire import FileForgotten, Moved, Unchanged, translated
from bot.trouble import DeliveryUnknown, NotNow, Passing, Undeliverable


def caused(error: NetworkError, cause: Exception) -> NetworkError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (InvalidToken("The token `1:A` was rejected"), NotNow),
        (Forbidden("bot was blocked by the user"), PlaceGone),
        (BadRequest("Message is not modified: specified new message content"), Unchanged),
        (BadRequest("Message to edit not found"), MessageGone),
        (BadRequest("Message can't be edited"), MessageGone),
        (BadRequest("MESSAGE_ID_INVALID"), MessageGone),
        (BadRequest("There is no text in the message to edit"), MessageGone),
        (BadRequest("Chat not found"), PlaceGone),
        (BadRequest("Message thread not found"), PlaceGone),
        (BadRequest("TOPIC_CLOSED"), PlaceGone),
        (BadRequest("Not enough rights to send text messages to the chat"), PlaceGone),
        (BadRequest("CHAT_SEND_VIDEOS_FORBIDDEN"), PlaceGone),
        (BadRequest("Wrong file identifier/HTTP URL specified"), FileForgotten),
        (BadRequest("Wrong remote file identifier specified"), FileForgotten),
        (BadRequest("FILE_REFERENCE_EXPIRED"), FileForgotten),
        (BadRequest("VIDEO_CONTENT_TYPE_INVALID"), Undeliverable),
        (ChatMigrated(-100), Moved),
        (NetworkError("Request Entity Too Large"), TooLarge),
        (NetworkError("Bad Gateway"), DeliveryUnknown),
        (TimedOut(), DeliveryUnknown),
        (caused(TimedOut(), httpx.ReadTimeout("")), DeliveryUnknown),
        (caused(NetworkError("x"), httpx.ReadError("")), DeliveryUnknown),
        (caused(NetworkError("x"), httpx.ConnectError("")), Passing),
        (caused(NetworkError("x"), httpx.WriteError("")), Passing),
        (caused(TimedOut(), httpx.ConnectTimeout("")), Passing),
        (caused(TimedOut(), httpx.PoolTimeout("")), Passing),
        (caused(TimedOut(), httpx.WriteTimeout("")), Passing),
        (Conflict("terminated by other getUpdates request"), Undeliverable),
        (TelegramError("something new"), Undeliverable),
    ],
    ids=repr,
)
def test_an_error_is_translated(error: TelegramError, meaning: type[Exception]) -> None:
    with pytest.raises(Exception) as raised, translated():  # noqa: PT011 - which one is the question
        raise error
    assert type(raised.value) is meaning
    assert raised.value.__cause__ is error


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("is_timedelta", [True, False])
def test_a_pause_is_as_long_as_telegram_says(monkeypatch: pytest.MonkeyPatch, *, is_timedelta: bool) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", str(int(is_timedelta)))
    with pytest.raises(NotNow) as raised, translated():
        raise RetryAfter(7)
    assert raised.value.retry_after == 7


def test_a_token_is_never_repeated() -> None:
    with pytest.raises(NotNow) as raised, translated():
        raise InvalidToken("The token `1:A` was rejected")
    assert "1:A" not in raised.value.detail


def test_a_group_that_moved_says_where_to() -> None:
    with pytest.raises(Moved) as raised, translated():
        raise ChatMigrated(-100)
    assert raised.value.chat == "-100"


def test_an_error_that_is_not_telegram_s_is_left_alone() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError
