"""Moments by the operator's clocks."""

from datetime import date, datetime, time, timedelta, tzinfo

from bot.ports import Clock
from bot.span import span
from bot.speech import current, number, say
from bot.terms import Terms

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Clocks:
    """Those of the zone that the operator's file names, which may be another one tomorrow."""

    def __init__(self, clock: Clock, terms: Terms) -> None:
        self._clock = clock
        self._terms = terms

    @property
    def zone(self) -> tzinfo:
        return self._terms.rules.zone

    def now(self) -> datetime:
        return self._clock.now()

    def today(self) -> date:
        return self.now().astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """With which the day begins."""
        return datetime.combine(day, time(), self.zone)


def short_moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """As much of it as tells it from other moments that may stand beside it."""
    here, today = at.astimezone(zone), now.astimezone(zone)
    if here.date() == today.date():
        return f"{here:%H:%M}"
    return _on_its_day(here, f"{here:%H:%M}") if here.year == today.year else current().date(here)


def exact_moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """To the second."""
    here, today = at.astimezone(zone), now.astimezone(zone)
    return f"{here:%H:%M:%S}" if here.date() == today.date() else _on_its_day(here, f"{here:%H:%M:%S}")


def day_and_time(at: datetime, zone: tzinfo) -> str:
    here = at.astimezone(zone)
    return say("{day}, {time}", day=current().date(here), time=f"{here:%H:%M:%S %Z}")


def short_day(day: date) -> str:
    return current().short_day(datetime.combine(day, time()))


def lasting(length: timedelta | float) -> str:
    """Seconds, or a length of time, in the two largest units: `3 min 5 s` or `2 d 4 h`."""
    seconds = max(0, round(length.total_seconds() if isinstance(length, timedelta) else length))
    if seconds < _HOUR:
        return span(seconds)
    if seconds < _DAY:
        return say("{hours} h {minutes} min", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)
    return say("{days} d {hours} h", days=number(seconds // _DAY), hours=seconds % _DAY // _HOUR)


def _on_its_day(at: datetime, moment: str) -> str:
    return say("{day}, {time}", day=current().short_day(at), time=moment)
