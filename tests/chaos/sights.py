"""What a message of the bot says to whoever sees it at the end."""

from dataclasses import dataclass
from enum import StrEnum

from adapters.chat.signs import OF_PHASE
from bot.job import ENDS, Phase


class Sort(StrEnum):
    CLIP = "clip"
    PROMISE = "promise"
    """That something is going on."""
    ENDING = "ending"
    """That there will be no clip."""
    REFUSAL = "refusal"
    THOUGHT = "thought"
    """An answer that Discord was promised, with nothing in it yet."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One message of the bot that stands in a chat at the end."""

    sort: Sort
    at: float
    """When it came to stand there, by everybody's clock."""
    by: str
    """Which life of the program wrote it so."""
    mark: str
    """Of the message, as the program writes it down."""
    sha256: str = ""
    is_in_place: bool = True


def sort_of(text: str) -> Sort:
    sign, _, title = text.partition("\n")[0].replace("*", "").partition(" ")
    if sign == OF_PHASE[Phase.FAILED]:
        return Sort.ENDING if title == "No clip" else Sort.REFUSAL
    signs = {OF_PHASE[phase]: phase for phase in Phase}
    if sign not in signs:
        return Sort.OTHER
    return Sort.ENDING if signs[sign] in ENDS or title == "Filmed, but not sent" else Sort.PROMISE
