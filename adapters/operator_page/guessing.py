"""Wrong tokens: each makes the next try wait longer, for whoever typed it and, more gently, for everybody."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from bot.ports import Clock

FORGOTTEN_AFTER = timedelta(hours=1)
MOST_REMEMBERED = 10_000
"""Addresses. Beyond them those that were quiet longest are forgotten; the wait of everybody still holds."""

_NOTHING = timedelta(0)
_DOUBLINGS = 20
_NETWORK = (1 << 64) - 1
"""Whoever has one address of the newer kind usually has so many that differ in these bits."""


@dataclass(frozen=True, slots=True)
class Patience:
    free: int
    """Wrong tokens that cost no time."""
    longest: timedelta

    def pause(self, wrong: int) -> timedelta:
        """A second after the first that is not free, and twice as long after each further one."""
        if wrong <= self.free:
            return _NOTHING
        return min(timedelta(seconds=1 << min(wrong - self.free - 1, _DOUBLINGS)), self.longest)


WITH_ONE = Patience(free=3, longest=timedelta(minutes=15))
WITH_ALL = Patience(free=30, longest=timedelta(seconds=30))
"""Strangers who guess from everywhere must not keep the operator out for long."""


@dataclass(slots=True)
class _Tries:
    wrong: int
    last: datetime
    until: datetime


class Guessing:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_address: OrderedDict[str, _Tries] = OrderedDict()
        self._all = _Tries(0, clock.steady(), clock.steady())

    def wait(self, address: str) -> timedelta:
        """For how long this address may not try."""
        now = self._clock.steady()
        known = self._by_address.get(_whole(address))
        return max(_NOTHING, self._all.until - now, known.until - now if known else _NOTHING)

    def wrong(self, address: str) -> timedelta:
        """For how long it may not try from now on."""
        now, key = self._clock.steady(), _whole(address)
        known = self._by_address.setdefault(key, _Tries(0, now, now))
        self._by_address.move_to_end(key)
        for tries, patience in ((known, WITH_ONE), (self._all, WITH_ALL)):
            tries.wrong = 1 if now - tries.last >= FORGOTTEN_AFTER else tries.wrong + 1
            tries.last, tries.until = now, now + patience.pause(tries.wrong)
        if len(self._by_address) > MOST_REMEMBERED:
            self._by_address.popitem(last=False)
        return self.wait(address)

    def right(self, address: str) -> None:
        self._by_address.pop(_whole(address), None)


def _whole(address: str) -> str:
    """The network that somebody has at home, where the address is of the newer kind."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or IPv6Address(int(found) & ~_NETWORK))
