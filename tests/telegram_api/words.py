"""The text or caption of a call, within its limits."""

from tests.telegram_api.entities import Formatted, formatted
from tests.telegram_api.parameters import Parameters
from tests.telegram_api.refusal import bad_request

MOST_TEXT = 4096
MOST_CAPTION = 1024


def text_of(parameters: Parameters, too_long: str = "message is too long") -> Formatted:
    words = formatted(parameters.text("text"), parameters.text("parse_mode"), parameters.sequence("entities"))
    if not words.text:
        raise bad_request("message text is empty")
    if words.length > MOST_TEXT:
        raise bad_request(too_long)
    return words


def caption_of(parameters: Parameters, too_long: str = "message caption is too long") -> Formatted:
    entities = parameters.sequence("caption_entities")
    words = formatted(parameters.text("caption"), parameters.text("parse_mode"), entities)
    if words.length > MOST_CAPTION:
        raise bad_request(too_long)
    return words
