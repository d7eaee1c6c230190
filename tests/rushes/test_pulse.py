"""A loop that is really held."""

import asyncio
import time
from pathlib import Path

import pytest

from rushes.pulse import BOUNDS, EVERY, QUIET, TOO_LATE, Pulse
from tests.process import started

HELD = TOO_LATE + EVERY + 0.05


async def hold_the_loop() -> None:
    time.sleep(HELD)  # noqa: ASYNC251 - what is not to be done is what is tested
    for _ in range(2):
        await asyncio.sleep(0)


async def test_a_loop_that_is_held_is_told_once_with_how_long(caplog: pytest.LogCaptureFixture) -> None:
    pulse = Pulse()
    with pulse.beating():
        for _ in range(2):
            await hold_the_loop()
    assert pulse.worst >= HELD - EVERY
    assert sum(pulse.lag.buckets[BOUNDS.index(TOO_LATE) + 1 :]) == 2
    (line,) = caplog.messages
    assert line.startswith("nothing was answered for ")
    assert int(line.split()[4]) > 1000 * TOO_LATE


def test_what_was_not_told_is_told_when_it_is_time_again(caplog: pytest.LogCaptureFixture) -> None:
    pulse = Pulse()
    for late, now in ((0.2, 0.0), (0.3, 1.0), (0.15, QUIET - 1), (0.0, QUIET)):
        pulse.note(late, now)
    assert [int(line.split()[4]) for line in caplog.messages] == [200, 300]


def test_beats_in_time_are_counted_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    pulse = Pulse()
    for late in (-0.001, 0.0, 0.001, 0.002, TOO_LATE):
        pulse.note(late, 1.0)
    buckets = pulse.lag.buckets
    assert [buckets[0], buckets[1], buckets[BOUNDS.index(TOO_LATE)]] == [3, 1, 1]
    assert (pulse.worst, sum(buckets)) == (TOO_LATE, 5)
    assert pulse.lag.total == pytest.approx(0.103)
    assert caplog.messages == []


async def test_it_stops_with_whoever_asked_for_it() -> None:
    pulse = Pulse()
    with pulse.beating():
        pass
    await hold_the_loop()
    assert sum(pulse.lag.buckets) == 0


HOLDS_THE_LOOP = """
import asyncio, time
from rushes import run

greet = run._greet

def greet_and_hold(*facts):
    greet(*facts)
    asyncio.get_running_loop().call_later(0.01, time.sleep, 0.3)

run._greet = greet_and_hold
from rushes.cli import main
main(["run"])
"""


async def test_the_program_feels_its_own_pulse(tmp_path: Path) -> None:
    async with started(tmp_path, program=["-c", HOLDS_THE_LOOP], RUSHES_WEB_PORT="0") as program:
        assert await program.stop() == 0
    assert "WARNING rushes.pulse: nothing was answered for " in (tmp_path / "log").read_text()
