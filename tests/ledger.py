"""The ledger of a job, read from the file by plain SQL."""

import sqlite3
from pathlib import Path

from bot.job import Job
from tests.stage import Stage


def ledger_in(database: Path, job_id: str) -> list[tuple[str, int]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(
            "SELECT kind, amount FROM ledger JOIN jobs ON jobs.number = job WHERE jobs.id = ? ORDER BY ledger.number",
            (job_id,),
        ).fetchall()
    finally:
        connection.close()


def ledger_of(stage: Stage, job: Job) -> list[tuple[str, int]]:
    return ledger_in(stage.database, job.id)
