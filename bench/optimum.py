"""The best that looks could do if it was known how probable each duration is."""

import math
from functools import cache

import numpy as np

from bench.worlds import MEDIAN, Waited

STEP = 0.5
"""Seconds between the ages at which a look may be."""

PRICES = np.geomspace(0.02, 20, 24)
"""Seconds of lag that a look is worth."""

_SIGMAS = 4.5
"""So far out nothing ends any more."""


@cache
def best(sigma: float) -> tuple[Waited, ...]:
    """For durations that are spread like that around the median: the least lag for more and more looks."""
    return tuple(_best(sigma, price) for price in PRICES[::-1])


def least_lag(sigma: float, looks: float) -> float:
    """Between two of the best, neither is better than both mixed."""
    lags, counts = zip(*best(sigma), strict=True)
    return float(np.interp(looks, counts, lags))


def _best(sigma: float, price: float) -> Waited:
    """From the last age back to the first: after a look that says "not yet", the next one is where both cost least."""
    ages = np.arange(0, MEDIAN * math.exp(_SIGMAS * sigma) + STEP, STEP)
    middles = ages[:-1] + STEP / 2
    ends = np.exp(-((np.log(middles / MEDIAN) / sigma) ** 2) / 2) / middles
    ends /= ends.sum()
    ended = np.concatenate([[0], np.cumsum(ends)])
    waited = np.concatenate([[0], np.cumsum(ends * middles)])
    costs, lags, looks = (np.zeros(len(ages)) for _ in range(3))
    for now in range(len(ages) - 2, -1, -1):
        then = slice(now + 1, None)
        lag = ages[then] * (ended[then] - ended[now]) - (waited[then] - waited[now])
        cost = lag + costs[then]
        first = int(np.argmin(cost))
        left = 1 - ended[now]
        costs[now] = price * left + cost[first]
        lags[now] = lag[first] + lags[now + 1 + first]
        looks[now] = left + looks[now + 1 + first]
    return Waited(lags[0], looks[0])
