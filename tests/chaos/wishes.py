"""What members want, and what may come of it."""

from dataclasses import dataclass
from enum import StrEnum

FILMS = 6
"""Different clips; the others are the same as one of these, so that few are drawn."""

SHOT = "--res 360p --ar 1:1"


class Kind(StrEnum):
    FILM = "film"
    WRONG = "wrong"
    """The bot refuses it."""
    MODERATED = "moderated"
    """The provider refuses it."""
    UNTRACEABLE = "untraceable"
    """At a provider where nobody can look up a submission whose answer was lost."""
    CANCELLED = "cancelled"
    """The member thinks better of it."""
    AMENDED = "amended"
    """The member changes the command, where that can be done."""
    DELETED = "deleted"
    """The member does away with the clip, after somebody else has tried to."""


SHARES = {
    Kind.FILM: 76,
    Kind.WRONG: 6,
    Kind.MODERATED: 3,
    Kind.UNTRACEABLE: 5,
    Kind.CANCELLED: 3,
    Kind.AMENDED: 4,
    Kind.DELETED: 3,
}


@dataclass(frozen=True, slots=True)
class Wish:
    number: int
    kind: Kind

    @property
    def text(self) -> str:
        match self.kind:
            case Kind.WRONG:
                return f"a fox {self.number} --dur 99"
            case Kind.MODERATED:
                return f"a fox {self.number} sim:moderated {SHOT} --seed 1"
            case Kind.CANCELLED:
                return f"a fox {self.number} sim:endless {SHOT} --seed 1 --provider fal"
            case Kind.UNTRACEABLE:
                return f"a fox {self.number} {SHOT} --seed 1 --provider fal"
            case _:
                return f"a fox {SHOT} --seed {self.number % FILMS}"

    @property
    def amended(self) -> str:
        """Longer, so that it has another price."""
        return f"a wolf {SHOT} --seed 1 --dur 8"

    def is_met_by(self, prompt: str, seed: int | None) -> bool:
        """Whether this is what may be filmed."""
        texts = (self.text, self.amended) if self.kind is Kind.AMENDED else (self.text,)
        return any(text.partition(" --")[0] == prompt and f"--seed {seed}" in text for text in texts)
