"""Five thousand orders in ten seconds, through the real program over the loopback Telegram server."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from bench.process import memory_mib
from bench.table import Goal, Measure, Row, Taken
from simulator.app import Options
from tests.process import Program, started
from tests.simulated import simulator
from tests.telegram_api.server import TelegramServer, telegram

MEMBERS, ORDERS, SECONDS = 500, 5000, 10.0
PATIENCE = 300.0

FEELING_ITS_PULSE = """
from pathlib import Path
from rushes import wiring
from rushes.cli import main
from rushes.pulse import Pulse

class Noted(Pulse):
    def note(self, late, now):
        before = self.worst
        super().note(late, now)
        if self.worst > before:
            Path("pulse").write_text(str(self.worst))

wiring.Pulse = Noted
main(["run"])
"""
"""In place of `-m rushes run`: the worst beat stands in a file."""


def _rushed(folder: Path) -> list[Taken]:
    return [Taken(figure) for figure in asyncio.run(_rush(folder))]


async def _rush(folder: Path) -> tuple[float, float, float]:
    """Seconds from the last order until all are written down, more memory at the peak in MiB, the worst beat in ms."""
    async with crowded(folder) as (server, program):
        before = memory_mib(program, "VmRSS")
        await everybody_orders(server)
        begun = time.perf_counter()
        await server.until(lambda: not server.world.updates.pending, PATIENCE)
        after = time.perf_counter() - begun
        with closing(sqlite3.connect(folder / "bot" / "data" / "rushes.db")) as connection:
            ((accepted,),) = connection.execute("SELECT count(*) FROM jobs")
        if accepted != ORDERS:
            raise RuntimeError(accepted)
        pulse = float((folder / "bot" / "pulse").read_text())
        return after, memory_mib(program, "VmHWM") - before, pulse * 1000


@asynccontextmanager
async def crowded(folder: Path) -> AsyncIterator[tuple[TelegramServer, Program]]:
    """The program at work between a Telegram and a provider that are not part of it."""
    for name in ("films", "simulator", "uploads", "bot"):
        (folder / name).mkdir()
    async with (
        simulator(folder / "simulator", folder / "films", Options(speed=20, seed=3)) as addresses,
        telegram(folder / "uploads") as server,
        started(
            folder / "bot",
            program=("-c", FEELING_ITS_PULSE),
            RUSHES_WEB_PORT="0",
            RUSHES_FAL_KEY="id:secret",
            RUSHES_FAL_QUEUE_URL=f"{addresses.api}/fal",
            RUSHES_TRUSTED_MEDIA_HOSTS="127.0.0.1",
            RUSHES_TELEGRAM_TOKEN=server.token,
            RUSHES_TELEGRAM_API_URL=server.url,
            PYTHONPATH=str(Path(__file__).parents[1]),
        ) as program,
    ):
        await server.until(lambda: server.world.updates.is_polled, PATIENCE)
        yield server, program


async def everybody_orders(server: TelegramServer) -> None:
    """As much in each of the ten seconds."""
    begun = time.perf_counter()
    members = [server.member(f"Member {number}") for number in range(MEMBERS)]
    chats = [server.private(member) for member in members]
    for number in range(ORDERS):
        await asyncio.sleep(begun + SECONDS * number / ORDERS - time.perf_counter())
        who = number % MEMBERS
        await server.says(members[who], chats[who], f"/video a fox --res 360p --seed {number % 3}")


MEASURE = Measure(
    take=_rushed,
    rows=(
        Row(
            what="5,000 orders of 500 members in ten seconds, from the last one until all are written down (s)",
            goal=Goal(most=1),
        ),
        Row(what="the same, more memory at the peak (MiB)", goal=Goal(most=150)),
        Row(what="the same, the longest that nothing was answered (ms)", goal=Goal(most=100)),
    ),
)
