"""How much Telegram takes, and what for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.telegram import pace as pace_module
from adapters.chat.telegram.pace import GROUP, OVERALL, PRIVATE, Lane, Pace
from tests.stage import HandClock

steady = settings(derandomize=True, deadline=None, database=None)
GROUP_CHAT, ALONE = "-100", "100"


def spent(pace: Pace, chat: str, lane: Lane, calls: int) -> None:
    for _ in range(calls):
        with pace.call(chat, lane):
            pass


def test_a_call_may_be_made_where_none_was() -> None:
    assert Pace(HandClock()).wait(ALONE, Lane.PROGRESS) == 0


def test_edits_keep_their_distance_and_what_ends_a_job_does_not() -> None:
    pace = Pace(HandClock())
    spent(pace, ALONE, Lane.PROGRESS, 1)
    spent(pace, GROUP_CHAT, Lane.PROGRESS, 1)
    assert pace.wait(ALONE, Lane.PROGRESS) == 3
    assert pace.wait(GROUP_CHAT, Lane.PROGRESS) == 6
    assert pace.wait(GROUP_CHAT, Lane.FINAL) == 0


def test_each_lane_has_its_share_of_a_chat() -> None:
    pace, taken = Pace(HandClock()), []
    for lane in (Lane.PROGRESS, Lane.REPLY, Lane.FINAL):
        while pace.wait(GROUP_CHAT, lane) == 0:
            taken.append(lane)
            spent(pace, GROUP_CHAT, Lane.REPLY, 1)
    assert [taken.count(lane) for lane in Lane] == [8, 7, 5]


def test_room_comes_back_when_the_first_call_is_a_window_ago() -> None:
    clock = HandClock()
    pace = Pace(clock)
    spent(pace, ALONE, Lane.FINAL, 2)
    clock.forward(1)
    spent(pace, ALONE, Lane.FINAL, 3)
    assert pace.wait(ALONE, Lane.FINAL) == 4
    clock.forward(4)
    assert pace.wait(ALONE, Lane.FINAL) == 0


def test_a_call_under_way_takes_room_although_nobody_knows_until_when() -> None:
    pace = Pace(HandClock())
    with pace.call(ALONE, Lane.FINAL), pace.call(ALONE, Lane.FINAL):
        spent(pace, ALONE, Lane.FINAL, 3)
        assert pace.wait(ALONE, Lane.FINAL) == 5
    with pace.call(ALONE, Lane.REPLY), pace.call(ALONE, Lane.REPLY):
        assert pace.wait(ALONE, Lane.PROGRESS) == 2.5


def test_a_call_that_fails_was_made() -> None:
    pace = Pace(HandClock())
    with pytest.raises(ConnectionError), pace.call(ALONE, Lane.PROGRESS):
        raise ConnectionError
    assert pace.wait(ALONE, Lane.PROGRESS) == 3


def test_a_closed_chat_is_closed_to_every_lane_and_nobody_else() -> None:
    clock = HandClock()
    pace = Pace(clock)
    pace.close(ALONE, 40)
    assert [pace.wait(ALONE, lane) for lane in Lane] == [40, 40, 40]
    assert pace.wait(GROUP_CHAT, Lane.PROGRESS) == 0
    clock.forward(40)
    assert pace.wait(ALONE, Lane.PROGRESS) == 0


def test_all_chats_together_have_a_limit_too() -> None:
    pace = Pace(HandClock())
    for chat in range(OVERALL):
        spent(pace, str(chat), Lane.REPLY, 1)
    assert pace.wait("new", Lane.FINAL) == 1


def test_chats_that_are_quiet_are_forgotten_and_those_that_count_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "MOST_CHATS", 2)
    clock = HandClock()
    pace = Pace(clock)
    spent(pace, ALONE, Lane.FINAL, PRIVATE.calls)
    pace.close(GROUP_CHAT, 100)
    spent(pace, "200", Lane.FINAL, 1)
    spent(pace, "300", Lane.FINAL, 1)
    assert pace.wait(ALONE, Lane.FINAL) > 0
    clock.forward(50)
    spent(pace, "300", Lane.FINAL, 1)
    assert pace.wait(GROUP_CHAT, Lane.FINAL) == 50
    assert len(pace) == 2


@steady
@given(st.lists(st.tuples(st.sampled_from(Lane), st.floats(0, 10)), max_size=60), st.sampled_from([ALONE, GROUP_CHAT]))
def test_whoever_waits_as_told_never_exceeds_what_telegram_takes(calls: list[tuple[Lane, float]], chat: str) -> None:
    clock, made = HandClock(), []
    pace, room = Pace(clock), PRIVATE if chat == ALONE else GROUP
    for lane, seconds in calls:
        clock.forward(seconds)
        while (wait := pace.wait(chat, lane)) > 0:
            clock.forward(wait)
        spent(pace, chat, lane, 1)
        made.append(clock.steady())
    for first, after in zip(made, made[room.calls :], strict=False):
        assert (after - first).total_seconds() >= room.seconds - 0.001


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    clock = HandClock()
    pace = Pace(clock)
    pace.close("-1", 600)
    pace.close("-1", 3)
    assert pace.wait("-1", Lane.FINAL) == 600


def test_calls_that_count_for_no_chat_count_for_all() -> None:
    clock = HandClock()
    pace = Pace(clock)
    for _ in range(OVERALL):
        assert pace.wait_overall() == 0
        with pace.any_call():
            pass
    assert pace.wait_overall() == 1
    assert pace.wait("1", Lane.FINAL) == 1
