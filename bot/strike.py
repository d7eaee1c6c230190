"""What happens to somebody whose orders are refused for what they ask to see, again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.moment import Timed, clock_words
from bot.phrase import length_words
from bot.refusal import Refusal
from bot.speech import say, unsaid

WINDOW = timedelta(hours=24)
"""Strikes count together for so long."""

FREE = 2
"""So many in a window have no consequence."""

PAUSES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24))
"""For which no orders are taken after each further one; the last is for all that follow."""


@dataclass(frozen=True, slots=True)
class Struck:
    """Where somebody stands after a strike."""

    count: int
    """In the window, this one included."""
    until: datetime | None
    """To when no orders are taken; `None` where they are."""


def pause_after(count: int) -> timedelta | None:
    return PAUSES[min(count - FREE, len(PAUSES)) - 1] if count > FREE else None


def consequence(struck: Struck, at: datetime, zone: tzinfo) -> str:
    """What a refusal says of it, in one sentence; nothing for the first."""
    if struck.until:
        return Timed.saying(
            "You had too many such orders in 24 hours, and may order again {when}. An admin can end this earlier.",
            struck.until,
            clock_words(struck.until, at, zone),
        )
    pause = pause_after(struck.count + 1)
    if pause is None:
        return ""
    return say("One more such order within 24 hours, and you cannot order for {span}.", span=length_words(pause))


class CoolingDown(Refusal):
    title = unsaid("Cooling down")
    is_limit = True

    def __init__(self, until: datetime, at: datetime, zone: tzinfo) -> None:
        super().__init__(
            say("Too many of your orders in 24 hours asked for what is not filmed here."),
            Timed.saying(
                "You may order again {when}. An admin can end this earlier.", until, clock_words(until, at, zone)
            ),
        )
