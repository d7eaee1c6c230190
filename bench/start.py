"""How long it takes until the program is there."""

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.table import Goal, Measure, Row, Taken
from bot.catalogue import OFFERS
from bot.job import Identity, Job, JobId, Phase, Place, Ticket
from bot.money import Micros
from bot.pseudonyms import pseudonyms
from bot.request import VideoRequest
from bot.rules import FREE
from rushes.premises import own_key
from storage.sqlite.store import sqlite_store

ROOT = Path(__file__).parents[1]

UNFINISHED = 1000


def _starts(folder: Path) -> list[Taken]:
    bare = _seconds([sys.executable, "-c", ""])
    (folder / "busy").mkdir()
    asyncio.run(_left_behind(folder / "busy"))
    return [
        Taken(_seconds([sys.executable, "-m", "rushes", "--help"]), bare),
        Taken(_resumed_seconds(folder / "busy"), bare),
        Taken(_second_start_seconds(folder / "idle")),
    ]


async def _left_behind(folder: Path) -> None:
    """By a bot that was stopped while much was being filmed."""
    now = datetime.now(UTC)
    async with sqlite_store(folder / "rushes.db", pseudonyms(own_key(folder))) as store:
        for number in range(UNFINISHED):
            job = Job(
                id=JobId(f"{number:020x}"),
                person="",
                identity=Identity(platform="web", user=str(number % 100)),
                place=Place(platform="web", chat="lobby"),
                request=VideoRequest(prompt="a red fox in snow"),
                offer_id=OFFERS[0].id,
                seed=1,
                price=Micros(200_000),
                ordered_at=now,
                phase=Phase.RENDERING,
                phase_since=now,
                submitted_at=now,
                ticket=Ticket("ticket"),
            )
            await store.accept(job, str(number), FREE)


def _resumed_seconds(folder: Path) -> float:
    """Until the page answers and every job is looked after."""
    settings = {
        "RUSHES_WEB_PORT": "0",
        "RUSHES_DATA_DIR": str(folder),
        "RUSHES_FAL_KEY": "id:secret",
        "RUSHES_FAL_QUEUE_URL": "http://127.0.0.1:9",
    }
    begun = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, "-m", "rushes", "run"],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    missing = UNFINISHED + 1
    try:
        for line in program.stdout or ():
            missing -= "Rushes is ready" in line or "resumed in phase" in line
            if not missing:
                return time.perf_counter() - begun
        raise RuntimeError
    finally:
        program.terminate()
        program.communicate()


def _second_start_seconds(folder: Path) -> float:
    environment = os.environ | {"RUSHES_WEB_PORT": "0", "RUSHES_DATA_DIR": str(folder)}
    begun = time.perf_counter()
    make = subprocess.Popen(["make", "-s", "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        if make.stdout is None or "ready" not in make.stdout.readline():
            raise RuntimeError
        return time.perf_counter() - begun
    finally:
        make.terminate()
        make.wait()


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


MEASURE = Measure(
    take=_starts,
    rows=(
        Row(what="`rushes --help` against a bare interpreter (s)", goal=Goal(most=4)),
        Row(
            what="a start with 1,000 unfinished jobs until all are looked after, against the same (s)",
            goal=Goal(most=15),
            note="The libraries for HTTP, the web server and the checks of settings alone take longer to load.",
        ),
        Row(what="`make run` for the second time, until the address is printed (s)"),
    ),
)
