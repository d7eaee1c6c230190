"""The program as a process of its own, to be stopped and killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

START_SECONDS = 30


class Program:
    def __init__(self, process: Process, greeting: str) -> None:
        self.process = process
        self.greeting = greeting

    @property
    def url(self) -> str:
        return next(word for word in self.greeting.split() if word.startswith("http"))

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """The exit code after SIGTERM; fails where it takes more than ten seconds."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            return await self.process.wait()


@asynccontextmanager
async def started(
    folder: Path, *arguments: str, program: Sequence[str] = ("-m", "rushes"), **environment: str
) -> AsyncIterator[Program]:
    """`rushes` with these arguments, ready; it is killed at the end if it still runs."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *program, *arguments, cwd=folder, env=ours | environment, stdout=PIPE, stderr=log
        )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            greeting = (await process.stdout.readline()).decode()
        assert greeting, (folder / "log").read_text()
        yield Program(process, greeting)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        # The transport is closed by hand: its end of the pipe would else be a leak by the time of the warning.
        process._transport.close()  # type: ignore[attr-defined] # noqa: SLF001
