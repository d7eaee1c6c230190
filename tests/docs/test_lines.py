"""The chat platform that the documentation builds, with the core behind it and a guest at its door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.job import Phase
from docs.examples.lines import LineChat
from tests.stage import Stage, staged


@dataclass
class Guest:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def types(self, line: str) -> None:
        self.writer.write(f"{line}\n".encode())
        await self.writer.drain()

    async def leaves(self) -> None:
        """And sees the door close behind."""
        if self.writer.can_write_eof() and not self.writer.is_closing():
            self.writer.write_eof()
            async with asyncio.timeout(30):
                await self.reader.read()
            self.writer.close()

    async def reads(self, words: str) -> str:
        """The next line with these words."""
        async with asyncio.timeout(30):
            while words not in (line := (await self.reader.readline()).decode()):
                assert line, f"the line is closed, and nobody said {words}"
            return line.strip()


@asynccontextmanager
async def opened(stage: Stage) -> AsyncIterator[Guest]:
    chat = LineChat(stage.clock, stage.library, 0)
    stage.chats["lines"] = chat
    running = asyncio.create_task(chat.run(stage.studio))
    try:
        while not chat.port:  # noqa: ASYNC110 - it listens after its next step
            await asyncio.sleep(0)
        guest = Guest(*await asyncio.open_connection("127.0.0.1", chat.port))
        await guest.types("Ann")
        yield guest
        await guest.leaves()
    finally:
        chat.stop_listening()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as found:
        yield found


async def test_a_clip_is_ordered_and_comes_with_where_it_lies(stage: Stage) -> None:
    async with opened(stage) as guest:
        await guest.types("/video a red fox")
        await guest.reads("Waiting")
        [job] = await stage.store.unfinished()
        assert (await stage.finish(job.id)).phase is Phase.DELIVERED
        assert "clip.mp4" in await guest.reads("Ready")


async def test_what_cannot_be_filmed_is_refused_in_a_line(stage: Stage) -> None:
    async with opened(stage) as guest:
        await guest.types("/video a fox --ar 2:1")
        assert "Write --ar with 16:9" in await guest.reads("Nothing was charged")


async def test_other_commands_are_answered(stage: Stage) -> None:
    async with opened(stage) as guest:
        await guest.types("/usage")
        assert await guest.reads("Your usage")


async def test_a_guest_who_left_loses_no_clip(stage: Stage) -> None:
    async with opened(stage) as guest:
        await guest.types("/video a red fox")
        await guest.reads("Waiting")
        await guest.leaves()
        [job] = await stage.store.unfinished()
        kept = await stage.finish(job.id)
        assert kept.waits_for_a_person
        assert kept.clip
