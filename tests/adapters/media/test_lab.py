"""The process apart: what it gives back, what it may not take, and that nothing of it stays."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from adapters.media.answer import Ending
from adapters.media.darkroom import answer
from adapters.media.fit import CannotFit
from adapters.media.lab import Lab, OutOfMemory, OutOfTime
from bot.trouble import MediaUnplayable
from tests.adapters.media.inside import LINUX, walled_in


def has_children() -> bool:
    """Whether this process has started one that it has not seen the end of."""
    try:
        os.waitid(os.P_ALL, 0, os.WNOHANG | os.WEXITED | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def environment_of_the_child() -> bytes:
    own = os.getpid()
    child = Path(f"/proc/{own}/task/{own}/children").read_text().strip()
    return Path(f"/proc/{child}/environ").read_bytes()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def part_appears(folder: Path) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if any(folder.glob("*.part")):
            return
    pytest.fail("nothing was begun")


@pytest.fixture(autouse=True)
def _nothing_stays(tmp_path: Path) -> Iterator[None]:
    yield
    assert not has_children()
    assert not list(tmp_path.glob("*.part"))


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A pipe that nobody writes to."""
    path = tmp_path / "endless.mp4"
    os.mkfifo(path)
    return path


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """A small file whose one picture has a great many pixels."""
    path = tmp_path / "huge.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 4096, 4096, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(4096, 4096, "yuv420p")))
        container.mux(stream.encode())
    return path


async def test_a_clip_is_fitted(sounding: Path, tmp_path: Path) -> None:
    clip = await Lab().fitted(sounding, tmp_path / "small.mp4", 100_000)
    assert (clip.name, clip.size) == ("small.mp4", (tmp_path / "small.mp4").stat().st_size)
    assert clip.size <= 100_000
    assert clip.seconds == pytest.approx(2.0, abs=0.1)


async def test_a_clip_has_a_thumbnail(sounding: Path, tmp_path: Path) -> None:
    made = await Lab().thumbnailed(sounding, tmp_path / "a.jpg")
    assert (made.width, made.height, made.size) == (320, 180, (tmp_path / "a.jpg").stat().st_size)


async def test_a_plain_clip_is_probed_without_a_process(sounding: Path) -> None:
    facts = await Lab(seconds=0).probed(sounding)
    assert (facts.width, facts.height) == (960, 540)
    assert facts.seconds == pytest.approx(2.0, abs=0.1)


async def test_an_odd_one_is_probed_apart(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w", options={"movflags": "frag_keyframe+empty_moov"}) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(24):
            container.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(stream.encode())
    facts = await Lab().probed(tmp_path / "a.mp4")
    assert (facts.width, facts.height) == (64, 48)
    assert facts.seconds == pytest.approx(1.0, abs=0.1)


async def test_what_is_no_clip_is_not_playable(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\x00" * 5000)
    with pytest.raises(MediaUnplayable):
        await Lab().fitted(tmp_path / "a.mp4", tmp_path / "b.mp4", 1000)
    assert not (tmp_path / "b.mp4").exists()


async def test_what_does_not_fit_is_refused_and_leaves_no_file(sounding: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotFit) as refused:
        await Lab().fitted(sounding, tmp_path / "a.mp4", 10_000)
    assert refused.value.limit == 10_000
    assert not names(tmp_path)


async def test_it_ends_when_its_time_is_over(endless: Path, tmp_path: Path) -> None:
    with pytest.raises(OutOfTime):
        await Lab(seconds=0.5).thumbnailed(endless, tmp_path / "a.jpg")


async def test_a_picture_that_takes_too_much_memory_does_not_get_it(huge: Path, tmp_path: Path) -> None:
    # A thread of the decoder that gets none may call it broken data: which of the threads comes first differs.
    with pytest.raises(MediaUnplayable):
        await Lab(memory=100 << 20).fitted(huge, tmp_path / "a.mp4", 200_000)


@pytest.mark.parametrize("megabytes", [40, 60])
async def test_threads_count_as_memory(sounding: Path, tmp_path: Path, megabytes: int) -> None:
    with pytest.raises(OutOfMemory):
        await Lab(memory=megabytes << 20).fitted(sounding, tmp_path / "a.mp4", 200_000)


async def test_a_cancelled_one_leaves_no_process_and_no_file(sounding: Path, tmp_path: Path) -> None:
    work = asyncio.create_task(Lab().fitted(sounding, tmp_path / "a.mp4", 200_000))
    await asyncio.to_thread(part_appears, tmp_path)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not names(tmp_path)


@pytest.mark.skipif(not Path("/proc").exists(), reason="only Linux shows the environment of a process")
async def test_it_does_not_get_our_keys(endless: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_KEY", "secret")
    work = asyncio.create_task(Lab().thumbnailed(endless, tmp_path / "a.jpg"))
    with await asyncio.to_thread(endless.open, "wb"):  # waits until it reads
        environment = environment_of_the_child()
        assert b"PATH=" in environment
        assert b"OUR_KEY" not in environment
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work


async def test_our_own_mistake_is_no_trouble_of_the_clips(sounding: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="FileNotFoundError"):
        await Lab().fitted(sounding, tmp_path / "nowhere" / "a.mp4", 200_000)


async def test_fits_wait_for_their_turn_and_the_wait_is_not_counted(sounding: Path, tmp_path: Path) -> None:
    lab = Lab(seconds=20, fits_at_once=1)
    clips = await asyncio.gather(*(lab.fitted(sounding, tmp_path / f"{n}.mp4", 60_000) for n in range(2)))
    assert [clip.name for clip in clips] == ["0.mp4", "1.mp4"]


@pytest.mark.parametrize(
    ("task", "more", "ending"),
    [
        ("probe", [], Ending.DONE),
        ("fit", ["100000"], Ending.DONE),
        ("fit", ["10000"], Ending.TOO_LARGE),
        ("thumbnail", [], Ending.DONE),
    ],
)
def test_each_task_says_how_it_ended(
    sounding: Path, tmp_path: Path, task: str, more: list[str], ending: Ending
) -> None:
    target = [] if task == "probe" else [str(tmp_path / "a")]
    assert walled_in(lambda: answer(task, str(sounding), *target, *more, walled=True)).ending is ending


def a_thumbnail(clip: Path, target: Path) -> bytes:
    """As it is asked for."""
    return json.dumps([60, 1 << 30, "thumbnail", str(clip), str(target)]).encode() + b"\n"


async def darkroom(stdin: int) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "adapters.media.darkroom", stdin=stdin)


async def test_a_process_ends_with_whoever_asked(endless: Path, tmp_path: Path) -> None:
    process = await darkroom(PIPE)
    assert process.stdin is not None
    process.stdin.write(a_thumbnail(endless, tmp_path / "a"))
    with await asyncio.to_thread(endless.open, "wb"):  # waits until it reads
        process.stdin.close()
        async with asyncio.timeout(10):
            assert await process.wait() == -signal.SIGIO
    assert not (tmp_path / "a").stat().st_size


async def test_a_process_does_not_begin_for_somebody_who_is_gone(sounding: Path, tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, a_thumbnail(sounding, tmp_path / "a"))
    os.close(theirs)
    process = await darkroom(ours)
    os.close(ours)
    async with asyncio.timeout(10):
        assert await process.wait() == 1
    assert not names(tmp_path)


async def test_a_process_that_is_asked_for_nothing_ends_with_whoever_kept_it_ready() -> None:
    process = await darkroom(PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 0


async def test_the_process_for_the_next_clip_is_ready_by_then(sounding: Path, tmp_path: Path) -> None:
    lab = Lab(keeps_ready=True)
    await lab.thumbnailed(sounding, tmp_path / "a.jpg")
    ready = await kept_ready()
    await lab.thumbnailed(sounding, tmp_path / "b.jpg")
    assert ready.returncode == 0
    assert await kept_ready() is not ready
    await lab.close()


async def kept_ready() -> Process:
    (opening,) = [task for task in asyncio.all_tasks() if task.get_name() == "a darkroom for the next clip"]
    process: Process = await opening
    return process


async def test_one_that_ended_before_its_time_is_replaced(sounding: Path, tmp_path: Path) -> None:
    lab = Lab(keeps_ready=True)
    await lab.thumbnailed(sounding, tmp_path / "a.jpg")
    process = await kept_ready()
    process.kill()
    await process.wait()
    assert (await lab.thumbnailed(sounding, tmp_path / "b.jpg")).width
    await lab.close()


def decoder(folder: Path, program: str, monkeypatch: pytest.MonkeyPatch, *, by: str = sys.executable) -> None:
    """Another program in the place of the darkroom."""
    path = folder / "decoder"
    path.write_text(f"#!{by}\n{program}")
    path.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(path))


TAKEN_OVER = """import json, os, resource, socket, subprocess, sys
from adapters.media import darkroom
from bot.trouble import MediaUnplayable

def succeeds(attack):
    try:
        attack()
    except OSError:
        return False
    return True

def attacked(clip):
    folder = os.path.dirname(clip)
    raise MediaUnplayable(json.dumps({
        "read the clip": succeeds(lambda: open(clip, "rb").read()),
        "read the database": succeeds(lambda: open(folder + "/rushes.db").read()),
        "change another clip": succeeds(lambda: open(folder + "/b.mp4", "ab")),
        "see our environment": succeeds(lambda: open(f"/proc/{os.getppid()}/environ").read()),
        "have a key": "secret" in str(os.environ),
        "have a file of ours": any(succeeds(lambda: os.fstat(number)) for number in range(3, 32)),
        "have no limit": resource.RLIM_INFINITY in resource.getrlimit(resource.RLIMIT_FSIZE),
        "speak": succeeds(socket.socket),
        "start a program": succeeds(lambda: subprocess.run(["true"])),
    }))

darkroom._TASKS = {"probe": attacked}
darkroom.main()
"""


@pytest.mark.skipif(LINUX < (6, 2), reason="there are no such walls")
async def test_a_decoder_that_was_taken_over_reaches_nothing_but_its_clip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.mp4", "b.mp4", "rushes.db"):
        (tmp_path / name).write_bytes(b"secret")
    decoder(tmp_path, TAKEN_OVER, monkeypatch)
    monkeypatch.setenv("OUR_KEY", "secret")
    with (tmp_path / "rushes.db").open() as ours:
        os.set_inheritable(ours.fileno(), True)  # noqa: FBT003 - it is called so
        with pytest.raises(MediaUnplayable) as told:
            await Lab().probed(tmp_path / "a.mp4")
    assert [attack for attack, succeeded in json.loads(told.value.detail).items() if succeeded] == ["read the clip"]


@pytest.mark.parametrize(
    "output",
    [
        "",
        "[]",
        '{"ending": "whatever"}',
        '{"ending": "done", "width": -1}',
        '{"ending": "done", "seconds": NaN}',
        '{"ending": "done", "seconds": Infinity}',
        '{"ending": "unplayable", "detail": "a\\nb"}',
    ],
)
async def test_what_a_darkroom_says_is_not_believed_whatever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    (tmp_path / "a.mp4").touch()
    decoder(tmp_path, f"cat <<'.'\n{output}\n.", monkeypatch, by="/bin/sh")
    with pytest.raises(MediaUnplayable, match="its decoder gave"):
        await Lab().probed(tmp_path / "a.mp4")


async def test_what_is_too_large_does_not_fit_whoever_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoder(
        tmp_path,
        """import json; open(json.loads(input())[4], "w").write(" " * 2000); print('{"ending": "done"}')""",
        monkeypatch,
    )
    with pytest.raises(CannotFit):
        await Lab().fitted(tmp_path / "a.mp4", tmp_path / "b.mp4", 1000)
    assert names(tmp_path) == ["decoder"]
