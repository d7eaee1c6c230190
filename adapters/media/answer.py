"""What the darkroom says to the lab."""

from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    DONE = "done"
    UNPLAYABLE = "unplayable"
    TOO_LARGE = "too_large"
    OUT_OF_MEMORY = "out_of_memory"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A measure that the task does not have is zero."""

    ending: Ending
    detail: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
