"""What a language says, from its catalogue and the Unicode locale data."""

import gettext
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from bot.speech import ENGLISH


class Translated:
    """`bot.speech.Language`."""

    def __init__(self, code: str, catalogue: Path) -> None:
        self.code = code
        self._catalogue = catalogue
        self._locale = Locale.parse(code, sep="-")

    @property
    def name(self) -> str:
        return self.text(ENGLISH.name)

    @property
    def is_from_right_to_left(self) -> bool:
        return self._locale.text_direction == "rtl"

    def text(self, english: str) -> str:
        return self._texts.gettext(english) if english else ""

    def texts(self, one: str, many: str, count: int) -> str:
        return self._texts.ngettext(one, many, count)

    def number(self, amount: int) -> str:
        return format_decimal(amount, locale=self._locale)

    def dollars(self, amount: Decimal) -> str:
        return format_currency(amount, "USD", locale=self._locale, currency_digits=False, decimal_quantization=False)

    def day(self, at: datetime) -> str:
        return format_skeleton("MMMMd", at, locale=self._locale)

    def short_day(self, at: datetime) -> str:
        return format_skeleton("MMMd", at, locale=self._locale)

    def date(self, at: datetime) -> str:
        return format_skeleton("yMMMMd", at, locale=self._locale)

    def listed(self, parts: Sequence[str], *, either: bool = False) -> str:
        return format_list(parts, style="or" if either else "standard", locale=self._locale)

    def continued(self, words: str) -> str:
        """What begins with a capital may be a noun, so it stays as it is."""
        return words

    @cached_property
    def _texts(self) -> gettext.GNUTranslations:
        compiled = BytesIO()
        with self._catalogue.open("rb") as file:
            write_mo(compiled, read_po(file, locale=self._locale))
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)
