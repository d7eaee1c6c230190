"""What a look at something outside found: as it should be, worth a look, or wrong."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    OK = "ok"
    LOOK = "look"
    """Nothing is broken, and somebody may not have meant it so."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """Texts without a full stop."""

    grade: Grade
    text: str
    remedy: str = ""


def good(text: str) -> Finding:
    return Finding(Grade.OK, text)
