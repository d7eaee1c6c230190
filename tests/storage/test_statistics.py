"""What admins ask of a large database, which others wait for."""

import sqlite3
from contextlib import closing

import pytest

from storage.sqlite.migrating import migrate
from storage.sqlite.rulebook import SPENDERS, TALLY


@pytest.mark.parametrize("statement", [TALLY, SPENDERS])
def test_statistics_look_at_nothing_that_was_ordered_before(statement: str) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        values = {"chat": "web:lobby", "since": 1, "limit": 5}
        steps = [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert "SEARCH jobs USING INDEX use_by_time (ordered_at>?)" in steps
