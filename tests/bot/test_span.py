"""How long something takes, in words."""

import pytest

from bot.card import Usual
from bot.span import span, usual_time


@pytest.mark.parametrize(
    ("median", "ninety", "said"),
    [
        (0.2, 0.4, "usually 1 s"),
        (40, 55, "usually 40–55 s"),
        (80, 130, "usually 1½–2 min"),
        (31, 95, "usually ½–1½ min"),
        (120, 125, "usually 2 min"),
        (600, 900, "usually 10–15 min"),
    ],
)
def test_the_usual_time_is_rounded_to_what_people_say(median: float, ninety: float, said: str) -> None:
    assert usual_time(Usual(median, ninety)) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(-1, "0 s"), (0.4, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (125.6, "2 min 6 s")]
)
def test_a_time_span_is_minutes_and_seconds(seconds: float, said: str) -> None:
    assert span(seconds) == said
