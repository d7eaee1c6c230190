"""The process is killed in each phase of a job's life, and started again."""

import asyncio
from pathlib import Path

import pytest

from bot.job import Phase
from tests.process import started
from tests.rushes.world import World
from tests.visitor import visiting

DIES_WHEN_SENDING = """
import os, signal
from adapters.chat.web.room import WebChat

async def deliver(self, job, card, *, maybe_sent):
    os.kill(os.getpid(), signal.SIGKILL)

WebChat.deliver = deliver
from rushes.cli import main
main(["run"])
"""


async def killed_in(world: World, phase: Phase, text: str = "a fox --res 360p --seed 1", **settings: str) -> str:
    """Order, kill the program once the job is in this phase, and say which job it was."""
    async with started(world.folder, "run", **world.settings, **settings) as program, visiting(program.url) as ann:
        job = await ann.order(text)
        await ann.until(job, phase)
        await program.kill()
    return job


async def delivered_after_a_restart(world: World, job: str) -> bytes:
    async with started(world.folder, "run", **world.settings) as program, visiting(program.url) as ann:
        await ann.until(job, Phase.DELIVERED)
        clip = await ann.clip(job)
        assert await program.stop() == 0
    return clip


async def test_a_job_that_waited_is_filmed_after_a_restart(world: World) -> None:
    async with (
        started(world.folder, "run", **world.settings, RUSHES_PARALLEL="1") as program,
        visiting(program.url) as ann,
    ):
        first = await ann.order("a long one sim:endless")
        await ann.until(first, Phase.RENDERING)
        job = await ann.order("a fox --res 360p --seed 1")
        await program.kill()
    assert (await delivered_after_a_restart(world, job))[4:8] == b"ftyp"
    assert await world.creates() == 2
    assert world.ledger(job) == [("reserve", 150_000), ("settle", 150_000)]


async def test_a_job_that_was_being_submitted_is_not_submitted_twice(world: World) -> None:
    await world.arm("create-delay", seconds=600)
    job = await killed_in(world, Phase.SUBMITTING)
    async with started(world.folder, "run", **world.settings) as program, visiting(program.url) as ann:
        html = await ann.until(job, Phase.UNRESOLVED)
    assert "Nothing was charged." in html
    assert await world.creates() <= 1
    assert world.ledger(job) == [("reserve", 150_000), ("refund", 0)]


async def test_a_job_that_was_rendering_is_delivered_and_paid_once(world: World) -> None:
    await world.arm("status-503", count=10_000, retry_after=0)
    job = await killed_in(world, Phase.RENDERING)
    await world.disarm()
    await delivered_after_a_restart(world, job)
    assert await world.creates() == 1
    assert world.ledger(job) == [("reserve", 150_000), ("settle", 150_000)]


async def test_a_job_that_was_being_fetched_is_delivered_and_paid_once(world: World) -> None:
    await world.arm("media-slow", count=1, seconds=600)
    job = await killed_in(world, Phase.FETCHING)
    await world.disarm()
    await delivered_after_a_restart(world, job)
    assert await world.creates() == 1
    assert world.ledger(job) == [("reserve", 150_000), ("settle", 150_000)]
    assert [file.name for file in (world.folder / "data" / "clips").iterdir()] == [f"{job}.mp4"]


async def test_a_job_that_was_being_sent_is_delivered_and_paid_once(world: World) -> None:
    async with (
        started(world.folder, program=["-c", DIES_WHEN_SENDING], **world.settings) as program,
        visiting(program.url) as ann,
    ):
        job = await ann.order("a fox --res 360p --seed 1")
        async with asyncio.timeout(30):
            await program.process.wait()
    await delivered_after_a_restart(world, job)
    assert await world.creates() == 1
    assert world.ledger(job) == [("reserve", 150_000), ("settle", 150_000)]


async def test_a_stop_in_the_middle_of_a_job_exits_cleanly_and_the_job_goes_on_next_time(world: World) -> None:
    await world.arm("status-503", count=10_000, retry_after=0)
    async with started(world.folder, "run", **world.settings) as program, visiting(program.url) as ann:
        job = await ann.order("a fox --res 360p --seed 1")
        await ann.until(job, Phase.RENDERING)
        assert await program.stop() == 0
    await world.disarm()
    await delivered_after_a_restart(world, job)
    assert await world.creates() == 1


async def test_the_simulator_inside_remembers_its_jobs_over_a_restart(tmp_path: Path) -> None:
    settings = {"RUSHES_WEB_PORT": "0", "RUSHES_SIMULATOR_SPEED": "10"}
    async with started(tmp_path, "run", **settings) as program, visiting(program.url) as ann:
        job = await ann.order("a fox --res 360p --seed 1")
        await ann.until(job, Phase.RENDERING)
        await program.kill()
    async with started(tmp_path, "run", **settings) as program, visiting(program.url) as ann:
        await ann.until(job, Phase.DELIVERED)


async def test_a_second_program_on_the_same_data_does_not_start(world: World) -> None:
    async with started(world.folder, "run", **world.settings):
        with pytest.raises(AssertionError, match="another rushes is working in"):
            async with started(world.folder, "run", **world.settings):
                pass


async def test_a_second_program_on_the_same_database_does_not_start(world: World) -> None:
    shared = world.settings | {"RUSHES_DATABASE_URL": f"sqlite:///{world.folder}/shared.db"}
    async with started(world.folder, "run", **shared):
        with pytest.raises(AssertionError, match="another rushes is working in"):
            async with started(world.folder, "run", **shared, RUSHES_DATA_DIR="elsewhere"):
                pass
