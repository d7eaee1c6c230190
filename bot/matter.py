"""An instruction of an admin, with who gave it and whom it is about."""

from dataclasses import dataclass

from bot.access import Presence
from bot.admin_words import MOST_REASON, Instruction, NotUnderstood, example
from bot.card import Card, Circle, Tone
from bot.decision import Decision
from bot.job import Identity, Place
from bot.reason import DECIDED
from bot.refusal import Refusal
from bot.speech import say, unsaid


class OnlyOperators(Refusal):
    title = unsaid("For operators")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("That is for the operators of this bot, whom RUSHES_OWNERS names."),
            say("As an admin of a chat, say it in that chat."),
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
        return say("here") if self.chat else say("everywhere")

    @property
    def subject(self) -> str:
        """Of whom it is about. Raises `NotUnderstood` where that was not said."""
        if self.whom is None:
            raise NotUnderstood(
                say("It was not said who is meant."),
                "\n".join(
                    (say("Answer one of their messages with the command, or name them:"), example(self.said.task))
                ),
            )
        return self.whom.key

    @property
    def name(self) -> str:
        return (self.whom.name or self.whom.key) if self.whom else say("everyone")

    def reason(self, words: str = "") -> str:
        """Which members read: what was said to be one, or else these words."""
        return (self.said.why or words)[:MOST_REASON] or DECIDED


def done(*lines: str) -> Card:
    return Card(title=say("Done"), lines=lines, tone=Tone.GOOD)
