"""What admins decide while the bot runs: it goes before what the operator's file says."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.allowance import Limit, Unit
from bot.moment import Timed, clock_words
from bot.reason import clause
from bot.refusal import Refusal
from bot.rules import Scope
from bot.speech import say, unsaid
from bot.taboo import Taboo


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided what, for the log that admins read."""

    by: str
    """The key of the identity."""
    name: str = ""
    at: datetime
    chat: str = ""
    """In which chat it holds; empty for everywhere."""
    is_operators: bool = False
    """What an operator decided only an operator changes."""
    what: str
    """As it was said."""
    event: str = ""
    """The platform's own id of what was said, which is done once; empty for what has another safeguard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The limits in one unit for one subject; none of them has the file count again."""

    scope: Scope
    subject: str = ""
    is_cap: bool = False
    unit: Unit
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Member:
    tier: str


@dataclass(frozen=True, slots=True)
class Exempt:
    """From every personal allowance."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """To order where not everybody may."""


@dataclass(frozen=True, slots=True)
class Ban:
    reason: str
    until: datetime | None = None
    """`None` is for good."""


Mark = Member | Exempt | Allowed | Ban
"""What somebody is, whichever of their accounts it was said of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What one decision changes. Marks are of a subject: an identity, or a circle of them."""

    changes: tuple[Change, ...] = ()
    marks: tuple[tuple[str, Mark], ...] = ()
    """A second ban replaces the first."""
    lifted: tuple[tuple[str, Mark], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    """Of doors and places, by their names in `bot.access`."""
    forbidden: tuple[Taboo, ...] = ()
    """Another kind of the same spelling is replaced."""
    permitted: tuple[str, ...] = ()
    """By how it was spelt."""
    forgiven: tuple[str, ...] = ()
    """Subjects whose strikes are over: those in the chat, or all of them."""


class Banned(Refusal):
    title = unsaid("Not allowed")
    is_limit = True

    def __init__(self, ban: Ban, at: datetime, zone: tzinfo) -> None:
        over = (
            Timed.saying("You may again {when}. An admin can lift it.", ban.until, clock_words(ban.until, at, zone))
            if ban.until
            else say("This has no end. An admin can lift it.")
        )
        super().__init__(say("You may not order here: {reason}.", reason=clause(ban.reason)), over)


class DoneBefore(Refusal):
    title = unsaid("Done already")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(
            say("This very message was obeyed before."), say("Send the command anew to have it done again.")
        )


class DecidedByOperators(Refusal):
    title = unsaid("Not yours to change")
    is_an_order = False

    def __init__(self) -> None:
        super().__init__(say("An operator of this bot decided this."), say("Ask one of them to change it."))
