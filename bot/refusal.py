"""What a person can act on. The text of a refusal is the reply that the person reads.

Refusal
├── in the command      (bot.grammar, bot.flags, bot.request)
├── NoOffer             (bot.choosing)
└── in what was ordered or pressed, below
"""

from datetime import timedelta

from bot.keeping import span_words
from bot.reason import clause
from bot.speech import say, unsaid


class Refusal(Exception):
    """A title for the class of problem, one sentence of reason, one line of what to do."""

    title: str = unsaid("Not possible")
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
    title = unsaid("Just a moment")
    is_limit = True

    def __init__(self) -> None:
        super().__init__(say("The bot is restarting."), say("Send the command again in a minute."))


class Paused(Refusal):
    title = unsaid("Paused")
    is_limit = True

    def __init__(self, reason: str) -> None:
        super().__init__(
            say("The bot takes no new orders: {reason}.", reason=clause(reason)),
            say("What was ordered before goes on; order again once this is over."),
        )


class NobodyFilms(Refusal):
    title = unsaid("Not at the moment")
    is_limit = True

    def __init__(self) -> None:
        super().__init__(
            say("No provider that could film this takes orders right now."),
            say("Try again in some minutes; the operator knows."),
        )


class NotWritten(Refusal):
    """Neither can what was asked for be written down, nor anything else."""

    title = unsaid("Not at the moment")
    is_limit = True

    def __init__(self, cause: str) -> None:
        super().__init__(
            say("The bot cannot write anything down right now."),
            say("Try again in some minutes; the operator can see why."),
        )
        self.cause = cause
        """For the operator."""


class NoSuchClip(Refusal):
    title = unsaid("Not found")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("This button belongs to an order that is no longer kept."), say("Order it anew with /video.")
        )


class CouldNotSend(Refusal):
    title = unsaid("Not sent")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("The chat did not take the clip."), say("Try again in a while."))


class NotYours(Refusal):
    title = unsaid("Not yours")
    is_an_order = False

    def __init__(self, name: str) -> None:
        super().__init__(
            say("Only {name} can do that.", name=name) if name else say("Only the one who ordered it can do that."),
            say("Ask them, or order your own with /video."),
        )


class OrderedElsewhere(Refusal):
    title = unsaid("Not here")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("The clip was ordered on another platform."), say("Ask for it with /history there."))


class StaysAsItWas(Refusal):
    """A change of an order that makes no sense."""

    is_an_order = False

    def __init__(self, refusal: Refusal) -> None:
        stays = say("Your order stays as it was.")
        super().__init__(refusal.reason, f"{refusal.remedy} {stays}".strip())
        self.title = refusal.title


class NothingRuns(Refusal):
    title = unsaid("Nothing to cancel")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("None of your orders is under way."), say("/history shows what you ordered."))


class StillUnderWay(Refusal):
    title = unsaid("Not yet")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("Something of yours is still under way."), say("Cancel it with /cancel, or wait until it is done.")
        )


class NothingToRefund(Refusal):
    title = unsaid("Nothing to refund")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("It costs nobody anything: it is not paid for, or was refunded."),
            say("What is under way can be cancelled."),
        )


class NoLongerKept(Refusal):
    title = unsaid("No longer kept")
    is_an_order = False

    def __init__(self, now: str, before: str, span: timedelta | None) -> None:
        """`span` is for how long it is kept now, which may be longer than it was: then it is told how it was before."""
        kept = say(now, span=span_words(span)) if span else say(before)
        super().__init__(kept, say("Order it anew with /video."))


class PromptNoLongerKept(NoLongerKept):
    def __init__(self, span: timedelta | None) -> None:
        super().__init__(
            unsaid("Prompts are kept for {span} here."), unsaid("Prompts were not kept for so long before."), span
        )


class ClipNoLongerKept(NoLongerKept):
    def __init__(self, span: timedelta | None) -> None:
        super().__init__(
            unsaid("Clips are kept for {span} here."), unsaid("Clips were not kept for so long before."), span
        )


class TooLate(Refusal):
    title = unsaid("Too late")
    is_an_order = False

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy or say("/video orders another one."))


class OrderIsOver(TooLate):
    def __init__(self) -> None:
        super().__init__(say("That order is over."), say("Send the command as a new message."))


class OrderedBefore(TooLate):
    """Whoever asks for the price of what is ordered."""

    def __init__(self) -> None:
        super().__init__(say("The order was sent before."), say("Send it as a new message to read the price."))
