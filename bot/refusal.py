"""What a person can act on. The text of a refusal is the reply that the person reads.

Refusal
├── in the command      (bot.grammar, bot.flags, bot.request)
├── NoOffer             (bot.choosing)
└── in what was pressed (bot.studio)
"""


class Refusal(Exception):
    """A title for the class of problem, one sentence of reason, one line of what to do."""

    title: str = "Not possible"
    is_an_order: bool = True
    """Whether it was an order that was refused, so that it should be said that nothing was charged."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.reason, self.remedy) if part)
