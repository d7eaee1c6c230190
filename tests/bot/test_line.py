import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.job import Job, JobId, Phase
from bot.line import Hall, Line
from bot.money import Micros
from bot.request import VideoRequest
from tests.stage import ANN, LOBBY, NOON


def job(name: str) -> Job:
    """A job of the person whom its first letter names."""
    return Job(
        id=JobId(name),
        person=name[0],
        identity=ANN,
        place=LOBBY,
        request=VideoRequest(prompt="a fox"),
        offer_id="fal/pixverse-v5.5",
        seed=1,
        price=Micros(200_000),
        ordered_at=NOON,
        phase=Phase.ACCEPTED,
        phase_since=NOON,
    )


def line_of(*names: str) -> Line:
    line = Line()
    for name in names:
        line.join(job(name))
    return line


def emptied(line: Line) -> list[str]:
    return [taken for _ in range(len(line)) if (taken := line.take())]


def test_an_empty_line_has_nobody_next() -> None:
    line = Line()
    assert line.take() is None
    assert line.first(3) == []
    assert line.position(JobId("a1")) is None


def test_one_person_is_served_in_the_order_of_the_orders() -> None:
    assert emptied(line_of("a1", "a2", "a3")) == ["a1", "a2", "a3"]


def test_persons_take_turns_however_many_orders_each_has() -> None:
    assert emptied(line_of("a1", "a2", "a3", "a4", "b1", "c1", "b2")) == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_who_was_just_served_waits_for_the_others_before_the_next_turn() -> None:
    line = line_of("a1", "a2")
    assert line.take() == "a1"
    line.join(job("b1"))
    assert emptied(line) == ["a2", "b1"]


def test_who_comes_back_after_the_last_order_stands_at_the_end() -> None:
    line = line_of("a1", "b1", "b2", "c1")
    assert line.take() == "a1"
    line.join(job("a2"))
    assert emptied(line) == ["b1", "c1", "a2", "b2"]


def test_joining_twice_takes_one_place() -> None:
    line = line_of("a1", "b1", "a1")
    assert len(line) == 2
    assert emptied(line) == ["a1", "b1"]


def test_leaving_moves_the_others_up() -> None:
    line = line_of("a1", "a2", "b1")
    line.leave(JobId("a1"))
    assert [line.position(JobId(name)) for name in ("a1", "a2", "b1")] == [None, 1, 2]


def test_leaving_a_line_in_which_one_does_not_stand_changes_nothing() -> None:
    line = line_of("a1")
    line.leave(JobId("b1"))
    line.leave(JobId("a1"))
    line.leave(JobId("a1"))
    assert len(line) == 0
    assert line.take() is None


def test_who_was_taken_and_came_back_is_next_with_the_same_order() -> None:
    line = line_of("a1", "a2", "b1")
    line.take()
    line.join(job("a1"), first=True)
    assert emptied(line) == ["a1", "b1", "a2"]


@pytest.mark.parametrize(("count", "first"), [(0, []), (1, ["a1"]), (3, ["a1", "b1", "a2"]), (9, ["a1", "b1", "a2"])])
def test_the_first_in_line_are_those_who_would_be_taken_next(count: int, first: list[str]) -> None:
    assert line_of("a1", "a2", "b1").first(count) == first


moves = st.lists(
    st.tuples(
        st.sampled_from(["join", "join", "join", "come back", "leave", "take"]),
        st.builds("{}{}".format, st.sampled_from("abcd"), st.integers(1, 5)),
    ),
    max_size=40,
)


@settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(moves)
def test_everyones_position_is_the_order_in_which_they_are_taken_if_nobody_joins(moves: list[tuple[str, str]]) -> None:
    line, waiting = Line(), set()
    for move, name in moves:
        if move in {"join", "come back"}:
            line.join(job(name), first=move == "come back")
            waiting.add(name)
        elif move == "leave":
            line.leave(JobId(name))
            waiting.discard(name)
        else:
            waiting.discard(str(line.take()))
    by_position = sorted(waiting, key=lambda name: line.position(JobId(name)) or 0)
    positions = [line.position(JobId(name)) for name in by_position]
    assert positions == list(range(1, len(waiting) + 1))
    assert line.first(len(waiting)) == by_position
    assert emptied(line) == by_position


BOTH, ONE = ("fal", "aimlapi"), ("fal",)


def hall_of(**providers_of: tuple[str, ...]) -> Hall:
    hall = Hall()
    for name, providers in providers_of.items():
        hall.join(job(name), providers)
    return hall


def test_jobs_that_the_same_providers_can_film_stand_in_one_line() -> None:
    hall = hall_of(a1=BOTH, b1=ONE, a2=BOTH)
    assert [(providers, len(line)) for providers, line in hall.lines] == [(BOTH, 2), (ONE, 1)]
    assert [hall.position(JobId(name)) for name in ("a1", "a2", "b1", "c1")] == [1, 2, 1, None]


def test_whoever_leaves_the_hall_stands_in_no_line() -> None:
    hall = hall_of(a1=BOTH, b1=BOTH)
    hall.leave(JobId("a1"))
    hall.leave(JobId("a1"))
    assert [hall.position(JobId(name)) for name in ("a1", "b1")] == [None, 1]


def test_whoever_is_taken_from_a_line_leaves_the_hall_and_may_come_back_first() -> None:
    hall = hall_of(a1=BOTH, b1=BOTH)
    ((_, line),) = hall.lines
    assert hall.take(line) == "a1"
    assert hall.position(JobId("a1")) is None
    hall.join(job("a1"), BOTH, first=True)
    assert [hall.position(JobId(name)) for name in ("a1", "b1")] == [1, 2]


def test_a_line_that_emptied_is_shown_no_more_and_gives_nobody() -> None:
    hall = hall_of(a1=ONE)
    ((_, line),) = hall.lines
    hall.take(line)
    assert list(hall.lines) == []
    with pytest.raises(LookupError):
        hall.take(line)
