"""The menus of the platforms in several languages."""

import pytest

from bot.admin_words import MANUAL
from bot.commands import ADMIN_SUMMARY, SUMMARIES
from bot.flags import FLAGS
from bot.languages import LANGUAGES, TRANSLATIONS, in_language

MOST = 100
"""Characters that Discord takes for a description."""

ADMIN = [words for manual in MANUAL.values() for words in (manual.summary, manual.words) if words]

TEXTS = [*SUMMARIES.values(), ADMIN_SUMMARY, *(flag.summary for flag in FLAGS), *dict.fromkeys(ADMIN)]


@pytest.mark.parametrize("text", TEXTS)
def test_what_menus_show_is_there_in_every_language(text: str) -> None:
    assert set(TRANSLATIONS[text]) == set(LANGUAGES)


def test_every_translation_fits_into_a_menu_and_differs_from_the_others() -> None:
    for english, others in TRANSLATIONS.items():
        words = [english, *others.values()]
        assert all(0 < len(word) <= MOST for word in words)
        assert len(set(words)) == len(words)


def test_a_country_does_not_matter_and_an_unknown_language_stays_english() -> None:
    assert in_language("With sound", "pt-BR") == in_language("With sound", "pt") == "Com som"
    assert in_language("With sound", "ja") is None
    assert in_language("Something else", "de") is None
