"""What operators look through of everything that is kept: a port as in `bot.ports`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.allowance import Unit
from bot.decision import Decision, Mark
from bot.job import EntryKind, Identity, Job, JobId, Phase
from bot.money import Micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which jobs are meant; what is not said may be anything."""

    phases: frozenset[Phase] = frozenset()
    chat: str = ""
    """Its key."""
    person: str = ""
    """The id of a person, or the key of one of their identities."""
    provider: str = ""
    words: str = ""
    """Anywhere in the prompt or in the name of whoever ordered, in capitals or not; or how the id begins."""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    has_clip: bool = False
    """Whether only those are meant of which a clip was sent and is kept."""


class Page(NamedTuple):
    jobs: Sequence[Job]
    """Newest first. Their places say whether they were ordered where nobody else is."""
    older: int | None
    """What brings those that follow; `None` after the last."""


class Step(NamedTuple):
    phase: Phase
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A line of the ledger."""

    at: datetime
    kind: EntryKind
    unit: Unit
    amount: int
    reason: str
    person: str
    name: str = ""
    """By which the person was known last."""
    job: JobId | None = None
    """`None` for what was granted beside any job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that is written down of a job, the oldest first."""

    job: Job
    steps: Sequence[Step]
    postings: Sequence[Posting]
    decisions: Sequence[Decision]
    """What admins and operators did about it."""
    is_refunded: bool
    """Whether an operator took back what it cost its person."""


class By(StrEnum):
    DAY = "day"
    PROVIDER = "provider"
    CHAT = "chat"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    key: str
    """A date such as `2026-01-31`, a provider, the key of a chat or the id of a person."""
    name: str
    clips: int
    spent: Micros
    reserved: Micros
    """For what is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    identities: Sequence[Identity]
    since: datetime
    orders: int
    spent: Micros
    latest: datetime | None
    """When they ordered last."""
    marks: Sequence[tuple[str, Mark]]
    """What was decided of them, each with its chat, which is empty for everywhere; no ban whose time is over."""
    closed_until: datetime | None
    """While nothing is taken from them for what they asked to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatUse:
    key: str
    people: int
    orders: int
    spent: Micros
    latest: datetime | None
    """When somebody ordered there last; `None` where something was decided for it and nobody ever did."""
    paused: str | None
    """Why it takes no orders, where it takes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The jobs under way that have come equally far."""

    phase: Phase
    is_stuck: bool
    """Whether they wait for a person, because no chat took their clips."""
    jobs: int
    since: datetime
    """When the one of them that is there longest came so far."""
    ordered_at: datetime
    """When the oldest was ordered."""


class Survey(Protocol):
    """Nothing here changes anything; what nobody is to know any more is not told."""

    async def jobs(self, search: Search, limit: int, before: int | None = None) -> Page: ...

    async def beginning(self, named: str) -> Sequence[JobId]:
        """The jobs whose id begins so, and no more of them than two."""
        ...

    async def story(self, job_id: JobId) -> Story | None: ...

    async def sums(self, by: By, since: datetime, until: datetime, zone: tzinfo) -> Sequence[Sum]:
        """Of what was ordered in this time and not refunded: days in their order, and else who spent most first."""
        ...

    async def people(self, words: str, at: datetime, *, limit: int, skip: int = 0) -> Sequence[Person]:
        """Those in whose name or key the words stand; who ordered last comes first."""
        ...

    async def chats(self, *, limit: int, skip: int = 0) -> Sequence[ChatUse]:
        """Where somebody ordered last comes first."""
        ...

    async def postings(self, person: str, limit: int) -> Sequence[Posting]:
        """Of a person, or of everybody without one; newest first."""
        ...

    async def under_way(self) -> Sequence[Stretch]:
        """Every job that is not over, summed up."""
        ...

    async def took_lately(self, limit: int) -> Sequence[tuple[str, float]]:
        """The provider of each of the latest clips, and how many seconds it took."""
        ...
