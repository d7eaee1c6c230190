"""What admins and operators lay down while the bot runs, as the core needs it kept: a port as in `bot.ports`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.access import AccessRequest, Said
from bot.books import Grant
from bot.decision import Decision, Mark, Ruling
from bot.job import Identity, JobId
from bot.money import Micros
from bot.rules import Rule
from bot.taboo import Taboo


@dataclass(frozen=True, slots=True)
class Tally:
    clips: int
    spent: Micros
    people: int


@dataclass(frozen=True, slots=True)
class Spender:
    name: str
    clips: int
    spent: Micros


class Rulebook(Protocol):
    """Each change is one transaction with its line in the audit log, durable when it returns.

    Raises `DecidedByOperators` where somebody else would change what an operator decided, or `DoneBefore` for an event
    that was obeyed, and changes nothing then.
    """

    async def decide(self, ruling: Ruling, decision: Decision) -> None:
        """All of it or nothing; from now on it counts."""
        ...

    async def decided(self, chat: str) -> Sequence[Rule]:
        """What is in force there of what was decided, for everywhere as well."""
        ...

    async def marks_of(self, subject: str, chat: str) -> Sequence[tuple[str, Mark]]:
        """What it was marked as there and everywhere, each with its chat, also where its time is over."""
        ...

    async def said(self, chat: str) -> Said: ...

    async def taboos(self, chat: str) -> Sequence[Taboo]:
        """What was forbidden everywhere, and in this chat, in the order in which it was."""
        ...

    async def pause(self, reason: str, decision: Decision) -> None:
        """From now on `accept` refuses what is new; a second pause changes the reason."""
        ...

    async def resume(self, decision: Decision) -> None: ...

    async def why_paused(self, chat: str) -> str | None: ...

    async def grant(self, identity: Identity, grant: Grant, decision: Decision) -> None:
        """To the person behind the identity, who comes into being if need be."""
        ...

    async def refund(self, job_id: JobId, reason: str, decision: Decision) -> None:
        """Have the job cost its person nothing of any allowance, and give back what it took of grants.

        What all may use together goes on to count it: the provider was paid. Raises `NothingToRefund`.
        """
        ...

    async def note(self, decision: Decision) -> None:
        """What was done, and is kept elsewhere."""
        ...

    async def audited(self, chat: str, limit: int) -> Sequence[Decision]:
        """Newest first; without a chat, of all of them."""
        ...

    async def ask(self, request: AccessRequest) -> AccessRequest:
        """The open one of this person at this door, which may be an earlier one.

        The same event once more asks for what it says now.
        """
        ...

    async def waiting(self, chat: str) -> Sequence[AccessRequest]:
        """Those that are open at this door, oldest first."""
        ...

    async def waiting_anywhere(self) -> Sequence[AccessRequest]:
        """Those that are open at any door, oldest first."""
        ...

    async def names(self, keys: Sequence[str]) -> dict[str, str]:
        """What those identities are called that ordered before."""
        ...

    async def asked(self, request: str) -> AccessRequest | None: ...

    async def answer(self, request: str, subject: str, mark: Mark, answer: str, decision: Decision) -> AccessRequest:
        """Close the request and mark whoever asked. Raises `AlreadyAnswered`."""
        ...

    async def moved(self, before: str, now: str) -> bool:
        """What was decided for the first chat holds for the second, where all that was used counts as well.

        False where that was known, and nothing happens then.
        """
        ...

    async def moves(self) -> Sequence[tuple[str, str]]:
        """Every chat that has moved, and where to, in the order in which it was told."""
        ...

    async def circles(self, platform: str, chat: str) -> frozenset[str]:
        """Those of the platform of which anything was decided for everywhere or for this chat."""
        ...

    async def called(self, platform: str, handle: str) -> Identity | None:
        """Whoever is called so there, of those who ordered before."""
        ...

    async def tally(self, chat: str, since: datetime) -> Tally:
        """Of what was ordered since then and paid for; without a chat, everywhere."""
        ...

    async def spenders(self, chat: str, since: datetime, limit: int) -> Sequence[Spender]:
        """Those who used most since then."""
        ...
