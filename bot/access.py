"""Who may order where, and how somebody who may not yet asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.job import Identity, Place
from bot.refusal import Refusal
from bot.speech import say, sentence, unsaid


class Door(StrEnum):
    """For whom it is open."""

    OPEN = "open"
    LISTED = "listed"
    """For those whom an admin let in."""
    REQUEST = "request"
    """Like `LISTED`; whoever is not let in yet may ask."""


WHO: Mapping[Door, str] = MappingProxyType(
    {
        Door.OPEN: unsaid("Everyone may order."),
        Door.LISTED: unsaid("Only those may order whom an admin let in."),
        Door.REQUEST: unsaid("Whoever is new asks with the first order, and an admin lets them in with a button."),
    }
)

DOOR, CHATS, PLACE, ADULT, LANGUAGE = "door", "chats", "place ", "adult", "language"
"""What can be decided beside the file: a `Door`, whether only listed chats count, of a place whether the bot may be
used there, and of a chat whether it is for adults, and in which language everybody is answered there."""

LISTED, YES, NO = "listed", "yes", "no"

Said = Mapping[tuple[str, str], str]
"""What was decided, by the chat in which it holds, which is empty for everywhere, and by what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What a platform tells of whoever speaks, and of where."""

    circles: frozenset[str] | None = None
    """Groups of people to which they belong, such as the holders of a role; `None` where nobody looked."""
    source: str = ""
    """Who tells of those circles: each tells all it knows, in place of what it told before."""
    around: str | None = None
    """The channel that a thread belongs to."""
    is_admin: bool = False
    """Of the chat in which they speak."""
    is_age_restricted: bool = False
    """Whether the platform lets only adults read there."""


UNKNOWN = Presence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the operator's file says. Chats, topics and channels are `platform:chat` or `platform:chat/thread`."""

    door: Door = Door.OPEN
    people: frozenset[str] = frozenset()
    """For whom every door is open."""
    chats: frozenset[str] = frozenset()
    """Where the bot may be used, and nowhere else; everywhere if there are none."""
    not_in: frozenset[str] = frozenset()
    leaves: bool = False
    """Whether it goes from a chat that it may not be used in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What holds in one layer: the bot's own, or that of a chat."""

    door: Door
    places: Mapping[str, bool]
    """Whether the bot may be used there; what is nearest to the speaker counts."""
    elsewhere: bool = True
    is_known: bool
    """Whether the speaker was let in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """An order of somebody who was not let in yet; it is carried out once they are."""

    id: str
    chat: str
    """Whose door it is; empty for the bot's own."""
    identity: Identity
    place: Place
    event: str
    command: str
    presence: Presence = UNKNOWN
    """Without circles."""
    asked_at: datetime
    answer: str = ""
    """What was decided; empty while nothing is."""


class NotAdmitted(Refusal):
    title = unsaid("Not allowed")
    is_limit = True


class NotHere(NotAdmitted):
    title = unsaid("Not here")

    def __init__(self, *, leaves: bool = False) -> None:
        super().__init__(say("This bot may not be used here."), say("Its admins can say where it may."))
        self.leaves = leaves


class NotListed(NotAdmitted):
    def __init__(self) -> None:
        super().__init__(
            say("Only those may order here whom an admin let in."), say("Ask an admin of this chat to do so.")
        )


class MustAsk(NotAdmitted):
    """Whoever ordered may ask to be let in."""

    title = unsaid("Ask first")

    def __init__(self, chat: str) -> None:
        super().__init__(
            say("Only those may order here whom an admin let in."),
            say("Send /video with what to film, and the admins are asked."),
        )
        self.chat = chat


class StillAsked(Refusal):
    title = unsaid("The admins were asked")
    is_limit = True

    def __init__(self) -> None:
        super().__init__(
            say("Your first order waits until one of them lets you in."),
            say("It is filmed then; there is nothing more to do."),
        )


class AlreadyAnswered(Refusal):
    title = unsaid("Already answered")
    is_an_order = False

    def __init__(self, answer: str) -> None:
        super().__init__(
            sentence(answer) if answer else say("This request is no longer kept."), say("Nothing is left to do.")
        )


def whereabouts(place: Place, around: str | None) -> tuple[str, ...]:
    """The keys of a place, the nearest to the speaker first."""
    parts = dict.fromkeys(part for part in (place.thread, around) if part)
    return *(f"{place.chat_key}/{part}" for part in parts), place.chat_key


def must_be_let_in(here: Sequence[str], layers: Iterable[tuple[str, Threshold]], *, leaves: bool) -> None:
    """Raises `NotAdmitted`. The layers are named by their chat, the bot's own without a name."""
    for chat, house in layers:
        if not may_be_used(here, house):
            raise NotHere(leaves=leaves and not chat)
        if house.door is not Door.OPEN and not house.is_known:
            raise MustAsk(chat) if house.door is Door.REQUEST else NotListed


def may_be_used(here: Sequence[str], house: Threshold) -> bool:
    return next((house.places[key] for key in here if key in house.places), house.elsewhere)
