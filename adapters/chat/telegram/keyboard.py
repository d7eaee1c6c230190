"""Buttons. What one does is in its data, at most 64 bytes, so that it works after a restart and months later."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.chat.signs import OF_VERB
from bot.card import Card, FormCard, HistoryCard, JobCard, Kept, RequestCard, Verb
from bot.job import JobId
from bot.speech import say

FORM = "form"
ASK = "ask"
FILM, CLOSE = "film", "close"

_A_ROW = 3
_MOST_DATA = InlineKeyboardButton.MAX_CALLBACK_DATA
_MOST_KEPT = 10


@dataclass(frozen=True, slots=True)
class OnJob:
    verb: Verb
    job: JobId


@dataclass(frozen=True, slots=True)
class OnForm:
    """`typed` is an option as it would be typed, or one of the words above."""

    typed: str


@dataclass(frozen=True, slots=True)
class OnRequest:
    """`typed` is the answer to a request."""

    request: str
    typed: str


def keyboard(card: Card) -> InlineKeyboardMarkup | None:
    match card:
        case JobCard():
            buttons = [_button(f"{OF_VERB[b.verb]} {b.label}", f"{b.verb}:{card.job}") for b in card.buttons]
            rows = _rows(buttons)
        case FormCard():
            rows = [*(_picks(card, row) for row in range(len(card.picks))), _form_ends()]
        case RequestCard():
            answers = [(choice.label, f"{ASK}:{card.request}:{choice.typed}") for choice in card.choices]
            rows = _rows([_button(label, data) for label, data in answers if len(data.encode()) <= _MOST_DATA])
        case HistoryCard():
            rows = _rows([_kept(kept) for kept in card.kept[:_MOST_KEPT]])
        case _:
            rows = []
    return InlineKeyboardMarkup(rows) if rows else None


def meaning(data: str) -> OnJob | OnForm | OnRequest | None:
    """`None` for what no button of ours says, or none of this version."""
    first, _, rest = data.partition(":")
    if not rest:
        return None
    if first == ASK:
        request, _, typed = rest.partition(":")
        return OnRequest(request, typed) if request and typed else None
    if first == FORM:
        return OnForm(rest)
    return OnJob(Verb(first), JobId(rest)) if first in list(Verb) else None


def about(markup: InlineKeyboardMarkup | None) -> OnJob | OnRequest | None:
    """What the buttons of a message of ours are for."""
    for row in markup.inline_keyboard if markup else ():
        for button in row:
            wanted = meaning(str(button.callback_data))
            if isinstance(wanted, OnJob | OnRequest):
                return wanted
    return None


def _picks(card: FormCard, row: int) -> list[InlineKeyboardButton]:
    return [
        _button(f"● {pick.label}" if pick.is_chosen else pick.label, f"{FORM}:{pick.typed}") for pick in card.picks[row]
    ]


def _kept(kept: Kept) -> InlineKeyboardButton:
    return _button(f"{OF_VERB[Verb.SEND_AGAIN]} {kept.number}", f"{Verb.SEND_AGAIN}:{kept.job}")


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


def _form_ends() -> list[InlineKeyboardButton]:
    film, close = say("Film it"), say("Close")
    return [_button(f"🎬 {film}", f"{FORM}:{FILM}"), _button(f"✖️ {close}", f"{FORM}:{CLOSE}")]


def _rows(buttons: Sequence[InlineKeyboardButton]) -> list[Sequence[InlineKeyboardButton]]:
    return [buttons[start : start + _A_ROW] for start in range(0, len(buttons), _A_ROW)]
