"""Waits for thousands of generations with the core, the adapter and the store that the program has.

`prepare FOLDER JOBS` writes them down, `wait FOLDER PORT JOBS GAP SECONDS` goes on with them and prints what it took.
"""

import asyncio
import gc
import json
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import httpx

from adapters.chat.web.room import WebChat
from adapters.network import open_client
from adapters.providers.aimlapi import Aimlapi
from bench.memory import memory_mib
from bot import engine
from bot.assembly import Core, Edges, Policy, assembled
from bot.catalogue import PROVIDERS, offer_named
from bot.choosing import offers_at
from bot.course import Course
from bot.engine import Timetable
from bot.job import Identity, Job, JobId, Phase, Place, Ticket
from bot.meter import Meter
from bot.money import Micros
from bot.pseudonyms import pseudonyms
from bot.request import VideoRequest
from bot.rules import FREE
from bot.schedule import Schedule
from rushes.clock import SystemClock
from storage.sqlite.store import SqliteStore, sqlite_store

OFFER = offer_named("aimlapi/pixverse-v5.5")
PSEUDONYM = pseudonyms(b"a key of the measurements")
AT_ONCE = 500
"""Jobs that are written down together."""

WAVES = 2.0
"""Gaps after which the looks are spread evenly."""

_dice = random.Random(1)  # noqa: S311 - the same in every run


def keep_to(gap: float) -> None:
    """What was learnt is asked, and then the pause is the one that is measured, in seconds on average."""
    learnt = Schedule.pause

    def pause(schedule: Schedule, course: Course, age: float) -> float:
        learnt(schedule, course, age)
        return gap * _dice.uniform(0.5, 1.5)

    Schedule.pause = pause  # type: ignore[assignment, method-assign]


class Late(Timetable):
    """Notes by how much everything is late when its turn comes."""

    seconds: ClassVar[list[float]] = []

    def __init__(self) -> None:
        super().__init__()
        self._due: dict[JobId, datetime] = {}

    def put(self, job_id: JobId, at: datetime, lane: str = "") -> None:
        self._due[job_id] = at
        super().put(job_id, at, lane)

    def due(self, now: datetime, lane: str = "", most: float = 0.0) -> list[JobId]:
        found = super().due(now, lane, most)
        self.seconds.extend((now - self._due[job_id]).total_seconds() for job_id in found)
        return found


async def prepare(folder: Path, jobs: int) -> None:
    async with sqlite_store(folder / "rushes.db", PSEUDONYM) as store:
        for first in range(0, jobs, AT_ONCE):
            await asyncio.gather(*(_submitted(store, number) for number in range(first, min(first + AT_ONCE, jobs))))


async def _submitted(store: SqliteStore, number: int) -> None:
    now = datetime.now(UTC)
    job = Job(
        id=JobId(f"{number:020x}"),
        person="",
        identity=Identity(platform="web", user=f"member {number % AT_ONCE}", name="Ann"),
        place=Place(platform="web", chat="lobby"),
        request=VideoRequest(prompt="a red fox trotting through fresh snow, low morning sun"),
        offer_id=OFFER.id,
        seed=1,
        price=Micros(0),
        ordered_at=now,
        phase=Phase.ACCEPTED,
        phase_since=now,
    )
    accepted = (await store.accept(job, f"event {number}", FREE))[0]
    submitting = await store.save(accepted.entering(Phase.SUBMITTING, now))
    ticket = Ticket(f"{_dice.getrandbits(128):032x}")
    await store.save(replace(submitting.entering(Phase.RENDERING, now), ticket=ticket, submitted_at=now))


async def wait(folder: Path, port: int, jobs: int, gap: float, seconds: float) -> dict[str, float]:
    keep_to(gap)
    engine.Timetable = Late  # type: ignore[misc]
    async with _opened(folder, port, jobs) as (core, client):
        gc.collect()
        before = memory_mib("VmRSS")
        running = asyncio.create_task(core.engine.run())
        await asyncio.sleep(jobs / 700 + WAVES * gap)
        Late.seconds.clear()
        connections, looks = (await client.get(f"http://127.0.0.1:{port}/counts")).json()
        cpu, begun = time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        cpu, taken = time.process_time() - cpu, time.perf_counter() - begun
        connections, all_looks = (await client.get(f"http://127.0.0.1:{port}/counts")).json()
        late = sorted(Late.seconds)
        memory = memory_mib("VmRSS") - before
        core.engine.stop()
        await running
    return {
        "looks": (all_looks - looks) / taken,
        "core": cpu / taken * 100,
        "late": late[len(late) * 99 // 100] * 1000,
        "memory": memory * 1024 / max(jobs, 1),
        "connections": connections / all_looks * 100,
    }


@asynccontextmanager
async def _opened(folder: Path, port: int, jobs: int) -> AsyncIterator[tuple[Core, httpx.AsyncClient]]:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(sqlite_store(folder / "rushes.db", PSEUDONYM))
        client = await stack.enter_async_context(open_client())
        clock = SystemClock()
        edges = Edges(
            clock=clock,
            store=store,
            rulebook=store.rulebook,
            survey=store.survey,
            errands=store.errands,
            providers={OFFER.provider: Aimlapi(client, "key", f"http://127.0.0.1:{port}")},
            library=None,  # type: ignore[arg-type] # nothing ever ends
            chats={"web": WebChat()},
            operators=None,  # type: ignore[arg-type]
            dice=random.Random(1),  # noqa: S311
            meter=Meter(clock),
        )
        yield (
            assembled(edges, Policy(offers=offers_at([OFFER.provider]), room=dict.fromkeys(PROVIDERS, jobs + 1))),
            client,
        )


if __name__ == "__main__":
    command, place, *numbers = sys.argv[1:]
    if command == "prepare":
        asyncio.run(prepare(Path(place), int(numbers[0])))
    else:
        address, many, every, watched = numbers
        print(json.dumps(asyncio.run(wait(Path(place), int(address), int(many), float(every), float(watched)))))
