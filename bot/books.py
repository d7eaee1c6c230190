"""What the books say of a person: what was granted, what happened to the money, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.allowance import Unit, Use
from bot.job import EntryKind, Job
from bot.money import Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a person has had filmed so far, and what is held for the jobs under way."""

    clips: int
    spent: Micros
    running: int
    reserved: Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Something beyond the allowances, which is used once those are used up."""

    unit: Unit
    amount: int
    left: int
    reason: str
    until: datetime | None = None
    """When what is unused expires; `None` for never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The latest that the ledger says of a job, or of something granted."""

    kind: EntryKind
    unit: Unit
    amount: int
    reason: str
    at: datetime
    prompt: str = ""
    """Of the job; nothing for a grant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a person stands in a chat."""

    account: Account
    uses: Sequence[Use]
    """Of every allowance that applies there."""
    grants: Sequence[Grant]
    """Of which something is left, the first to be used first."""
    lines: Sequence[Line]
    """Newest first."""


class Accepted(NamedTuple):
    job: Job
    is_new: bool
    uses: tuple[Use, ...] = ()
    """Of every allowance that applies, this order included; nothing for an event that was seen before."""
