"""`make image`: the steps of the Dockerfile, one after the other, and then the program as the container runs it.

There is no container here: a namespace of mounts and this machine's own Python stand in for it, which takes the right
to mount. The Dockerfile's own paths, user and commands are the real ones.
"""

import asyncio
import os
import signal
import socket
import subprocess
from asyncio.subprocess import PIPE
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from bot.job import Phase
from tests.image.dockerfile import Stage, Step, let_in, stages
from tests.image.machine import PROJECT, Root
from tests.visitor import visiting

MADE = ("/opt/rushes", "/src", "/build", "/wheels", "/data", "/config")

IN_EVERY_BASE = (
    "libc",
    "libm",
    "libpthread",
    "libdl",
    "librt",
    "libutil",
    "libgcc_s",
    "libstdc++",
    "ld-linux",
    "libz",
    "linux-vdso",
)
"""Libraries that the smallest Debian has, because its package manager needs them."""

NOT_NEEDED_TO_RUN = {"pip", "setuptools", "wheel", "hatchling", "editables", "pytest", "mypy", "ruff"}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> tuple[Root, Stage]:
    """The last stage of the Dockerfile, built."""
    built: dict[str, Root] = {}
    every = stages(PROJECT / "Dockerfile")
    for stage in every:
        root = Root(tmp_path_factory.mktemp("stage"), MADE)
        root.folder.chmod(0o755)
        root.build(stage, built, let_in(PROJECT / ".dockerignore"))
        built[stage.name] = root
    return built[""], every[-1]


def installed(root: Root) -> Path:
    [packages] = (root.folder / "opt/rushes/lib").glob("python*/site-packages")
    return packages


def test_only_what_runs_is_in_it(image: tuple[Root, Stage]) -> None:
    names = {found.name for found in Distribution.discover(path=[str(installed(image[0]))])}
    assert "rushes" in names
    assert not names & NOT_NEEDED_TO_RUN
    assert not [path for path in ("src", "build", "wheels") if (image[0].folder / path).exists()]


def test_it_needs_no_library_that_a_slim_base_has_not(image: tuple[Root, Stage]) -> None:
    packages = installed(image[0])
    told = subprocess.run(
        ["ldd", *map(str, packages.rglob("*.so*"))],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    needed = [line.split() for line in told.splitlines() if line.startswith("\t") and "statically linked" not in line]
    foreign = {words[0] for words in needed if str(packages) not in " ".join(words)}
    assert {name for name in foreign if not Path(name).name.startswith(IN_EVERY_BASE)} == set()


async def outcome(command: list[str]) -> tuple[int, str]:
    """The exit code, and what was said."""
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_it_films_as_nobody_on_a_root_that_cannot_be_written_and_ends_when_told(
    image: tuple[Root, Stage], tmp_path: Path
) -> None:
    root, stage = image
    volume = tmp_path / "volume"
    volume.mkdir(0o700)
    uid, _, gid = stage.last("USER").said.partition(":")
    os.chown(volume, int(uid), int(gid))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = dict(word.split("=", 1) for word in stage.last("ENV").words)
    told |= {"RUSHES_WEB_PORT": str(port), "RUSHES_SIMULATOR_SPEED": "100"}

    def inside(*words: str) -> list[str]:
        return root.command(volume, stage.last("USER").said, told, words)

    run = [*stage.last("ENTRYPOINT").words, *stage.last("CMD").words]
    health = Step("CMD", stage.last("HEALTHCHECK").said.partition("CMD ")[2]).words
    process = await asyncio.create_subprocess_exec(*inside(*run), stdout=PIPE)
    assert process.stdout
    try:
        async with asyncio.timeout(60):
            assert b"ready" in await process.stdout.readline()
        status = await asyncio.to_thread(Path(f"/proc/{process.pid}/status").read_text)
        assert f"Uid:\t{uid}\t{uid}\t{uid}\t{uid}" in status
        assert "CapEff:\t0000000000000000" in status
        assert "NoNewPrivs:\t1" in status
        assert (await outcome(inside("sh", "-c", "echo x > /config/x")))[0] != 0
        assert await outcome(inside(*health)) == (0, "ok\n")
        assert await outcome(inside("rushes", "health", "--ready")) == (0, "ready\n")
        async with visiting(f"http://127.0.0.1:{port}") as ann:
            job = await ann.order("a fox --res 360p")
            await ann.until(job, Phase.DELIVERED)
            assert (await ann.clip(job))[4:8] == b"ftyp"
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await process.wait() == 0
        assert (await outcome(inside(*health)))[0] == 1
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (await outcome(["test", "-s", str(volume / "rushes.db")]))[0] == 0
