"""What is under way, for meters: without a word of whose it is."""

import sqlite3
from collections.abc import Sequence

from bot.job import Phase
from bot.money import Micros
from bot.reading import UnderWay

_UNDER_WAY = """
SELECT phase, substr(offer, 1, instr(offer, '/') - 1) AS provider, delivery = 'given_up' AS waits,
    count(*) AS jobs, iif(phase = 'delivering', 0, sum(price)) AS held
FROM jobs WHERE phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved')
GROUP BY 1, 2, 3
"""


def under_way(connection: sqlite3.Connection) -> Sequence[UnderWay]:
    return [
        UnderWay(Phase(row["phase"]), row["provider"], bool(row["waits"]), row["jobs"], Micros(row["held"]))
        for row in connection.execute(_UNDER_WAY)
    ]


def probe(connection: sqlite3.Connection) -> None:
    """Write, and change nothing: the version of the schema is what it was."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")
