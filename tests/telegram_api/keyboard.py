"""Inline keyboards."""

from urllib.parse import urlsplit

from tests.telegram_api.messages import Button, Buttons
from tests.telegram_api.refusal import bad_request

MOST_DATA_BYTES = 64
ACTIONS = ("url", "callback_data", "copy_text", "switch_inline_query", "web_app", "login_url", "pay")


def buttons_of(markup: dict[str, object]) -> Buttons:
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    return tuple(tuple(button_of(button) for button in row) for row in rows if row)


def button_of(raw: dict[str, object]) -> Button:
    text, data, url = raw.get("text"), raw.get("callback_data"), raw.get("url")
    if not text or not isinstance(text, str):
        raise bad_request("inline keyboard button text must be non-empty")
    if sum(action in raw for action in ACTIONS) != 1:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= MOST_DATA_BYTES):
        raise bad_request("BUTTON_DATA_INVALID")
    if url is not None:
        check_url(str(url))
    return Button(text, str(data) if data is not None else None, str(url) if url is not None else None, raw)


def check_url(url: str) -> None:
    parts = urlsplit(url)
    # A host without a dot, such as localhost, is none to Telegram.
    if parts.scheme not in {"http", "https", "tg"} or (parts.scheme != "tg" and "." not in (parts.hostname or "")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
