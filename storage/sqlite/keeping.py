"""What is kept for so long and no longer: clips, and the words of orders. The amounts stay."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from bot.job import JobId
from bot.keeping import ERASED
from storage.sqlite.rows import micros

WITHOUT_WORDS = """
    request = json_remove(json_set(request, '$.prompt', :erased), '$.negative', '$.style', '$.seed', '$.thinking'),
    failure = json_set(failure, '$.detail', ''), notes = '[]', erased = 1, revision = revision + 1
"""
"""What somebody said, and what others may have repeated of it. What the price came from stays."""

_ENDED = "phase IN ('delivered', 'failed', 'cancelled', 'unresolved') AND phase_since < :before"

_SWEEP = f"""
UPDATE jobs SET swept = 1
WHERE number IN (SELECT number FROM jobs WHERE swept = 0 AND clip IS NOT NULL AND {_ENDED} LIMIT :limit)
RETURNING id
"""  # noqa: S608 - words of our own

_ERASE = f"""
UPDATE jobs SET {WITHOUT_WORDS}
WHERE number IN (SELECT number FROM jobs WHERE erased = 0 AND {_ENDED} LIMIT :limit)
"""  # noqa: S608 - the same

_NO_REQUESTS = """
DELETE FROM access_requests WHERE id IN (SELECT id FROM access_requests WHERE asked_at < :before LIMIT :limit)
"""
"""Also those that nobody answered in all that time: without its words there is nothing to film."""

_WITHOUT_CLIP = """
SELECT value FROM json_each(:jobs) WHERE NOT EXISTS (
    SELECT 1 FROM jobs WHERE id = value AND swept = 0 AND deleted = 0
    AND (clip IS NOT NULL OR phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved'))
)
"""

_LEAVE_REMAINS = "INSERT INTO remains (only) VALUES (1) ON CONFLICT DO NOTHING"


def sweep_clips(connection: sqlite3.Connection, before: datetime, limit: int) -> list[JobId]:
    """Whether a clip is kept is no change of its job: whoever has the job at hand may go on and write it down."""
    swept = connection.execute(_SWEEP, {"before": micros(before), "limit": limit})
    return [JobId(row["id"]) for row in swept.fetchall()]


def erase_prompts(connection: sqlite3.Connection, before: datetime, limit: int) -> int:
    values = {"before": micros(before), "limit": limit, "erased": ERASED}
    count = connection.execute(_ERASE, values).rowcount + connection.execute(_NO_REQUESTS, values).rowcount
    if count:
        leave_remains(connection)
    return count


def without_clip(connection: sqlite3.Connection, jobs: Collection[JobId]) -> list[JobId]:
    found = connection.execute(_WITHOUT_CLIP, {"jobs": json.dumps(list(jobs))})
    return [JobId(row["value"]) for row in found]


def leave_remains(connection: sqlite3.Connection) -> None:
    """Between the rows, until the whole file is written anew."""
    connection.execute(_LEAVE_REMAINS)


def scrub(connection: sqlite3.Connection) -> bool:
    """Outside of any transaction."""
    if connection.execute("SELECT 1 FROM remains").fetchone() is None:
        return False
    connection.execute("VACUUM")
    (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        # Somebody reads what was there before, such as a backup, and so all of it stands there still.
        return False
    connection.execute("DELETE FROM remains")
    return True
