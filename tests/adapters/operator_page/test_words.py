"""How the page says things."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.operator_page.chart import chart
from adapters.operator_page.moments import exact_moment, lasting, short_moment
from adapters.operator_page.words import about_dollars, bytes_words, chat_words, quickly, short_chat, state_words
from bot.gate import State
from bot.lookout import Way
from bot.money import Micros
from bot.survey import Sum

EVENING = datetime(2026, 3, 1, 23, 30, 5, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("state", "opens_in", "words"),
    [
        (State.OPEN, None, "takes orders"),
        (State.FULL, None, "full, others wait"),
        (State.CLOSED, 90.0, "tried again in 1 min 30 s"),
        (State.CLOSED, None, "being tried again"),
        (State.HOPELESS, 9.0, "out of service: look at its key, its account and its own status page"),
    ],
)
def test_how_a_provider_does_is_said_in_words(state: State, opens_in: float | None, words: str) -> None:
    way = Way(provider="fal", state=state, inside=0, room=2, opens_in=opens_in, answers=None, took=None)
    assert state_words(way) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (-3.0, "0 s"),
        (59.4, "59 s"),
        (timedelta(minutes=3, seconds=5), "3 min 5 s"),
        (timedelta(hours=2, minutes=1), "2 h 1 min"),
        (timedelta(days=40, hours=4), "40 d 4 h"),
    ],
)
def test_a_length_of_time_has_two_units_at_most(length: timedelta | float, words: str) -> None:
    assert lasting(length) == words


def test_a_moment_is_told_by_the_operators_clocks_and_as_short_as_can_be() -> None:
    night = EVENING + timedelta(hours=1)
    assert short_moment(EVENING, night, BERLIN) == "00:30"
    assert short_moment(EVENING, night, UTC) == "01 Mar, 23:30"
    assert short_moment(EVENING, EVENING + timedelta(days=365), UTC) == "01 March 2026"
    assert exact_moment(EVENING, EVENING, UTC) == "23:30:05"
    assert exact_moment(EVENING, night, UTC) == "01 Mar, 23:30:05"


def test_bytes_money_and_chats_are_told_as_far_as_it_matters() -> None:
    assert [bytes_words(count) for count in (12, 2048, 5 << 20, 3 << 29)] == ["12 B", "2 KiB", "5 MiB", "1.5 GiB"]
    assert [quickly(0.0426), quickly(2.0)] == ["43 ms", "2 s"]
    assert about_dollars(Micros(21_559_400)) == "$21.56"
    assert [chat_words("telegram:-100"), chat_words("nowhere")] == ["Telegram -100", "nowhere"]
    assert [short_chat("web:lobby"), short_chat("discord:1163420987766554433")] == ["Web lobby", "Discord …554433"]


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 0.01), (0.04, 0.04), (0.05, 0.06), (1.7, 2.0), (2.55, 3.0), (99.0, 100.0), (12_345.67, 15_000.0)],
)
def test_the_guides_of_the_chart_are_few_and_round_and_above_every_bar(highest: float, top: float) -> None:
    spent = Micros(round(highest * 1_000_000))
    drawn = chart([Sum(key="2026-01-01", name="", clips=1, spent=spent, reserved=Micros(0))])
    assert len(drawn.guides) <= 6
    assert drawn.guides[-1].amount == round(top * 1_000_000)
    assert drawn.bars[0].head >= drawn.guides[-1].y


def test_a_year_has_no_more_labels_than_can_be_read() -> None:
    days = [EVENING.date() + timedelta(days=number) for number in range(365)]
    drawn = chart([Sum(key=f"{day}", name="", clips=0, spent=Micros(0), reserved=Micros(0)) for day in days])
    assert sum(bar.is_labelled for bar in drawn.bars) == 8
    assert drawn.bars[-1].x + drawn.bars[-1].width <= drawn.width
