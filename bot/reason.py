"""Why something happened, as it is written down for good, and as it is told to whoever asks.

What we write down ourselves stands in English in the books and is told in the reader's language; what somebody gave as
a reason stays in their own words.
"""

from bot.speech import say, unsaid

DECIDED = unsaid("an admin decided so")
OPERATOR_DECIDED = unsaid("an operator decided so")
NOT_LET_IN = unsaid("the admins did not let you in")
GIFT = unsaid("a gift")

FILMED = unsaid("filmed")
CANCELLED = unsaid("cancelled")
CANCELLED_IN_TIME = unsaid("cancelled before the provider began")
CANCELLED_BEFORE_ANY = unsaid("cancelled before a provider began")
CANCELLED_THERE = unsaid("cancelled at the provider")
CANCELLED_TOO_LATE = unsaid("cancelled after the provider had begun")
NOBODY_KNOWS = unsaid("the provider may or may not have taken the order")

_OURS = frozenset(
    {
        DECIDED,
        OPERATOR_DECIDED,
        NOT_LET_IN,
        GIFT,
        FILMED,
        CANCELLED,
        CANCELLED_IN_TIME,
        CANCELLED_BEFORE_ANY,
        CANCELLED_THERE,
        CANCELLED_TOO_LATE,
        NOBODY_KNOWS,
    }
)


_REFUNDED = "refunded: "
"""What stands before the reason of an operator who pays back."""


def refunded(reason: str) -> str:
    return f"{_REFUNDED}{reason or OPERATOR_DECIDED}"


def reason_words(written: str) -> str:
    if written.startswith(_REFUNDED):
        return say("refunded: {reason}", reason=reason_words(written.removeprefix(_REFUNDED)))
    return say(written) if written in _OURS else written


def clause(written: str) -> str:
    """Without a full stop, to go on within a sentence."""
    return reason_words(written.rstrip("."))
