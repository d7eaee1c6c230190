"""What people type, and what buttons carry back to us."""

from adapters.chat.discord import buttons
from adapters.chat.telegram import keyboard
from bot.commands import UnknownCommand, word_of
from bot.grammar import asks_for_help, changed, draft, parse, render
from bot.refusal import NoSuchClip, Refusal
from bot.request import TEXT_LIMIT

MOST_SAID = 1000
"""Characters of a refusal or a remark, however much was typed."""


def command(data: bytes) -> None:
    """Read or refused in a legible sentence; what was read is written down and read again as the same."""
    text = _text(data)
    asks_for_help(text)
    try:
        word_of(text)
    except UnknownCommand as refusal:
        _check_said(refusal)
    try:
        found = parse(text)
    except Refusal as refusal:
        _check_said(refusal)
    else:
        assert parse(render(found.request)).request == found.request
        assert len(found.request.prompt) <= TEXT_LIMIT
        str(found.request).encode()
        assert all(len(str(remark)) <= MOST_SAID and str(remark).isprintable() for remark in found.remarks)
    _check_form(text)


def press(data: bytes) -> None:
    """A button means what it says or nothing; a form takes from it no more than from something typed."""
    text = _text(data)
    match keyboard.meaning(text):
        case keyboard.OnJob(verb, job):
            assert f"{verb}:{job}" == text
        case keyboard.OnForm(typed):
            assert f"{keyboard.FORM}:{typed}" == text
            _check_form(typed)
        case None:
            pass
    try:
        verb, job = buttons.meaning(text)
    except NoSuchClip:
        return
    assert f"{verb}:{job}" == text


def _check_form(said: str) -> None:
    try:
        command = changed("/video a red fox --ar 9:16", said)
        assert draft(command).prompt
    except Refusal as refusal:
        _check_said(refusal)


def _check_said(refusal: Refusal) -> None:
    said = str(refusal)
    assert said.isprintable(), refusal
    assert 0 < len(said) <= MOST_SAID, refusal


def _text(data: bytes) -> str:
    """With halves of characters, which some clients send."""
    return data.decode(errors="surrogateescape")
