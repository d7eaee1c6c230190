"""An instruction of an admin, with who gave it and whom it is about."""

from dataclasses import dataclass

from bot.access import Presence
from bot.admin_words import MOST_REASON, Instruction, NotUnderstood, example
from bot.card import Card, Circle, Tone
from bot.decision import Decision
from bot.job import Identity, Place
from bot.refusal import Refusal

NO_REASON = "an admin decided so"


class OnlyOperators(Refusal):
    title = "For operators"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            "That is for the operators of this bot, whom RUSHES_OWNERS names.",
            "As an admin of a chat, say it in that chat.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    said: Instruction
    decision: Decision
    place: Place
    presence: Presence
    whom: Identity | Circle | None

    @property
    def chat(self) -> str:
        return self.decision.chat

    @property
    def where(self) -> str:
        return "here" if self.chat else "everywhere"

    @property
    def subject(self) -> str:
        """Of whom it is about. Raises `NotUnderstood` where that was not said."""
        if self.whom is None:
            raise NotUnderstood(
                "It was not said who is meant.",
                f"Answer one of their messages with the command, or name them:\n{example(self.said.task)}",
            )
        return self.whom.key

    @property
    def name(self) -> str:
        return (self.whom.name or self.whom.key) if self.whom else "everyone"

    def reason(self, words: str = "") -> str:
        """Which members read: what was said to be one, or else these words."""
        return (self.said.why or words)[:MOST_REASON] or NO_REASON

    @property
    def stands(self) -> str:
        """The name, and the verb that goes with it."""
        return f"{self.name} {'are' if self.said.group else 'is'}"


def done(*lines: str) -> Card:
    return Card(title="Done", lines=lines, tone=Tone.GOOD)
