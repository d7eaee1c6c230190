"""The life of one request, as it is persisted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from bot.catalogue import Offer, Shot, offer_named, shot_of
from bot.money import Micros
from bot.request import VideoRequest
from bot.speech import ENGLISH

JobId = NewType("JobId", str)
Ticket = NewType("Ticket", str)
"""The provider's handle of a generation; only its adapter reads what is inside."""


class Phase(StrEnum):
    ACCEPTED = "accepted"
    SUBMITTING = "submitting"
    RENDERING = "rendering"
    FETCHING = "fetching"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNRESOLVED = "unresolved"


_FOLLOWERS: Mapping[Phase, frozenset[Phase]] = MappingProxyType(
    {
        Phase.ACCEPTED: frozenset({Phase.SUBMITTING, Phase.CANCELLED, Phase.FAILED}),
        # Back to accepted only where the provider certainly did not start.
        Phase.SUBMITTING: frozenset({Phase.RENDERING, Phase.ACCEPTED, Phase.FAILED, Phase.UNRESOLVED}),
        Phase.RENDERING: frozenset({Phase.FETCHING, Phase.FAILED, Phase.CANCELLED}),
        Phase.FETCHING: frozenset({Phase.DELIVERING, Phase.FAILED}),
        Phase.DELIVERING: frozenset({Phase.DELIVERED}),
        Phase.DELIVERED: frozenset(),
        Phase.FAILED: frozenset(),
        Phase.CANCELLED: frozenset(),
        Phase.UNRESOLVED: frozenset(),
    }
)

ENDS = frozenset(phase for phase, followers in _FOLLOWERS.items() if not followers)
AT_PROVIDER = frozenset({Phase.SUBMITTING, Phase.RENDERING})


class FailureKind(StrEnum):
    MODERATED = "moderated"
    INVALID = "invalid"
    PROVIDER = "provider"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed_out"
    LOST = "lost"
    MEDIA = "media"
    NOT_KEPT = "not_kept"
    """Our own disk had no room for the clip."""
    OVER_LIMIT = "over_limit"
    """Only a provider would have it whose price an allowance has no room for."""


@dataclass(frozen=True, slots=True)
class Failure:
    kind: FailureKind
    detail: str = ""
    """The provider's own words, already cut and free of secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Someone as one chat platform knows them."""

    platform: str
    user: str
    name: str = ""
    handle: str = field(default="", compare=False)
    """By which others call them there, without the sign before it; empty for whoever has none."""

    @property
    def key(self) -> str:
        """The two that never change, as rules name them."""
        return f"{self.platform}:{self.user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to answer."""

    platform: str
    chat: str
    thread: str | None = None
    reply_to: str | None = None
    is_private: bool = field(default=False, compare=False)
    """Whether nobody else is there; only known where somebody has just spoken."""

    @property
    def chat_key(self) -> str:
        """The chat as rules name it."""
        return f"{self.platform}:{self.chat}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """The finished MP4 on our disk."""

    name: str
    """The file's name in the folder of clips."""
    width: int
    height: int
    seconds: float
    size: int


class Delivery(StrEnum):
    """How far the clip has come on its way into the chat; apart from the generation, which is paid for by then."""

    PENDING = "pending"
    ATTEMPTED = "attempted"
    GIVEN_UP = "given_up"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    id: JobId
    person: str
    identity: Identity
    place: Place
    request: VideoRequest
    offer_id: str
    seed: int | None
    """What the provider is told: the chosen seed, or one that we drew so that the clip can be filmed again."""
    price: Micros
    ordered_at: datetime
    phase: Phase
    phase_since: datetime
    revision: int = 0
    attempts: int = 0
    """Tries of the present phase that did not succeed."""
    cancel_asked: bool = False
    submitted_at: datetime | None = None
    correlation: str | None = None
    ticket: Ticket | None = None
    media_url: str | None = None
    clip: Clip | None = None
    failure: Failure | None = None
    charged: bool = False
    """Whether the ledger's ending line is a charge."""
    refused_by: tuple[str, ...] = ()
    """Providers that did not accept this very request, and need not be asked again."""
    notes: tuple[str, ...] = ()
    """What was understood differently than it may have been meant."""
    adult: bool = False
    """Whether it is filmed only for adults."""
    spoiler: bool = False
    """Whether the clip stays covered until somebody wants to see it."""
    delivery: Delivery = Delivery.PENDING
    deleted: bool = False
    """Whether somebody did away with the clip."""
    status: str | None = None
    """The message that shows how it goes on, in the platform's own terms."""
    receipt: str | None = None
    """The message that carries the clip, in the platform's own terms."""
    told: bool = False
    """Whether the chat shows how it ended."""
    swept: bool = False
    """Whether the clip is no longer kept, because its time was over."""
    erased: bool = False
    """Whether the words of the order are no longer kept."""
    forgotten: bool = False
    """Whether nobody is to know any more whose it was."""
    language: str = ENGLISH.code
    """In which its chat is told of it: that of whoever ordered it, at the time."""

    @property
    def offer(self) -> Offer:
        return offer_named(self.offer_id)

    @property
    def shot(self) -> Shot:
        return shot_of(self.request)

    @property
    def is_over(self) -> bool:
        return self.phase in ENDS

    @property
    def waits_for_a_person(self) -> bool:
        """The clip is there and could not be sent; only *Send again* moves it."""
        return self.phase is Phase.DELIVERING and self.delivery is Delivery.GIVEN_UP

    def entering(self, phase: Phase, at: datetime) -> "Job":
        if phase not in _FOLLOWERS[self.phase]:
            raise ImpossibleStep(self.id, self.phase, phase)
        return replace(self, phase=phase, phase_since=at, attempts=0)


class ImpossibleStep(Exception):
    def __init__(self, job: JobId, before: Phase, after: Phase) -> None:
        super().__init__(f"job {job} cannot go from {before} to {after}")


class EntryKind(StrEnum):
    RESERVE = "reserve"
    ADJUST = "adjust"
    SETTLE = "settle"
    REFUND = "refund"
    GRANT = "grant"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a job in the ledger: what is held, and once at its end what its person finally pays."""

    kind: EntryKind
    amount: Micros
    reason: str
