"""The stretches of time over which use is counted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import assert_never

_TICK = timedelta(microseconds=1)


class Calendar(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rolling:
    """Any stretch of this length, so that each use leaves it that long after it entered."""

    length: timedelta


Window = Calendar | Rolling


@dataclass(frozen=True, slots=True)
class Frame:
    """The window around one moment: from its first instant to the first one after it."""

    since: datetime
    until: datetime | None
    """`None` for a rolling window, in which what a clock that ran ahead wrote down counts as well."""


def frame(window: Window, at: datetime, zone: tzinfo) -> Frame:
    """In UTC. A day of the zone is as long as its clocks make it."""
    if isinstance(window, Rolling):
        return Frame(at.astimezone(UTC) - window.length + _TICK, None)
    here = at.astimezone(zone)
    match window:
        case Calendar.HOUR:
            # Reckoned in UTC, because the zone may have the same hour twice.
            past = timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
            since = at.astimezone(UTC) - past
            return Frame(since, since + timedelta(hours=1))
        case Calendar.DAY:
            first = here
            after = here + timedelta(days=1)
        case Calendar.WEEK:
            first = here - timedelta(days=here.weekday())
            after = first + timedelta(days=7)
        case Calendar.MONTH:
            first = here.replace(day=1)
            after = (first + timedelta(days=31)).replace(day=1)
        case _:
            assert_never(window)
    return Frame(_midnight(first, zone), _midnight(after, zone))


def _midnight(day: datetime, zone: tzinfo) -> datetime:
    """The day's first instant, also where its clocks skip midnight or have it twice."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
