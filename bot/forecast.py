"""How long something takes, learnt from looks that said "not yet" and "done"."""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise

FIRST, LAST, GROWTH = 0.1, 2000.0, 0.025
"""Seconds where the scale of ages begins and ends, and by which part of itself each step is longer than the last."""

EDGES = (0.0, *(FIRST * math.exp(GROWTH * number) for number in range(math.ceil(math.log(LAST / FIRST) / GROWTH) + 1)))
WIDTHS = tuple(later - earlier for earlier, later in pairwise(EDGES))

MEMORIES = (8, 40, 200)
"""After so many others one counts a third as much. Which memory foretells best is learnt as well."""

SWITCH = 0.03
"""How readily another memory is believed."""

USUAL, SPREAD = 90.0, 0.6
"""What is believed before anything was seen: the median in seconds, and how wide around it."""

BELIEF, FLOOR = 0.3, 0.007
"""For how many seen ones that counts, and its share however many were seen: anything may happen."""

_BLUR = (0.25, 0.5, 0.25)
"""No two take exactly as long."""

Steps = Sequence[tuple[int, float]]
"""Steps of the scale with something of each."""


class Forecast:
    def __init__(self) -> None:
        self.count = 0
        """How many were seen."""
        self._memories = tuple(_Memory(length) for length in MEMORIES)
        self._trust = [1 / len(MEMORIES)] * len(MEMORIES)

    def learn(self, after: float, by: float) -> None:
        """One took longer than the first and no longer than the second, in seconds."""
        steps = _between(after, by)
        believed = sum(part * _PRIOR[step] for step, part in steps)
        likely = [memory.likelihood(steps, believed) for memory in self._memories]
        whole = sum(trust * each for trust, each in zip(self._trust, likely, strict=True))
        seen = _blurred([(step, part * self._share(step)) for step, part in steps])
        self._trust = [
            (1 - SWITCH) * trust * each / whole + SWITCH / len(MEMORIES)
            for trust, each in zip(self._trust, likely, strict=True)
        ]
        for memory in self._memories:
            memory.add(seen)
        self.count += 1
        for known in ("shares", "_learnt"):
            self.__dict__.pop(known, None)

    @cached_property
    def shares(self) -> list[float]:
        """How probable it is, for each step of the scale, that one ends in it."""
        ground = 1 - sum(self._weights)
        return [share + ground * prior for share, prior in zip(self._learnt, _PRIOR, strict=True)]

    def quantile(self, share: float) -> float:
        """The seconds that this share of those that were seen stayed under."""
        sums = list(accumulate(self._learnt))
        wanted = share * sums[-1]
        step = bisect_right(sums, wanted)
        return EDGES[step + 1] - WIDTHS[step] * (sums[step] - wanted) / self._learnt[step]

    @property
    def mean(self) -> float:
        """Seconds, of those that were seen."""
        ended = zip(self._learnt, pairwise(EDGES), strict=True)
        return sum(share * (start + end) / 2 for share, (start, end) in ended) / sum(self._weights)

    @cached_property
    def _learnt(self) -> list[float]:
        """The part of the shares that stands on what was seen."""
        short, middle, long = (
            [each * weight / memory.count for each in memory.shares]
            for weight, memory in zip(self._weights, self._memories, strict=True)
        )
        return [a + b + c for a, b, c in zip(short, middle, long, strict=True)]

    @property
    def _weights(self) -> list[float]:
        """What each memory contributes; the rest is belief."""
        return [
            (1 - FLOOR) * trust * memory.count / (memory.count + BELIEF)
            for trust, memory in zip(self._trust, self._memories, strict=True)
        ]

    def _share(self, step: int) -> float:
        known = (
            weight * memory.shares[step] / (memory.count or 1.0)
            for weight, memory in zip(self._weights, self._memories, strict=True)
        )
        return sum(known) + (1 - sum(self._weights)) * _PRIOR[step]


class _Memory:
    def __init__(self, length: int) -> None:
        self._keep = 1 - 1 / length
        self.shares = array("d", bytes(8 * len(WIDTHS)))
        """How many ended in each step."""
        self.count = 0.0
        """How many are remembered."""

    def likelihood(self, steps: Steps, believed: float) -> float:
        """Of an end somewhere in these steps, in which so much is believed to end."""
        known = sum(part * self.shares[step] for step, part in steps)
        return (1 - FLOOR) * (known + BELIEF * believed) / (self.count + BELIEF) + FLOOR * believed

    def add(self, seen: Steps) -> None:
        self.shares = array("d", [share * self._keep for share in self.shares])
        whole = sum(share for _, share in seen)
        for step, share in seen:
            self.shares[step] += share / whole
        self.count = self.count * self._keep + 1


def _between(after: float, by: float) -> Steps:
    """The steps between two ages, with the part of each that lies between them; never nothing."""
    by = min(max(by, EDGES[1]), EDGES[-1])
    after = min(max(after, 0.0), by * (1 - GROWTH / 2))
    steps = range(bisect_right(EDGES, after) - 1, bisect_left(EDGES, by))
    return [(step, (min(by, EDGES[step + 1]) - max(after, EDGES[step])) / WIDTHS[step]) for step in steps]


def _blurred(seen: Steps) -> Steps:
    last = len(WIDTHS) - 1
    return [
        (min(max(step + offset, 0), last), share * weight)
        for step, share in seen
        for offset, weight in zip((-1, 0, 1), _BLUR, strict=True)
    ]


def _prior() -> list[float]:
    """What is believed, as it falls on the scale; nowhere nothing."""
    ended = [0.0, *(0.5 + math.erf(math.log(edge / USUAL) / SPREAD / math.sqrt(2)) / 2 for edge in EDGES[1:])]
    shares = [max(later - earlier, 1e-9) for earlier, later in pairwise(ended)]
    return [share / sum(shares) for share in shares]


_PRIOR = _prior()
