"""Text as it sounds: what is spelt in one of the many ways that look alike becomes the same."""

import re
import unicodedata

_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Without width, although Unicode calls them letters or marks; the others it calls format characters."""

_ORNAMENTS = frozenset({"Cf", "Co", "Cn", "Me"})
"""Format characters, signs that nobody has defined, and what is drawn around a letter."""

_BLANK = "\u2800"
"""Braille without a dot, which Unicode calls a picture."""

_LOOKALIKES = str.maketrans(
    {
        **dict(zip("аеорсухіјѕԁһкмтвнгп", "aeopcyxijsdhkmtbhrn", strict=True)),
        **dict(zip("αεοριυχκντ", "aeopiuxkvt", strict=True)),
        **dict(zip("ɑɡɩıʟɴʀɪ", "agiilnri", strict=True)),
    }
)

_LATIN = re.compile("[a-z]")
_WORD = re.compile(r"\w+")
_SPELT_OUT = re.compile("(?<= )(?:[a-z\u03b1-\u03c9\u0430-\u044f] ){2,}[a-z\u03b1-\u03c9\u0430-\u044f](?= )")


def folded(text: str) -> str:
    """Small, without accents and what cannot be seen, and with one space between words."""
    shown = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not _is_ornament(sign))
    composed = unicodedata.normalize("NFKC", shown.casefold())
    return " ".join(_WORD.sub(_unmasked, composed).split())


def words_in(folded_text: str) -> str:
    """Only the words, with a space before and after each; every small picture is one."""
    kept = "".join(map(_in_words, folded_text))
    return f" {' '.join(kept.split())} "


def spelt_out(words: str) -> list[str]:
    """What stands there letter by letter, put together: `g o r e`."""
    return [letters.replace(" ", "") for letters in _SPELT_OUT.findall(words)]


def _is_ornament(sign: str) -> bool:
    # The marks of other classes make other letters, in Japanese or Hindi for example.
    is_accent = unicodedata.combining(sign) == 1 or unicodedata.combining(sign) >= 200  # noqa: PLR2004 - Unicode's
    category = unicodedata.category(sign)
    return is_accent or sign in _UNSEEN or category in _ORNAMENTS or (category == "Cc" and not sign.isspace())


def _in_words(sign: str) -> str:
    """Letters, their marks and numbers belong to a word."""
    category = unicodedata.category(sign)
    if category == "So" and sign != _BLANK:
        return f" {sign} "
    return sign if category[0] in "LMN" else " "


def _unmasked(word: re.Match[str]) -> str:
    """A word of two alphabets is meant to be read as Latin; one that is Greek or Russian throughout stays."""
    return word[0].translate(_LOOKALIKES) if _LATIN.search(word[0]) else word[0]
