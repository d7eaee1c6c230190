"""How often something came to how much, in buckets: what a long run has seen takes no more room than a short one."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class Histogram:
    def __init__(self, bounds: Sequence[float]) -> None:
        """`bounds` are the upper ends of the buckets, of which there is one more."""
        self.bounds = bounds
        self.buckets = [0] * (len(bounds) + 1)
        """Each value is counted in one of them."""
        self.total = 0.0

    def note(self, value: float) -> None:
        self.buckets[bisect_left(self.bounds, value)] += 1
        self.total += value

    def quantile(self, share: float) -> float | None:
        """What so large a share of the values keeps below, as far as the buckets tell; `None` where there are none."""
        counts = list(accumulate(self.buckets))
        if not counts[-1]:
            return None
        wanted = share * counts[-1]
        number = bisect_left(counts, wanted)
        if number == len(self.bounds):
            return self.bounds[-1]
        low = self.bounds[number - 1] if number else 0.0
        within = (wanted - counts[number] + self.buckets[number]) / (self.buckets[number] or 1)
        return low + (self.bounds[number] - low) * within
