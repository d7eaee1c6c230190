import subprocess
import sys

import pytest

from bench.measures import NAMES, measure
from bench.table import Goal, Result, Row, Taken


@pytest.mark.parametrize("name", NAMES)
def test_each_name_has_a_measure_that_says_what_it_counts(name: str) -> None:
    assert all(row.what for row in measure(name).rows)


def test_a_figure_is_how_many_times_the_other_and_ours_alone_where_there_is_no_other() -> None:
    assert Taken(6, 2).figure == 3
    assert Taken(6).figure == 6


def test_the_median_of_the_repetitions_decides_whether_a_goal_holds() -> None:
    row = Row(what="a thing", goal=Goal(most=2))
    assert Result(row, [Taken(9), Taken(2), Taken(1)]).holds
    assert not Result(row, [Taken(9), Taken(2.1), Taken(1)]).holds
    assert Result(Row(what="a thing"), [Taken(9)]).holds is None


def test_a_result_shows_its_median_with_the_spread() -> None:
    shown = Result(Row(what="a thing", goal=Goal(least=1)), [Taken(2000, 1000), Taken(3, 2), Taken(3, 1)]).cells()
    assert shown == ("a thing", "3", "2", "2 (1.5 to 3)", "≥ 1", "yes")


def test_a_measure_that_does_not_exist_is_named_with_those_that_do() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "rushes", "bench", "speed"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "no measure called speed" in run.stderr
    assert "grammar" in run.stderr
