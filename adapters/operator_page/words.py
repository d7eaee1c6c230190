"""What the page calls things."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, assert_never

from adapters.operator_page.look import Look
from adapters.operator_page.moments import day_and_time, exact_moment, lasting, short_day, short_moment
from bot.admin_words import COMMAND
from bot.allowance import Unit, Use
from bot.catalogue import MODELS, PROVIDERS
from bot.decision import Allowed, Ban, Exempt, Mark, Member
from bot.desk import Deed
from bot.gate import State
from bot.job import Delivery, EntryKind, Job, Phase
from bot.lookout import Way
from bot.money import Micros, shown
from bot.phrase import counted_videos, spoken
from bot.reason import reason_words
from bot.speech import number, say
from bot.survey import By, Posting
from bot.usage import WHY_REFUNDED

_STEP = 1024
_CENT = 10_000
_TOLD = 6


class Link(NamedTuple):
    section: str
    path: str
    label: str


class Question(NamedTuple):
    """Before a deed is done."""

    label: str
    text: str
    takes_reason: bool = False


def sections() -> list[Link]:
    return [
        Link("now", "", say("Now")),
        Link("money", "/money", say("Money")),
        Link("jobs", "/jobs", say("Jobs")),
        Link("people", "/people", say("People")),
        Link("chats", "/chats", say("Chats")),
        Link("gallery", "/gallery", say("Gallery")),
        Link("audit", "/audit", say("Audit")),
    ]


def phase_words(phase: str) -> str:
    return {
        "under-way": say("under way"),
        Phase.ACCEPTED: say("waiting"),
        Phase.SUBMITTING: say("being ordered"),
        Phase.RENDERING: say("filming"),
        Phase.FETCHING: say("being fetched"),
        Phase.DELIVERING: say("being sent"),
        Phase.DELIVERED: say("delivered"),
        Phase.FAILED: say("failed"),
        Phase.CANCELLED: say("cancelled"),
        Phase.UNRESOLVED: say("unresolved"),
    }[phase]


def job_phase(job: Job) -> str:
    return say("held up") if job.waits_for_a_person else phase_words(job.phase)


def state_words(way: Way) -> str:
    match way.state:
        case State.OPEN:
            return say("takes orders")
        case State.FULL:
            return say("full, others wait")
        case State.CLOSED:
            if way.opens_in is None:
                return say("being tried again")
            return say("tried again in {span}", span=lasting(way.opens_in))
        case State.HOPELESS:
            return say("out of service: look at its key, its account and its own status page")
        case _:
            assert_never(way.state)


def why_words(reason: str) -> str:
    """As it is written in the books, or what kind of failure it was."""
    return say(WHY_REFUNDED[reason]) if reason in WHY_REFUNDED else reason_words(reason)


def delivery_words(delivery: Delivery) -> str:
    return {
        Delivery.PENDING: say("not tried yet"),
        Delivery.ATTEMPTED: say("tried, outcome unknown"),
        Delivery.GIVEN_UP: say("not taken by the chat"),
        Delivery.DONE: say("arrived"),
    }[delivery]


def entry_words(kind: EntryKind) -> str:
    return {
        EntryKind.RESERVE: say("reserved"),
        EntryKind.ADJUST: say("price changed"),
        EntryKind.SETTLE: say("charged"),
        EntryKind.REFUND: say("refunded"),
        EntryKind.GRANT: say("granted"),
        EntryKind.EXPIRE: say("expired"),
    }[kind]


def amount_words(posting: Posting) -> str:
    return shown(Micros(posting.amount)) if posting.unit is Unit.MONEY else counted_videos(posting.amount)


def used_words(use: Use) -> str:
    """`$4.20 of $20.00 a day`."""
    used = shown(Micros(use.used)) if use.limit.unit is Unit.MONEY else number(use.used)
    return say("{used} of {limit}", used=used, limit=spoken(use.limit))


def share_used(use: Use) -> int:
    """In hundredths, 100 at most."""
    return min(100, use.used * 100 // use.limit.most) if use.limit.most else 100


def mark_words(mark: Mark, look: Look) -> str:
    match mark:
        case Member(tier):
            return say("tier {tier}", tier=tier)
        case Exempt():
            return say("no limits")
        case Allowed():
            return say("let in")
        case Ban(reason, until):
            day = short_moment(until, look.now, look.zone) if until else ""
            over = say("until {day}", day=day) if until else say("for good")
            return say("banned {over}: {reason}", over=over, reason=reason)
        case _:
            assert_never(mark)


def question(deed: Deed, job: Job) -> Question:
    price, name = shown(job.price), job.identity.name or job.identity.key
    return {
        Deed.CANCEL: Question(
            say("Cancel"), say("Nothing is charged where the provider has not begun, or can stop. Cancel it?")
        ),
        Deed.SEND_AGAIN: Question(say("Send again"), say("The clip is sent to where it was ordered. Send it?")),
        Deed.FILM_AGAIN: Question(
            say("Film again"),
            say("A new order on the account of {name}, about {price}. Film it?", name=name, price=price),
        ),
        Deed.REFUND: Question(
            say("Refund"),
            say("It costs its person nothing any more. The bot's caps go on to count {price}.", price=price),
            takes_reason=True,
        ),
    }[deed]


def sum_words(by: By) -> str:
    """What stands over the names."""
    return {By.DAY: say("Day"), By.PROVIDER: say("Provider"), By.CHAT: say("Chat"), By.PERSON: say("Person")}[by]


def by_words(by: By) -> str:
    return {
        By.DAY: say("By day"),
        By.PROVIDER: say("By provider"),
        By.CHAT: say("By chat"),
        By.PERSON: say("By person"),
    }[by]


def ban_words(length: str) -> str:
    """`for 3 days` is how it is typed; without a length it has no end."""
    return say(length) if length else say("for good")


def offer_words(job: Job) -> str:
    return say("{model} at {provider}", model=MODELS[job.offer.model], provider=PROVIDERS[job.offer.provider])


def chat_words(key: str) -> str:
    platform, _, chat = key.partition(":")
    return f"{platform.capitalize()} {chat}" if chat else key


def short_chat(key: str) -> str:
    """Enough of its number to tell it from the others."""
    platform, _, chat = key.partition(":")
    return f"{platform.capitalize()} …{chat[-_TOLD:]}" if len(chat) > _TOLD else chat_words(key)


def about_dollars(amount: Micros) -> str:
    """To a cent."""
    return shown(Micros(round(amount / _CENT) * _CENT))


def as_typed_here(line: str) -> str:
    """What a card has people type is typed without the command here."""
    return line.removeprefix(f"{COMMAND} ")


def quickly(seconds: float) -> str:
    """Of what usually takes less than a second."""
    return say("{amount} ms", amount=number(round(seconds * 1000))) if seconds < 1 else lasting(seconds)


def bytes_words(count: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if count < _STEP:
            return f"{count:.0f} {unit}"
        count /= _STEP
    return f"{count:.1f} GiB"


FILTERS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            about_dollars,
            amount_words,
            as_typed_here,
            ban_words,
            by_words,
            bytes_words,
            chat_words,
            day_and_time,
            delivery_words,
            entry_words,
            exact_moment,
            job_phase,
            lasting,
            mark_words,
            offer_words,
            phase_words,
            question,
            quickly,
            share_used,
            short_chat,
            short_day,
            short_moment,
            state_words,
            sum_words,
            used_words,
            why_words,
        )
    }
)
