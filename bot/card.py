"""A message independent of platform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.access import UNKNOWN, Presence
from bot.job import Clip, Identity, JobId, Phase, Place
from bot.speech import Language, current


class Verb(StrEnum):
    """What a button does; with the job's id it is an action."""

    CANCEL = "cancel"
    AGAIN = "again"
    SAME_SEED = "same-seed"
    TRY_AGAIN = "try-again"
    SEND_AGAIN = "send-again"
    EDIT = "edit"
    """Nothing by itself: the command comes back to be changed."""
    HD = "hd"
    """The same clip with as many lines as the offer has."""
    DELETE = "delete"


class Tone(StrEnum):
    NEUTRAL = "neutral"
    BUSY = "busy"
    GOOD = "good"
    BAD = "bad"


def explained(typed: str, meaning: str) -> str:
    """A line with something to type, which platforms set apart so that it can be copied, and with what it does."""
    return f"{typed} — {meaning}"


@dataclass(frozen=True, slots=True)
class Button:
    verb: Verb
    label: str


@dataclass(frozen=True, slots=True)
class Usual:
    """How long it took lately, in seconds: the median, and what nine of ten stayed under."""

    median: float
    ninety: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    title: str
    lines: tuple[str, ...] = ()
    tone: Tone = Tone.NEUTRAL
    buttons: tuple[Button, ...] = ()
    language: Language = field(default_factory=current, compare=False)
    """In which it is written; what a platform adds is to be in the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCard(Card):
    job: JobId
    phase: Phase
    by: Identity
    prompt: str
    flags: str
    """The options in effect, as they would be typed."""
    command: str
    """The order as it would be typed."""
    ordered_at: datetime
    changed_at: datetime
    usual: Usual | None = None
    clip: Clip | None = None
    spoiler: bool = False
    """Whether the clip stays covered until somebody wants to see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCard(Card):
    """A command to be changed and sent."""

    command: str


@dataclass(frozen=True, slots=True)
class Pick:
    """One value of an option in a form, and what would choose it if it were typed."""

    label: str
    typed: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCard(DraftCard):
    picks: tuple[tuple[Pick, ...], ...]
    """The values that can be had with everything else as it is, a row an option."""
    has_prompt: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A clip that can be sent again, and the number under which the card lists it."""

    number: int
    job: JobId


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryCard(Card):
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to a request, as it would be typed."""

    label: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard(Card):
    """Somebody asks the admins to be let in."""

    request: str
    choices: tuple[Choice, ...]


async def nobody() -> bool:
    """For where there are no admins."""
    return False


@dataclass(frozen=True, slots=True)
class Circle:
    """People who belong together on their platform, such as those who hold a role."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command that arrived from a chat. `event` is the platform's own id of it."""

    identity: Identity
    place: Place
    event: str
    text: str
    picked: tuple[tuple[str, str], ...] = ()
    """Options that were chosen beside the text: names of flags with their values as they would be typed."""
    status: str | None = None
    """The message that is to show how it goes on, where there is one already."""
    is_private: bool = False
    """Whether nobody else can read the answer."""
    presence: Presence = UNKNOWN
    is_admin: Callable[[], Awaitable[bool]] = nobody
    """Whether whoever speaks rules over this chat; asked only where it matters."""
    about: Identity | Circle | None = None
    """Whom an admin means, where that is said beside the text."""
    named: tuple[Identity, ...] = ()
    """Those whose keys stand in the text, because they have no other name to be called by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to a request that somebody pressed."""

    identity: Identity
    place: Place
    request: str
    typed: str
    is_admin: Callable[[], Awaitable[bool]] = nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody pressed."""

    identity: Identity
    place: Place
    event: str
    verb: Verb
    job: JobId
    presence: Presence = UNKNOWN
    is_admin: bool = False
    """Whether the presser may do away with what others ordered here."""
    status: str | None = None
    """The message that is to show how what it orders goes on, where there is one already."""
