"""What the core needs from outside. Each port has one suite in tests/contracts that every implementation passes."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.access import UNKNOWN, Presence
from bot.archive import Archive
from bot.books import Accepted, Standing
from bot.card import Card, JobCard
from bot.catalogue import Offer, Shot
from bot.course import Course
from bot.job import Clip, Entry, Failure, Identity, Job, JobId, Place, Ticket
from bot.request import VideoRequest
from bot.rules import Rules
from bot.strike import Struck


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, in UTC; for what is stored and shown. It jumps when somebody sets the clock."""
        ...

    def steady(self) -> datetime:
        """Never set, so for how long to wait; only its differences mean anything, and only within this process."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return once the event is set or the seconds are over, whichever is first; `None` waits for the event."""
        ...


class Overtaken(Exception):
    """The job was changed by someone else since it was read."""


class LinkAttempt(StrEnum):
    JOINED = "joined"
    SAME = "same"
    """It was one person before; the code stays good."""
    WRONG = "wrong"
    LOCKED = "locked"


class Store(Archive, Protocol):
    """Each method is one transaction, durable when it returns."""

    async def accept(self, job: Job, event: str, rules: Rules, presence: Presence = UNKNOWN) -> Accepted:
        """Write job and reservation, and remember the event.

        `job.person` is filled in from the identity, who becomes a person with the first order. An event that was
        seen before writes nothing: the job of that time comes back. Raises what `welcome` does, or `LimitReached`
        where an allowance that applies has no room, and writes nothing then.
        """
        ...

    async def language_of(self, identity: Identity, chat: str) -> str:
        """What its person chose, or else what the chat's admins did; empty where nobody chose."""
        ...

    async def speak(self, identity: Identity, language: str, at: datetime) -> None:
        """What the person behind the identity chooses, who comes into being if need be; empty takes it back."""
        ...

    async def welcome(self, identity: Identity, place: Place, at: datetime, rules: Rules) -> None:
        """Raises `Paused`, `Banned` or `CoolingDown` where nothing that this person orders is accepted."""
        ...

    async def save(self, job: Job, entry: Entry | None = None) -> Job:
        """Write the job and, with it, its ending line in the ledger, and the strike that its moderation is.

        Raises `Overtaken` unless `job.revision` is the stored one; the job comes back with the next revision.
        """
        ...

    async def adjust(self, job: Job, entry: Entry, rules: Rules) -> Job:
        """`save` with another price. Raises `LimitReached` where an allowance has no room for a higher one."""
        ...

    async def job(self, job_id: JobId) -> Job | None: ...

    async def ordered_with(self, platform: str, event: str) -> Job | None:
        """What was ordered with this event."""
        ...

    async def untold(self, platform: str) -> Sequence[Job]:
        """What ended, or waits for a person, and is not marked as told; in the order of arrival."""
        ...

    async def unfinished(self) -> Sequence[Job]:
        """Every job that is not over, in the order of their arrival."""
        ...

    async def jobs_in(self, platform: str, chat: str, limit: int) -> Sequence[Job]:
        """The latest orders of a chat, oldest first."""
        ...

    async def latest_of(self, identity: Identity, limit: int) -> Sequence[Job]:
        """The latest orders of the person behind the identity, newest first."""
        ...

    async def standing(
        self, identity: Identity, place: Place, at: datetime, rules: Rules, *, presence: Presence = UNKNOWN
    ) -> Standing:
        """All zero for somebody who never ordered. Also notes what has expired of what was granted to the person."""
        ...

    async def strike(self, identity: Identity, chat: str, cause: str, at: datetime) -> Struck:
        """Write down that an order of the person behind the identity was refused for what it asks to see.

        The same cause counts once, and nothing counts while no orders are taken from the person anyway.
        """
        ...

    async def note_alert(self, cap: str, since: datetime, share: int) -> bool:
        """Whether this was not noted before: that so many hundredths of a cap are used in the window since then."""
        ...

    async def remember(self, platform: str, event: str, job_id: JobId) -> None:
        """That this event was about the job; `ordered_with` finds it then. The first time counts."""
        ...

    async def person_of(self, identity: Identity) -> str | None:
        """`None` for somebody who never ordered."""
        ...

    async def withdraw_link(self, code: str) -> None:
        """The code is good no more."""
        ...

    async def offer_link(self, identity: Identity, code: str, now: datetime, until: datetime) -> None:
        """Remember the code of the person behind the identity, who comes into being; it replaces an earlier one."""
        ...

    async def redeem_link(
        self, identity: Identity, code: str, now: datetime, *, since: datetime, most_tries: int
    ) -> LinkAttempt:
        """Make one person of whoever offered the code and whoever says it, with everything that either had.

        The code is good once. `LOCKED` whatever the code for an identity with so many wrong ones since then.
        """
        ...

    async def learn(self, offer: Offer, shot: Shot, course: Course) -> None:
        """Remember how a generation went that ended well."""
        ...

    async def courses(self, offer: Offer, shot: Shot, limit: int) -> Sequence[Course]:
        """The latest of such a shot, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One submission: the request with its seed, and the id under which the provider may let us find it again."""

    offer: Offer
    request: VideoRequest
    correlation: str
    callback: str | None = None
    """Where the provider may tell that it is done; `None` where it cannot reach us."""


@dataclass(frozen=True, slots=True)
class Queued:
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """Also what a word means that nobody knows; the deadline ends it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """`media_url` is `None` while the provider says done and shows no video."""

    media_url: str | None


@dataclass(frozen=True, slots=True)
class Broken:
    failure: Failure


@dataclass(frozen=True, slots=True)
class Stopped:
    """Cancelled at the provider."""


Sight = Queued | Rendering | Finished | Broken | Stopped


class CancelAnswer(StrEnum):
    STOPPED = "stopped"
    TOO_LATE = "too_late"
    IMPOSSIBLE = "impossible"
    """This provider has no way to stop a generation."""


class Provider(Protocol):
    """Raises only the trouble named in `bot.trouble`."""

    async def submit(self, take: Take) -> Ticket:
        """Raises `NotStarted` or `Ambiguous`, never anything between."""
        ...

    async def find(self, correlation: str) -> Ticket | None:
        """The ticket of a submission whose answer was lost; `None` where nobody can tell."""
        ...

    async def look(self, ticket: Ticket) -> Sight:
        """Raises `Passing` or `Gone`."""
        ...

    async def cancel(self, ticket: Ticket) -> CancelAnswer:
        """Raises `Passing`."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    until: datetime
    """When it stops to work."""


class Library(Protocol):
    """The clips on our disk."""

    async def fetch(self, job_id: JobId, url: str) -> Clip:
        """Bring the clip here, whole and playable. A second call for the same job replaces the first's file.

        Raises `Passing`, `NotKept` where our disk takes no more, `MediaExpired`, `MediaForbidden` or `MediaUnplayable`.
        """
        ...

    async def discard(self, *jobs: JobId) -> None:
        """Take the clips of these jobs from the disk, and what was made of them; also where there is none any more."""
        ...

    async def untouched(self, since: datetime) -> Sequence[JobId]:
        """The jobs of which there is a file, and none that was written to since then."""
        ...

    def file(self, clip: Clip) -> Path: ...

    async def fitted(self, clip: Clip, limit: int) -> Clip:
        """The same pictures in at most so many bytes, kept beside the clip until that is discarded.

        Raises `Undeliverable` where that cannot be, or `Passing`.
        """
        ...

    async def thumbnail(self, clip: Clip) -> Path | None:
        """A small JPEG, kept beside the clip; `None` where none can be made."""
        ...

    def link(self, clip: Clip) -> Link | None:
        """An address for a clip that a chat does not take; `None` where the world cannot reach us."""
        ...


class Moderator(Protocol):
    """Somebody who is asked whether a prompt is decent."""

    async def flagged(self, prompt: str) -> Sequence[str]:
        """The names of what is wrong with it. Raises `Passing` or `OutOfService` where nobody can tell right now."""
        ...


class Operators(Protocol):
    """Those who host the bot and pay for it."""

    def tell(self, write: Callable[[], Card]) -> None:
        """What is written to them, for each in their own language. Never fails."""
        ...


class Chat(Protocol):
    """One platform, as the core speaks to it."""

    async def tell(self, user: str, card: Card) -> None:
        """Write to somebody alone. Raises the `Trouble` of a delivery."""
        ...

    def show(self, job: Job, card: JobCard) -> None:
        """Bring the status up to date, soon; newer cards replace older ones that were not shown yet. Never fails."""
        ...

    async def deliver(self, job: Job, card: JobCard, *, maybe_sent: bool) -> str:
        """Send the clip with the card of its arrival, and say in the platform's own terms with which message.

        `maybe_sent` tells that an earlier try may have arrived, so that this one must not be seen beside it where the
        platform has a way. Raises `Passing` where it certainly did not arrive, `NotNow` where it was not
        even tried, `DeliveryUnknown` or `Undeliverable`.
        """
        ...

    def keeps(self, job: Job) -> bool:
        """Whether the platform itself has the clip that arrived there, so that it can be sent again without ours."""
        ...
