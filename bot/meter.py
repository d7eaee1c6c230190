"""What happened since the start, in numbers: counted where it happens, read by whoever shows it.

Everything is counted by names that come from here, such as a phase or a provider, and nothing by what came from a chat.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bot.histogram import Histogram
from bot.job import ENDS, Entry, EntryKind, Job, Phase
from bot.money import Micros
from bot.ports import Clock
from bot.trouble import Trouble

CALL_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds, of one call to somebody else."""

STAY_BOUNDS = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 7200.0, 86400.0)
"""Seconds, of what takes as long as a job does."""

LAG_BOUNDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds between the end of a generation and its being seen."""

SIZES = ((10 * 1024 * 1024, "up to 10 MiB"), (50_000_000, "up to 50 MB"), (math.inf, "above 50 MB"))
"""Bytes: what Discord takes where nobody pays for more, what Telegram takes, and what neither does."""

DOUBTFUL = "doubtful"
"""Money that nobody knows of whether it was spent."""


class Meter:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.accepted: Counter[tuple[str, str]] = Counter()
        """Jobs, by platform and provider."""
        self.ended: Counter[tuple[Phase, str, str]] = Counter()
        """Jobs, by how, why if they failed, and provider."""
        self.stays = {phase: Histogram(STAY_BOUNDS) for phase in Phase if phase not in ENDS}
        self.orders = Histogram(STAY_BOUNDS)
        """Seconds from the order to the clip in the chat."""
        self.money: Counter[tuple[str, str]] = Counter()
        """Micro-dollars by what became of them and provider. What is neither settled nor refunded is held."""
        self.calls: defaultdict[tuple[str, str], Histogram] = defaultdict(partial(Histogram, CALL_BOUNDS))
        """Seconds, by provider and call."""
        self.troubles: Counter[tuple[str, str, str]] = Counter()
        """By provider, call, and what it means."""
        self.lags: defaultdict[str, Histogram] = defaultdict(partial(Histogram, LAG_BOUNDS))
        """Seconds by which clips were at most seen late, by provider."""
        self.deliveries: Counter[tuple[str, str, str]] = Counter()
        """Tries, by platform, size and what came of them."""
        self.sendings: defaultdict[str, Histogram] = defaultdict(partial(Histogram, CALL_BOUNDS))
        """Seconds of those that went well, by platform."""
        self.waits: defaultdict[str, Histogram] = defaultdict(partial(Histogram, CALL_BOUNDS))
        """Seconds for which a platform told us to be quiet."""

    def accept(self, job: Job) -> None:
        provider = job.offer.provider
        self.accepted[job.place.platform, provider] += 1
        self.money[EntryKind.RESERVE, provider] += job.price

    def note(self, before: Job, now: Job, entry: Entry | None) -> None:
        """One change of a job, as it was written down."""
        if entry:
            self._book(before, now, entry)
        if now.phase is before.phase:
            return
        self.stays[before.phase].note(max(0.0, (now.phase_since - before.phase_since).total_seconds()))
        if now.phase in ENDS:
            why = now.failure.kind.value if now.failure else ""
            self.ended[now.phase, why, now.offer.provider] += 1
        if now.phase is Phase.DELIVERED:
            self.orders.note(max(0.0, (now.phase_since - now.ordered_at).total_seconds()))

    def _book(self, before: Job, now: Job, entry: Entry) -> None:
        match entry.kind:
            case EntryKind.ADJUST:
                # It is held at another price, and maybe by somebody else.
                self._pay(EntryKind.REFUND, before, before.price)
                self._pay(EntryKind.RESERVE, now, now.price)
            case EntryKind.REFUND:
                self._pay(EntryKind.REFUND, now, now.price)
                if now.phase is Phase.UNRESOLVED:
                    self._pay(DOUBTFUL, now, now.price)
            case kind:
                self._pay(kind, now, entry.amount)

    def _pay(self, what: str, job: Job, amount: Micros) -> None:
        self.money[what, job.offer.provider] += amount

    @contextmanager
    def asking(self, provider: str, call: str) -> Iterator[None]:
        begun = self._clock.steady()
        try:
            yield
        except Trouble as trouble:
            self.troubles[provider, call, type(trouble).__name__] += 1
            raise
        finally:
            self.calls[provider, call].note((self._clock.steady() - begun).total_seconds())

    @contextmanager
    def sending(self, job: Job) -> Iterator[None]:
        """One try to deliver a clip."""
        platform, begun, outcome = job.place.platform, self._clock.steady(), "BrokenOff"
        try:
            yield
            outcome = "Sent"
            self.sendings[platform].note((self._clock.steady() - begun).total_seconds())
        except Trouble as trouble:
            outcome = type(trouble).__name__
            raise
        finally:
            self.deliveries[platform, _size_class(job), outcome] += 1


def _size_class(job: Job) -> str:
    size = job.clip.size if job.clip else 0
    return next(name for most, name in SIZES if size <= most)
