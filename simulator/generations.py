"""The book of generations: what was asked, when, and how far it is at any moment.

Nothing runs in the background. When a generation is written down, its way is drawn (so long in the queue,
so long on a runner), and where it stands follows from the time.
"""

import math
import random
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from pydantic import TypeAdapter

from simulator.clock import Clock
from simulator.film import LARGEST_SEED, Film

QUEUE_MEDIAN = 3.0  # seconds
RENDERING_MEDIAN = 35.0  # seconds, for five seconds at 720p
SPREAD = 0.25  # sigma of the lognormal distributions
TIMES_LONGER = {"360p": 0.6, "540p": 0.75, "720p": 1.0, "1080p": 2.6}


class Phase(StrEnum):
    QUEUED = "queued"
    RENDERING = "rendering"
    ENDED = "ended"


class Outcome(StrEnum):
    FILMED = "filmed"
    MODERATED = "moderated"
    FAILED = "failed"
    CRASHED = "crashed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a create call brings along."""

    dialect: str
    model: str
    film: Film
    key: str  # masked
    headers: dict[str, str]
    callback_url: str | None = None
    mark: str | None = None  # by which the client finds it again
    faults: tuple[str, ...] = ()
    outcome: Outcome = Outcome.FILMED
    endless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    id: str
    number: int  # in the order of asking
    ask: Ask
    media_token: str
    asked_at: float
    ready_at: float  # leaves the queue then, if a runner is free
    starts_at: float
    rendering_seconds: float
    cancelled_at: float | None = None

    @property
    def ends_at(self) -> float:
        if self.cancelled_at is not None:
            return self.cancelled_at
        return math.inf if self.ask.endless else self.starts_at + self.rendering_seconds

    @property
    def outcome(self) -> Outcome:
        """How it ends, or has ended."""
        return self.ask.outcome if self.cancelled_at is None else Outcome.CANCELLED

    def phase(self, now: float) -> Phase:
        if now >= self.ends_at:
            return Phase.ENDED
        return Phase.RENDERING if now >= self.starts_at else Phase.QUEUED


BOOK_ENTRY = TypeAdapter(Generation)


class Generations:
    def __init__(self, *, clock: Clock, chance: random.Random, speed: float, runners: int, folder: Path | None) -> None:
        self.polls: Counter[str] = Counter()
        self._clock, self._chance = clock, chance
        self._speed, self._runners = speed, runners
        self._folder = folder
        self._book: dict[str, Generation] = {}
        self._by_token: dict[str, str] = {}
        self._by_mark: dict[tuple[str, str], list[str]] = {}
        self._going: dict[str, None] = {}  # ids of those that may not have ended, in order
        for generation in self._written_down():
            self._remember(generation)

    def __iter__(self) -> Iterator[Generation]:
        """In the order in which they were asked for."""
        return iter(self._book.values())

    def __len__(self) -> int:
        return len(self._book)

    def draw_seed(self) -> int:
        return self._chance.randint(0, LARGEST_SEED)

    def create(self, ask: Ask, identify: Callable[[random.Random], str]) -> Generation:
        """Two equal calls are two generations, as at the providers. `identify` draws an id."""
        now = self._clock.now()
        ready_at = now + self._drawn(QUEUE_MEDIAN)
        generation = Generation(
            id=self._unused(identify),
            number=len(self._book),
            ask=ask,
            media_token=f"{self._chance.getrandbits(128):032x}",
            asked_at=now,
            ready_at=ready_at,
            starts_at=max(ready_at, self._free_at(self._ends(now))),
            rendering_seconds=self._drawn(usual_rendering(ask.film)),
        )
        self._write(generation)
        return generation

    def __getitem__(self, generation_id: str) -> Generation:
        """As it is now: a cancellation, or one ahead of it, changes it."""
        return self._book[generation_id]

    def find(self, generation_id: str) -> Generation | None:
        return self._book.get(generation_id)

    def find_by_media(self, token: str) -> Generation | None:
        return self._book.get(self._by_token.get(token, ""))

    def marked(self, dialect: str, mark: str) -> list[Generation]:
        """In the order in which they were asked for."""
        return [self._book[each] for each in self._by_mark.get((dialect, mark), [])]

    def phase(self, generation: Generation) -> Phase:
        return generation.phase(self._clock.now())

    def ahead(self, generation: Generation) -> int:
        """How many of those in the queue start before this one."""
        now = self._clock.now()
        waiting = (other for other in self._unended(now) if other.phase(now) is Phase.QUEUED)
        return sum(other.starts_at < generation.starts_at for other in waiting)

    def cancel(self, generation: Generation) -> bool:
        """Return False when it had ended. Those that wait behind it move up."""
        now = self._clock.now()
        if generation.phase(now) is Phase.ENDED:
            return False
        self._write(replace(generation, cancelled_at=now))
        self._reschedule(now)
        return True

    def _drawn(self, median: float) -> float:
        return median * math.exp(self._chance.gauss(0, SPREAD)) / self._speed

    def _unused(self, identify: Callable[[random.Random], str]) -> str:
        """Draw again what is taken: restarted with a fixed random seed, the first draws are the same."""
        while (drawn := identify(self._chance)) in self._book:
            pass
        return drawn

    def _unended(self, now: float) -> list[Generation]:
        for generation_id in [each for each in self._going if self._book[each].ends_at <= now]:
            del self._going[generation_id]
        return [self._book[each] for each in self._going]

    def _ends(self, now: float) -> list[float]:
        """When the runners that are taken, or spoken for, become free. An endless one holds none up."""
        return sorted(each.ends_at for each in self._unended(now) if not each.ask.endless)

    def _free_at(self, ends: list[float]) -> float:
        return ends[-self._runners] if len(ends) >= self._runners else -math.inf

    def _reschedule(self, now: float) -> None:
        unended = self._unended(now)
        taken = (each for each in unended if each.phase(now) is Phase.RENDERING)
        ends = sorted(each.ends_at for each in taken if not each.ask.endless)
        for waiting in [each for each in unended if each.phase(now) is Phase.QUEUED]:
            starts_at = max(waiting.ready_at, now, self._free_at(ends))
            moved = replace(waiting, starts_at=starts_at)
            self._write(moved)
            if not moved.ask.endless:
                insort(ends, moved.ends_at)

    def _remember(self, generation: Generation) -> None:
        if generation.ask.mark is not None and generation.id not in self._book:
            self._by_mark.setdefault((generation.ask.dialect, generation.ask.mark), []).append(generation.id)
        self._book[generation.id] = generation
        self._by_token[generation.media_token] = generation.id
        self._going[generation.id] = None

    def _write(self, generation: Generation) -> None:
        if generation == self._book.get(generation.id):
            return
        self._remember(generation)
        if self._folder:
            page = self._folder / f"{quote(generation.id, safe='')}.json"
            draft = page.with_suffix(".new")
            draft.write_bytes(BOOK_ENTRY.dump_json(generation))
            draft.replace(page)

    def _written_down(self) -> list[Generation]:
        if not self._folder:
            return []
        self._folder.mkdir(parents=True, exist_ok=True)
        pages = (BOOK_ENTRY.validate_json(page.read_bytes()) for page in self._folder.glob("*.json"))
        return sorted(pages, key=lambda generation: generation.number)


def usual_rendering(film: Film) -> float:
    """Median seconds on a runner."""
    extras = 1 + 0.15 * film.audio + 0.2 * film.multi_clip
    return RENDERING_MEDIAN * TIMES_LONGER[film.resolution] * math.pow(film.seconds / 5, 0.9) * extras
