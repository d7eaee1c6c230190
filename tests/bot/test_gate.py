"""When a provider is worth knocking at."""

from datetime import timedelta

import pytest

from bot.gate import PATIENCE, Gate, Gates, State
from bot.job import JobId
from tests.stage import NOON

A, B = JobId("a"), JobId("b")


def test_there_is_room_for_so_many_and_no_more() -> None:
    gate = Gate(1)
    gate.enter(A)
    assert gate.state(NOON) is State.FULL
    gate.leave(A)
    assert gate.state(NOON) is State.OPEN


def test_a_busy_provider_is_left_alone_ever_longer_but_never_over_a_minute() -> None:
    gate, now, pauses = Gate(9), NOON, []
    for _ in range(8):
        gate.busy(now)
        opens = gate.opens_at(now)
        assert opens is not None
        pauses.append((opens - now).total_seconds())
        now = opens
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_provider_that_says_when_is_not_asked_before() -> None:
    gate = Gate(9)
    gate.busy(NOON, retry_after=300)
    assert gate.state(NOON + timedelta(seconds=299)) is State.CLOSED
    assert gate.state(NOON + timedelta(seconds=300)) is State.OPEN


def test_many_that_fail_together_count_once() -> None:
    gate = Gate(9)
    for _ in range(5):
        gate.busy(NOON)
    assert gate.opens_at(NOON) == NOON + timedelta(seconds=2)


def test_after_a_pause_one_goes_in_and_the_others_only_when_it_was_answered() -> None:
    gate, rested = Gate(9), NOON + timedelta(seconds=2)
    gate.busy(NOON)
    assert gate.state(rested) is State.OPEN
    gate.enter(A)
    assert gate.state(rested) is State.CLOSED
    assert gate.opens_at(rested) is None
    gate.answered()
    assert gate.state(rested) is State.OPEN


def test_a_probe_that_went_away_without_an_answer_makes_room_for_another() -> None:
    gate, rested = Gate(9), NOON + timedelta(seconds=2)
    gate.busy(NOON)
    gate.enter(A)
    gate.leave(B)
    assert gate.state(rested) is State.CLOSED
    gate.leave(A)
    assert gate.state(rested) is State.OPEN


def test_a_provider_that_needs_its_operator_is_hopeless_at_once() -> None:
    gate = Gate(9)
    gate.broke(NOON)
    assert gate.state(NOON) is State.HOPELESS
    assert gate.state(NOON + timedelta(minutes=1)) is State.OPEN


def test_a_provider_that_is_busy_for_too_long_is_hopeless_between_the_probes() -> None:
    gate, now = Gate(9), NOON
    while now - NOON <= PATIENCE:
        gate.busy(now)
        now = gate.opens_at(now) or now
    gate.busy(now)
    assert gate.state(now) is State.HOPELESS


def test_an_answer_forgets_everything() -> None:
    gate = Gate(9)
    gate.broke(NOON)
    gate.answered()
    gate.busy(NOON)
    assert gate.state(NOON) is State.CLOSED
    assert gate.opens_at(NOON) == NOON + timedelta(seconds=2)


@pytest.mark.parametrize(("patient", "taken"), [(True, None), (False, "second")])
def test_who_is_patient_waits_for_the_first_while_it_is_full(patient: bool, taken: str | None) -> None:  # noqa: FBT001 - a column of the table
    gates = Gates({"first": 1, "second": 1}, patient=patient)
    gates["first"].enter(A)
    assert gates.way_in(("first", "second"), NOON) == taken
    assert gates.hopeful(("first", "second"), NOON) == (taken or "first")


def test_nobody_waits_for_a_provider_that_is_closed_while_another_is_open() -> None:
    gates = Gates({"first": 1, "second": 1})
    gates["first"].busy(NOON)
    assert gates.way_in(("first", "second"), NOON) == "second"
    assert gates.next_change(NOON) == NOON + timedelta(seconds=2)


def test_one_stands_in_line_where_there_is_hope() -> None:
    gates = Gates({"first": 1, "second": 1})
    gates["first"].broke(NOON)
    gates["second"].busy(NOON)
    assert gates.way_in(("first", "second"), NOON) is None
    assert gates.hopeful(("first", "second"), NOON) == "second"
    gates["second"].broke(NOON)
    assert gates.hopeful(("first", "second"), NOON) is None


def test_leaving_is_noticed_at_every_gate() -> None:
    gates = Gates({"first": 1, "second": 1})
    gates["second"].enter(A)
    gates.leave(A)
    assert gates["second"].state(NOON) is State.OPEN


def test_those_who_wait_for_a_provider_that_asks_for_too_much_are_thought_of_in_time() -> None:
    gates = Gates({"first": 1})
    gates["first"].busy(NOON, retry_after=5000)
    assert gates.next_change(NOON) == NOON + PATIENCE
    assert gates.hopeful(("first",), NOON + PATIENCE) is None
    assert gates.next_change(NOON + PATIENCE) == NOON + timedelta(seconds=5000)
