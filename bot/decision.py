"""What admins decide while the bot runs: it goes before what the operator's file says."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.allowance import Limit, Unit
from bot.moment import Timed, clock_words
from bot.refusal import Refusal
from bot.rules import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    by: str
    """The key of the identity."""
    at: datetime


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
class Ban:
    reason: str
    until: datetime | None = None
    """`None` is for good."""


Mark = Member | Exempt | Ban
"""What somebody is, whichever of their accounts it was said of."""


class Banned(Refusal):
    title = "Not allowed"
    is_limit = True

    def __init__(self, ban: Ban, at: datetime, zone: tzinfo) -> None:
        over = Timed("You may again ", ban.until, clock_words(ban.until, at, zone)) if ban.until else ""
        super().__init__(f"You may not order here: {ban.reason.rstrip('.')}.", over)
