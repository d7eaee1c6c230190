"""A language in which every text of the catalogues stands between ⟦ and ⟧, so that whatever else is said stands out."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tests.languages.texts import TEMPLATE, read

HOLE = re.compile(r"((?:--|/)?\{\w+\}(?:=off)?|%\(\w+\)s)")
MARK = re.compile(r"⟦[^⟦⟧]*⟧")


class Marked:
    code = "en-XA"
    is_from_right_to_left = False

    def __init__(self) -> None:
        ids = [message.id for message in read(TEMPLATE) if message.id]
        self._known = {text for each in ids for text in ([each] if isinstance(each, str) else each)}

    @property
    def name(self) -> str:
        return self.text("English")

    def text(self, english: str) -> str:
        """The parts stay outside, where they are seen."""
        if english not in self._known:
            return english
        return "".join(
            part if HOLE.fullmatch(part) or not part.strip() else f"⟦{part}⟧" for part in HOLE.split(english)
        )

    def texts(self, one: str, many: str, count: int) -> str:
        return self.text(one if count == 1 else many)

    def number(self, amount: int) -> str:
        return str(amount)

    def dollars(self, amount: Decimal) -> str:
        return f"${amount}"

    def day(self, at: datetime) -> str:
        return f"{at:%d.%m.}"

    short_day = date = day

    def listed(self, parts: Sequence[str], *, either: bool = False) -> str:
        return (" | " if either else " & ").join(parts)

    def continued(self, words: str) -> str:
        return words


def unmarked(words: str, data: re.Pattern[str]) -> str:
    """What is left of the words that is neither marked nor one of the data, and has letters."""
    left = data.sub(" ", MARK.sub(" ", words))
    return " ".join(word for word in left.split() if any(map(str.isalpha, word)))
