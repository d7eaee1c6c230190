"""What whoever took over a decoder can still do: next to nothing."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from adapters.media.walls import build_walls
from tests.adapters.media.inside import LINUX, walled_in

pytestmark = pytest.mark.skipif(LINUX < (6, 2), reason="there are no such walls")


def denied(attack: Callable[[], object], *, readable: tuple[Path, ...] = (), writable: tuple[Path, ...] = ()) -> bool:
    def attacked() -> bool:
        build_walls(readable=readable, writable=writable)
        try:
            attack()
        except PermissionError:
            return True
        return False

    return walled_in(attacked)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"pictures")
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "target.mp4"
    path.touch()
    return path


def test_the_clip_is_read_and_the_target_written(clip: Path, target: Path) -> None:
    assert not denied(lambda: target.write_bytes(clip.read_bytes()), readable=(clip,), writable=(target,))
    assert target.read_bytes() == b"pictures"


def test_a_folder_is_read_with_all_that_is_in_it(clip: Path) -> None:
    assert not denied(clip.read_bytes, readable=(clip.parent,))
    assert not denied(lambda: list(clip.parent.iterdir()), readable=(clip.parent,))


@pytest.mark.parametrize(
    "attack",
    [
        lambda clip: clip.write_bytes(b""),
        lambda clip: os.truncate(clip, 0),
        lambda clip: clip.unlink(),
        lambda clip: clip.rename(clip.with_name("b.mp4")),
        lambda clip: clip.chmod(0o666),
        lambda clip: clip.with_name("b.mp4").touch(),
        lambda clip: clip.with_name("b.mp4").symlink_to("/etc/passwd"),
        lambda clip: list(clip.parent.iterdir()),
        lambda clip: (clip.parent / "rushes.db").read_bytes(),
        lambda _: Path("/etc/passwd").read_bytes(),
        lambda _: Path("/proc/self/environ").read_bytes(),
        lambda _: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    ],
)
def test_no_other_file_is_reached_or_made(clip: Path, target: Path, attack: Callable[[Path], object]) -> None:
    (clip.parent / "rushes.db").write_bytes(b"secret")
    before = {file: file.read_bytes() for file in clip.parent.iterdir()}
    assert denied(lambda: attack(clip), readable=(clip,), writable=(target,))
    assert {file: file.read_bytes() for file in clip.parent.iterdir()} == before


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK])
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW])
def test_nobody_is_spoken_to(family: int, kind: int) -> None:
    assert denied(lambda: socket.socket(family, kind).close())


@pytest.mark.parametrize(
    "attack",
    [
        lambda: os.fork() or os._exit(0),
        lambda: os.execv("/there/is/none", ["none"]),  # noqa: S606
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    ],
)
def test_no_other_process_is_started(attack: Callable[[], object]) -> None:
    assert denied(attack)


@pytest.mark.skipif(LINUX < (6, 12), reason="an older Linux does not keep signals in")
def test_no_other_process_is_ended() -> None:
    assert denied(lambda: os.kill(os.getppid(), 0))


def test_what_is_started_inside_is_inside(clip: Path) -> None:
    def attack() -> None:
        refused: list[bool] = []
        thread = Thread(target=lambda: refused.append(denied(clip.read_bytes, readable=(clip,))))
        thread.start()
        thread.join()
        if refused == [True]:
            raise PermissionError

    # The walls of the inner thread allow what those of the outer do not.
    assert denied(attack)


def test_walls_are_gone_with_their_thread(clip: Path) -> None:
    assert denied(clip.read_bytes)
    assert clip.read_bytes()
