"""Limits that a new operator is proposed, and what they cost at most."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from pathlib import Path

from bot.catalogue import DEFAULT_RESOLUTION, DEFAULT_SECONDS, PROVIDERS, Offer, shot_of
from bot.money import Micros, shown
from bot.phrase import NoLimit, counted_videos, limit_of
from bot.request import VideoRequest

PEOPLE, EACH = 20, 3

_MONTH = 31
_USED = 3
"""Of so many that could be ordered, about one is: few use all that they may."""

_LOCALTIME = Path("/etc/localtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    people: int
    each: int
    """Videos a day."""
    cap: str
    """Of all together in a month, as it is written in the file: `$120`."""
    zone: str

    def text(self, offer: Offer) -> str:
        """Of `rushes.toml`."""
        return f"""\
# Written by `rushes setup`; rushes.example.toml shows all that can stand here.
# {estimate(self.people, self.each, offer)}.

[time]
# By whose clocks days begin.
zone = "{self.zone}"

[limits]
# What each person may use, everywhere together.
each = ["{counted_videos(self.each)} a day"]

[bot]
# For everybody together. Operators are told at 50, 75, 90 and 100 %.
cap = ["{self.cap} a month"]
"""


def a_day(people: int, each: int, offer: Offer) -> Micros:
    """What everybody together can order at most, if nobody asks for more than what is usual."""
    return Micros(people * each * _price(offer))


def estimate(people: int, each: int, offer: Offer) -> str:
    return (
        f"{people:,} people, {each:,} a day, {DEFAULT_RESOLUTION} {DEFAULT_SECONDS} s at {shown(_price(offer))} "
        f"from {PROVIDERS[offer.provider]}: at most {shown(a_day(people, each, offer))} a day"
    )


def usual_cap(people: int, each: int, offer: Offer) -> str:
    """For a month, in whole dollars."""
    month = Decimal(a_day(people, each, offer)) * _MONTH / _USED / 1_000_000
    return f"${month.quantize(Decimal(1), ROUND_UP)}"


def is_cap(typed: str) -> bool:
    try:
        limit_of(f"{typed} a month")
    except NoLimit:
        return False
    return typed.strip().startswith("$")


def usual_zone(zones: Collection[str]) -> str:
    """That of this machine, where it is one of these."""
    here = os.environ.get("TZ") or str(_LOCALTIME.resolve()).partition("/zoneinfo/")[2]
    return here if here in zones else "UTC"


def _price(offer: Offer) -> Micros:
    return offer.prices.price(shot_of(VideoRequest(prompt="")))
