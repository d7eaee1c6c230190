"""Every language has every text, and every text has in it what it needs."""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from adapters.chat.discord import commands as discord_commands
from adapters.chat.discord.commands import MOST_SHOWN
from adapters.chat.telegram.profile import DESCRIPTION, SHORT_DESCRIPTION
from bot import wording
from bot.admin_words import MANUAL
from bot.card import Button
from bot.commands import ADMIN_SUMMARY, SUMMARIES, Word
from bot.flags import FLAGS
from bot.speech import ENGLISH, Language
from rushes.languages import translated
from tests.languages.texts import TEMPLATE, catalogues, extracted, read, updated
from tests.telegram_api.profile import MOST_WORDS

LANGUAGES = {code: learn() for code, learn in translated().items()}

CODE = re.compile(
    rf"\{{\w+\}}|%\(\w+\)s|/(?:{'|'.join(Word)})(?![a-z_])|--[a-z]+|RUSHES_\w+|\b(?:UTC|RE2|JavaScript)\b"
)
"""What stays as it is in every language: parts, commands, options, settings."""

MENUS = [
    *SUMMARIES.values(),
    ADMIN_SUMMARY,
    *(flag.summary for flag in FLAGS),
    *(words for manual in MANUAL.values() for words in (manual.summary, manual.words) if words),
    discord_commands.PROMPT,
    discord_commands.WHO,
    discord_commands.ROLE,
    discord_commands.FOR_ALL,
    discord_commands.CODE,
    discord_commands.TONGUE,
    discord_commands.CONFIRM,
]

BUTTONS = [
    *(button.label for button in vars(wording).values() if isinstance(button, Button)),
    *("Film it", "Close", "Approve", "Deny"),
]
MOST_BUTTON = 20
"""Three of them stand side by side on a phone."""

MOST_FORM = 45
"""Characters of the title and of a label of a form of Discord."""


def written(catalogue: Catalog, *, omit_header: bool = False) -> bytes:
    stream = BytesIO()
    write_po(stream, catalogue, width=110, sort_by_file=True, include_lineno=False, omit_header=omit_header)
    return stream.getvalue()


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def code_in(text: str) -> Counter[str]:
    return Counter(CODE.findall(text))


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


@pytest.fixture(scope="module", params=catalogues(), ids=lambda file: file.parts[-3])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read(request.param)


def test_the_texts_in_the_code_are_those_in_the_catalogues(template: Catalog) -> None:
    outdated = "`make texts` brings it up to date"
    assert TEMPLATE.read_bytes() == written(template, omit_header=True), outdated
    for file in catalogues():
        assert file.read_bytes() == written(updated(file, template)), outdated


def test_every_text_is_there_in_every_language(catalogue: Catalog) -> None:
    texts: list[Message] = [message for message in catalogue if message.id]
    assert [message.id for message in texts if message.fuzzy or not all(forms(message.string))] == []
    assert [message.id for message in texts if len(forms(message.string)) != len(forms(message.id))] == (
        [message.id for message in texts if message.pluralizable] if catalogue.num_plurals != 2 else []
    )
    assert not catalogue.obsolete


def test_every_text_passes_the_checks_of_babel(catalogue: Catalog) -> None:
    assert [str(error) for message in catalogue if message.id for error in message.check(catalogue)] == []


def test_parts_commands_and_options_stay_as_they_are(catalogue: Catalog) -> None:
    wrong = [
        (english, told)
        for message in catalogue
        if message.id
        for english in [forms(message.id)]
        for told in forms(message.string)
        if code_in(told) not in [code_in(form) for form in english]
    ]
    assert wrong == []


def test_what_can_be_copied_begins_like_the_english_text(catalogue: Catalog) -> None:
    commands = [message for message in catalogue if str(message.id).startswith(("/video a", "/video_admin"))]
    assert commands
    assert [m.string for m in commands if str(m.string).split()[0] != str(m.id).split()[0]] == []


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_what_platforms_show_fits_into_their_room(language: Language) -> None:
    assert [words for words in map(language.text, MENUS) if not 0 < len(words) <= MOST_SHOWN] == []
    longest = max(
        len(f"{language.text(flag.summary)} ({flag.default})") for flag in FLAGS if flag.default in flag.values.values
    )
    assert longest <= MOST_SHOWN
    assert [words for words in map(language.text, BUTTONS) if not 0 < len(words) <= MOST_BUTTON] == []
    for form in ("Change it and film it", "The command, with its options"):
        assert len(language.text(form)) <= MOST_FORM
    assert len(language.text(DESCRIPTION)) <= MOST_WORDS["description"]
    assert len(language.text(SHORT_DESCRIPTION)) <= MOST_WORDS["short_description"]


def test_every_language_has_a_name_of_its_own() -> None:
    names = [language.name for language in LANGUAGES.values()]
    assert len({*names, ENGLISH.name}) == len(names) + 1


def test_a_folder_is_named_as_platforms_call_the_language() -> None:
    assert set(LANGUAGES) == {"ar", "de", "es", "fr", "pt-BR", "ru", "zh-CN"}
    assert [language.code for language in LANGUAGES.values() if language.is_from_right_to_left] == ["ar"]


def test_nothing_is_said_inside_of_an_f_string() -> None:
    """Where it is not found by whoever gathers the texts."""
    root = Path(__file__).parents[2]
    inside = re.compile(r"""f(["']).*\{[^{}]*\b(?:say|say_many|unsaid)\(['"]""")
    found = [
        f"{file}: {line}"
        for folder in ("bot", "adapters", "rushes")
        for file in (root / folder).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if inside.search(line)
    ]
    assert found == []
