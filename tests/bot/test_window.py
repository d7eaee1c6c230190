"""From when until when use is counted together."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.window import Calendar, Rolling, frame

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [UTC, BERLIN, *map(ZoneInfo, ("America/New_York", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia"))]
MOMENTS = st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is the next argument


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("window", "at", "since", "until"),
    [
        (Calendar.HOUR, "2026-07-01T10:59:59", "2026-07-01T10:00", "2026-07-01T11:00"),
        (Calendar.DAY, "2026-07-01T21:59", "2026-06-30T22:00", "2026-07-01T22:00"),
        (Calendar.DAY, "2026-07-01T22:00", "2026-07-01T22:00", "2026-07-02T22:00"),
        (Calendar.WEEK, "2026-07-01T10:00", "2026-06-28T22:00", "2026-07-05T22:00"),
        (Calendar.MONTH, "2026-12-31T22:59", "2026-11-30T23:00", "2026-12-31T23:00"),
        (Calendar.MONTH, "2026-02-10T10:00", "2026-01-31T23:00", "2026-02-28T23:00"),
        # In spring a day has 23 hours, in autumn 25, and one hour comes twice.
        (Calendar.DAY, "2026-03-29T10:00", "2026-03-28T23:00", "2026-03-29T22:00"),
        (Calendar.DAY, "2026-10-25T10:00", "2026-10-24T22:00", "2026-10-25T23:00"),
        (Calendar.HOUR, "2026-10-25T00:30", "2026-10-25T00:00", "2026-10-25T01:00"),
        (Calendar.HOUR, "2026-10-25T01:30", "2026-10-25T01:00", "2026-10-25T02:00"),
    ],
)
def test_a_calendar_window_begins_and_ends_by_the_clocks_of_the_zone(
    window: Calendar, at: str, since: str, until: str
) -> None:
    found = frame(window, utc(at), BERLIN)
    assert (found.since, found.until) == (utc(since), utc(until))


def test_a_day_whose_midnight_is_skipped_begins_when_the_clocks_have_jumped() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    assert frame(Calendar.DAY, utc("2018-11-04T12:00"), sao_paulo).since == utc("2018-11-04T03:00")


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(at=MOMENTS, window=st.sampled_from(Calendar))
def test_every_moment_is_in_one_window_that_the_next_one_follows(
    zone: ZoneInfo, at: datetime, window: Calendar
) -> None:
    found = frame(window, at, zone)
    assert found.until is not None
    assert found.since <= at < found.until
    assert frame(window, found.since, zone) == found
    assert frame(window, found.until, zone).since == found.until


@given(at=MOMENTS)
def test_a_use_leaves_a_rolling_window_exactly_its_length_later(at: datetime) -> None:
    day = Rolling(timedelta(hours=24))
    last = at + timedelta(hours=24, microseconds=-1)
    assert frame(day, last, UTC).since <= at < frame(day, at + timedelta(hours=24), UTC).since
