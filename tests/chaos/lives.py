"""The lives of the program, one after another in the same folder."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

OVER = "over "
"""Before the exit code of a life that has ended."""

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """What a life is to be like; without a number of points, or new ones to die at, it ends from outside."""

    settings: Mapping[str, str]
    begun: datetime
    """When everybody's hurried clock began."""
    deaths: str
    has_darkrooms: bool
    """Looks into clips in processes of their own, which outlive it for a moment; they are what takes longest."""
    after: int | None = None
    """Dies at one point or another, after so many."""
    at_new_points: bool = False
    """Dies at the first point at which no life before it died."""


LIFETIME = TypeAdapter(Lifetime)


@dataclass(slots=True, eq=False)
class Life:
    pid: int
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    code: int | None = None
    """Negative where a signal ended it."""

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    def _signal(self, number: signal.Signals) -> None:
        # The process before it collects it, so that this number can be nobody else's by now.
        if self.code is None:
            os.kill(self.pid, number)


class Lives:
    def __init__(self, process: Process) -> None:
        self._process = process
        self._life: Life | None = None
        self._born = asyncio.Event()

    async def begin(self, lifetime: Lifetime) -> Life:
        assert self._process.stdin is not None
        self._born.clear()
        self._process.stdin.write(LIFETIME.dump_json(lifetime) + b"\n")
        await self._born.wait()
        assert self._life is not None
        return self._life

    async def follow(self) -> None:
        """What the program says, until there is nobody left to say anything."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = line.decode().rstrip()
            if self._life is None:
                self._life = Life(int(said))
                self._born.set()
            elif said.startswith(OVER):
                self._life.code = int(said.removeprefix(OVER))
                self._life.ended.set()
                self._life = None
            else:
                self._life.greeted.set()

    def end(self) -> None:
        if self._life:
            self._life.kill()


@asynccontextmanager
async def lives(folder: Path) -> AsyncIterator[Lives]:
    """In this folder; what they write to their log is in `log`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.mortal"),
            cwd=folder,
            env=ours | {"PYTHONPATH": str(_ROOT)},
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
        )
    found = Lives(process)
    following = asyncio.create_task(found.follow(), name="lives")
    try:
        yield found
    finally:
        found.end()
        process.kill()
        await process.wait()
        await following
        # The transport is closed by hand: its end of the pipe would else be a leak by the time of the warning.
        process._transport.close()  # type: ignore[attr-defined] # noqa: SLF001
