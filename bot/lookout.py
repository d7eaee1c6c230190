"""How things stand at this very moment, for those who look after the bot."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue import PROVIDERS
from bot.gate import State
from bot.histogram import Histogram
from bot.house import House
from bot.meter import CALL_BOUNDS
from bot.survey import Stretch, Survey

MOSTLY = 0.9

LATELY = 200
"""So many of the latest clips tell how long a provider takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """To one provider."""

    provider: str
    """Its name."""
    state: State
    inside: int
    room: int
    opens_in: float | None
    """Seconds until a closed one is tried again; `None` for one that is open, or being tried."""
    answers: float | None
    """Seconds in which it answers nine of ten calls; `None` where it was not asked since the start."""
    took: float | None
    """Seconds that half of its latest clips stayed under; `None` where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    stretches: Sequence[Stretch]
    ways: Sequence[Way]
    paused: str | None
    """Why nobody's orders are taken."""

    @property
    def jobs(self) -> int:
        """Under way."""
        return sum(stretch.jobs for stretch in self.stretches)

    @property
    def oldest(self) -> datetime | None:
        """When the first of them was ordered."""
        return min((stretch.ordered_at for stretch in self.stretches), default=None)


class Lookout:
    def __init__(self, house: House, survey: Survey) -> None:
        self._house = house
        self._survey = survey

    async def situation(self) -> Situation:
        took = _typical(await self._survey.took_lately(LATELY))
        used = dict.fromkeys(offer.provider for offer in self._house.terms.offers)
        return Situation(
            stretches=await self._survey.under_way(),
            ways=[self._way(provider, took) for provider in used],
            paused=await self.why_paused(""),
        )

    async def why_paused(self, chat: str) -> str | None:
        """Why orders are not taken there; without a chat, why nobody's are. `None` where they are taken."""
        return await self._house.rulebook.why_paused(chat)

    def _way(self, provider: str, took: Mapping[str, float]) -> Way:
        now, gate = self._house.clock.steady(), self._house.gates[provider]
        opens_at = gate.opens_at(now)
        return Way(
            provider=PROVIDERS[provider],
            state=gate.state(now),
            inside=gate.inside,
            room=gate.room,
            opens_in=(opens_at - now).total_seconds() if opens_at else None,
            answers=self._answers(provider),
            took=took.get(provider),
        )

    def _answers(self, provider: str) -> float | None:
        every = Histogram(CALL_BOUNDS)
        for (asked, _), calls in self._house.meter.calls.items():
            if asked == provider:
                every.buckets = [sum(counts) for counts in zip(every.buckets, calls.buckets, strict=True)]
        return every.quantile(MOSTLY)


def _typical(clips: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    """Of each provider; the clips tell theirs, and how many seconds each took."""
    by_provider: defaultdict[str, list[float]] = defaultdict(list)
    for provider, seconds in clips:
        by_provider[provider].append(seconds)
    return {provider: statistics.median(seconds) for provider, seconds in by_provider.items()}
