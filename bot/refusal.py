"""What a person can act on. The text of a refusal is the reply that the person reads.

Refusal
├── in the command      (bot.grammar, bot.flags, bot.request)
├── NoOffer             (bot.choosing)
└── in what was ordered or pressed, below
"""

from datetime import timedelta

from bot.keeping import span_words


class Refusal(Exception):
    """A title for the class of problem, one sentence of reason, one line of what to do."""

    title: str = "Not possible"
    is_an_order: bool = True
    """Whether it was an order that was refused, so that it should be said that nothing was charged."""
    is_limit: bool = False
    """Whether it stays the same however the order is worded, so that it need not be said every time."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.reason, self.remedy) if part)


class Restarting(Refusal):
    title = "Just a moment"
    is_limit = True

    def __init__(self) -> None:
        super().__init__("The bot is restarting.", "Send the command again in a minute.")


class Paused(Refusal):
    title = "Paused"
    is_limit = True

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The bot takes no new orders: {reason.rstrip('.')}.",
            "What was ordered before goes on; order again once this is over.",
        )


class NobodyFilms(Refusal):
    title = "Not at the moment"
    is_limit = True

    def __init__(self) -> None:
        super().__init__(
            "No provider that could film this takes orders right now.", "Try again in some minutes; the operator knows."
        )


class NotWritten(Refusal):
    """Neither can what was asked for be written down, nor anything else."""

    title = "Not at the moment"
    is_limit = True

    def __init__(self, cause: str) -> None:
        super().__init__(
            "The bot cannot write anything down right now.", "Try again in some minutes; the operator can see why."
        )
        self.cause = cause
        """For the operator."""


class NoSuchClip(Refusal):
    title = "Not found"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("This button belongs to an order that is no longer kept.", "Order it anew with /video.")


class CouldNotSend(Refusal):
    title = "Not sent"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("The chat did not take the clip.", "Try again in a while.")


class NotYours(Refusal):
    title = "Not yours"
    is_an_order = False

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Only {name or 'the one who ordered it'} can do that.", "Ask them, or order your own with /video."
        )


class OrderedElsewhere(Refusal):
    title = "Not here"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("The clip was ordered on another platform.", "Ask for it with /history there.")


class StaysAsItWas(Refusal):
    """A change of an order that makes no sense."""

    is_an_order = False

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason, f"{refusal.remedy} Your order stays as it was.".strip())
        self.title = refusal.title


class NothingRuns(Refusal):
    title = "Nothing to cancel"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("None of your orders is under way.", "/history shows what you ordered.")


class StillUnderWay(Refusal):
    title = "Not yet"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__("Something of yours is still under way.", "Cancel it with /cancel, or wait until it is done.")


class NothingToRefund(Refusal):
    title = "Nothing to refund"
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            "It costs nobody anything: it is not paid for, or was refunded.", "What is under way can be cancelled."
        )


class NoLongerKept(Refusal):
    title = "No longer kept"
    is_an_order = False

    def __init__(self, what: str, span: timedelta | None) -> None:
        """`span` is for how long it is kept now, which may be longer than it was."""
        kept = f"{what} are kept for {span_words(span)} here" if span else f"{what} were not kept for so long before"
        super().__init__(f"{kept}.", "Order it anew with /video.")


class TooLate(Refusal):
    title = "Too late"
    is_an_order = False

    def __init__(self, what: str, remedy: str = "/video orders another one.") -> None:
        super().__init__(what, remedy)
