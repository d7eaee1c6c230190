"""The core on a real database, with a clock, a provider, a library and a chat that the test holds in its hand."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from bot.assembly import Core, Edges, Policy, assembled
from bot.books import Account
from bot.card import Card, JobCard, Order, Press, Verb
from bot.catalogue import PROVIDERS
from bot.choosing import offers_at
from bot.desk import Desk
from bot.engine import Engine
from bot.job import Clip, Identity, Job, JobId, Phase, Place, Ticket
from bot.meter import Meter
from bot.ports import CancelAnswer, Chat, Finished, Link, Sight, Take
from bot.pseudonyms import pseudonyms
from bot.rules import FREE, Rules
from bot.speech import Language, Languages
from bot.studio import Studio
from bot.submission import BackInLine
from bot.taboo import NOTHING_FORBIDDEN, Taboos
from storage.sqlite.store import SqliteStore, sqlite_store

T = TypeVar("T")

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LOBBY = Place(platform="web", chat="lobby")
ANN = Identity(platform="web", user="ann", name="Ann")
BOB = Identity(platform="web", user="bob", name="Bob")
OWNER = Identity(platform="web", user="owner", name="Olga")
PSEUDONYM = pseudonyms(b"a key of the tests")
CLIP = Clip(name="clip.mp4", width=1280, height=720, seconds=5.0, size=1000)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._passed = timedelta(0)
        self._set_by = timedelta(0)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return NOON + self._passed + self._set_by

    def steady(self) -> datetime:
        return NOON + self._passed

    def forward(self, seconds: float) -> None:
        self._passed += timedelta(seconds=seconds)
        self._moved.set()
        self._moved = asyncio.Event()

    def jump(self, seconds: float) -> None:
        """Somebody sets the clock; no time passes."""
        self._set_by += timedelta(seconds=seconds)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        until = None if seconds is None else self.steady() + timedelta(seconds=seconds)
        while not event.is_set() and (until is None or self.steady() < until):
            either = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._moved.wait())]
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for waiter in either:
                    waiter.cancel()


def open_gate() -> asyncio.Event:
    gate = asyncio.Event()
    gate.set()
    return gate


class Script(Generic[T]):
    """Answers that will be given in order, the last one again and again. An exception is raised."""

    def __init__(self, *answers: T | Exception) -> None:
        self._answers = deque(answers)

    def will(self, *answers: T | Exception) -> None:
        self._answers = deque(answers)

    def next(self) -> T:
        answer = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class HandProvider:
    submits: Script[Ticket] = field(default_factory=lambda: Script(Ticket("ticket")))
    finds: Script[Ticket | None] = field(default_factory=lambda: Script(None))
    sights: Script[Sight] = field(default_factory=lambda: Script(Finished("http://media/clip.mp4")))
    cancels: Script[CancelAnswer] = field(default_factory=lambda: Script(CancelAnswer.STOPPED))
    takes: list[Take] = field(default_factory=list)
    looked_for: list[str] = field(default_factory=list)
    cancelled: list[Ticket] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=open_gate)
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, take: Take) -> Ticket:
        self.takes.append(take)
        await self.gate.wait()
        return self.submits.next()

    async def find(self, correlation: str) -> Ticket | None:
        self.looked_for.append(correlation)
        return self.finds.next()

    async def look(self, ticket: Ticket) -> Sight:  # noqa: ARG002 - the port
        self.looked.set()
        return self.sights.next()

    async def cancel(self, ticket: Ticket) -> CancelAnswer:
        self.cancelled.append(ticket)
        return self.cancels.next()


@dataclass
class HandLibrary:
    fetches: Script[Clip] = field(default_factory=lambda: Script(CLIP))
    urls: list[str] = field(default_factory=list)
    discarded: list[JobId] = field(default_factory=list)
    old: list[JobId] = field(default_factory=list)
    """Of which there are files that nobody works on."""
    gate: asyncio.Event = field(default_factory=open_gate)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    folder: Path = Path()

    async def fetch(self, job_id: JobId, url: str) -> Clip:  # noqa: ARG002 - the port
        self.urls.append(url)
        self.begun.set()
        await self.gate.wait()
        return self.fetches.next()

    async def discard(self, *jobs: JobId) -> None:
        self.discarded += jobs

    async def untouched(self, since: datetime) -> list[JobId]:  # noqa: ARG002 - the port
        return self.old

    def file(self, clip: Clip) -> Path:
        return self.folder / clip.name

    async def fitted(self, clip: Clip, limit: int) -> Clip:
        return replace(clip, size=min(clip.size, limit))

    async def thumbnail(self, clip: Clip) -> Path | None:  # noqa: ARG002 - the port
        return None

    def link(self, clip: Clip) -> Link | None:
        return Link(f"https://bot.example/{clip.name}", NOON)


@dataclass
class HandChat:
    """Remembers what was shown and sent, and wakes whoever waits for a card."""

    receipts: Script[str] = field(default_factory=lambda: Script("message 1"))
    cards: list[JobCard] = field(default_factory=list)
    sent: list[Job] = field(default_factory=list)
    maybe_sent: list[bool] = field(default_factory=list)
    kept: set[str | None] = field(default_factory=set)
    """Receipts of what could be sent again without our file."""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    told: list[tuple[str, Card]] = field(default_factory=list)

    async def tell(self, user: str, card: Card) -> None:
        self.told.append((user, card))

    def show(self, job: Job, card: JobCard) -> None:  # noqa: ARG002 - the port
        self.cards.append(card)
        self.news.set()

    async def deliver(self, job: Job, card: JobCard, *, maybe_sent: bool) -> str:  # noqa: ARG002 - the port
        self.sent.append(job)
        self.maybe_sent.append(maybe_sent)
        return self.receipts.next()

    def keeps(self, job: Job) -> bool:
        return job.receipt in self.kept

    async def until(self, shown: Callable[[JobCard], bool], seconds: float = 30) -> JobCard:
        """The first card, past or to come, of which this is true."""
        async with asyncio.timeout(seconds):
            while not (found := [card for card in self.cards if shown(card)]):
                self.news.clear()
                await self.news.wait()
        return found[0]


@dataclass
class HandOperators:
    heard: list[str] = field(default_factory=list)

    cards: list[Card] = field(default_factory=list)

    def tell(self, write: Callable[[], Card]) -> None:
        card = write()
        self.heard.append(card.title)
        self.cards.append(card)


@dataclass
class HandModerator:
    flags: Script[Sequence[str]] = field(default_factory=lambda: Script(()))
    asked: list[str] = field(default_factory=list)

    async def flagged(self, prompt: str) -> Sequence[str]:
        self.asked.append(prompt)
        return self.flags.next()


@dataclass
class Stage:
    database: Path
    clock: HandClock
    store: SqliteStore
    provider: HandProvider
    """fal, where everything goes unless the test says otherwise."""
    providers: dict[str, HandProvider]
    library: HandLibrary
    chat: HandChat
    chats: dict[str, Chat]
    operators: HandOperators
    meter: Meter
    core: Core
    _events: int = 0

    @property
    def studio(self) -> Studio:
        return self.core.studio

    @property
    def desk(self) -> Desk:
        return self.core.desk

    @property
    def engine(self) -> Engine:
        return self.core.engine

    async def order(self, text: str = "a fox", by: Identity = ANN, event: str = "") -> JobCard:
        self._events += 1
        order = Order(identity=by, place=LOBBY, event=event or f"order {self._events}", text=text)
        return job_card(await self.studio.order(order))

    async def say(self, text: str, by: Identity = OWNER, **about: object) -> Card:
        """Whatever is no order."""
        self._events += 1
        said = Order(identity=by, place=LOBBY, event=f"said {self._events}", text=text)
        return await self.studio.say(replace(said, **about))  # type: ignore[arg-type] # the fields of an order

    async def press(self, verb: Verb, job: JobId, by: Identity = ANN, event: str = "") -> JobCard:
        self._events += 1
        press = Press(identity=by, place=LOBBY, event=event or f"press {self._events}", verb=verb, job=job)
        return job_card(await self.studio.act(press))

    async def account(self, identity: Identity = ANN) -> Account:
        return (await self.store.standing(identity, LOBBY, self.clock.now(), FREE)).account

    async def job(self, job_id: JobId) -> Job:
        found = await self.store.job(job_id)
        assert found is not None
        return found

    async def step(self, job_id: JobId) -> float | None:
        """One step of the job, after which its pause has passed."""
        job = await self.job(job_id)
        if job.phase is Phase.ACCEPTED:
            following = await self.core.submission.submit(job, job.offer.provider)
            pause = 60.0 if isinstance(following, BackInLine) else following
        else:
            pause = await self.core.generation.step(job)
        self.clock.forward(pause or 0.0)
        return pause

    def begin_step(self, job_id: JobId) -> "asyncio.Task[float | None]":
        return asyncio.create_task(self.step(job_id))

    async def until(self, job_id: JobId, phase: Phase) -> Job:
        """Step until the job is in this phase."""
        while (job := await self.job(job_id)).phase is not phase:
            assert await self.step(job_id) is not None or (await self.job(job_id)).phase is phase, job
        return job

    async def finish(self, job_id: JobId) -> Job:
        """Step until there is nothing left to do."""
        while await self.step(job_id) is not None:
            pass
        return await self.job(job_id)


def job_card(card: Card) -> JobCard:
    assert isinstance(card, JobCard), card
    return card


@asynccontextmanager
async def staged(
    folder: Path,
    *,
    room: int = 2,
    providers: tuple[str, ...] = ("fal",),
    patient: bool = True,
    rules: Rules = FREE,
    taboos: Taboos = NOTHING_FORBIDDEN,
    moderator: HandModerator | None = None,
    seed: int = 7,
    languages: Mapping[str, Callable[[], Language]] | None = None,
) -> AsyncIterator[Stage]:
    clock, provider, library, chat = HandClock(), HandProvider(), HandLibrary(), HandChat()
    operators, meter = HandOperators(), Meter(clock)
    chats: dict[str, Chat] = {"web": chat}
    hands = {name: provider if name == "fal" else HandProvider() for name in PROVIDERS}
    async with sqlite_store(folder / "rushes.db", PSEUDONYM) as store:
        edges = Edges(
            clock=clock,
            store=store,
            rulebook=store.rulebook,
            survey=store.survey,
            errands=store.errands,
            providers=hands,
            library=library,
            chats=chats,
            operators=operators,
            dice=random.Random(seed),  # noqa: S311 - the same ids and seeds in every run
            callback=lambda provider, job, secret: f"https://bot.example/{provider}/{job}/{secret}",
            moderator=moderator,
            languages=Languages(languages),
            meter=meter,
        )
        room_of_each = dict.fromkeys(PROVIDERS, room)
        rules = replace(rules, owners=rules.owners | {OWNER.key})
        policy = Policy(offers=offers_at(providers), rules=rules, taboos=taboos, room=room_of_each, patient=patient)
        core = assembled(edges, policy)
        yield Stage(
            database=folder / "rushes.db",
            clock=clock,
            store=store,
            provider=provider,
            providers=hands,
            library=library,
            chat=chat,
            chats=chats,
            operators=operators,
            meter=meter,
            core=core,
        )
