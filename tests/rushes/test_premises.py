"""What is made in the data folder is for its owner alone, whatever the umask."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.media.lab import Lab
from bot.job import Phase
from rushes.premises import CLIPS, premises
from rushes.settings import Settings
from rushes.wiring import assembled
from tests.process import started
from tests.visitor import visiting

OPEN_TO_ALL = "import os; os.umask(0); from rushes.cli import main; main(['run'])"


@pytest.fixture(autouse=True)
def _no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}


def is_private(path: Path) -> bool:
    return path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


async def test_whatever_a_running_bot_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = {"RUSHES_WEB_PORT": "0", "RUSHES_SIMULATOR_SPEED": "1000", "RUSHES_PUBLIC_URL": "https://bot.example"}
    async with started(tmp_path, program=["-c", OPEN_TO_ALL], **settings) as program, visiting(program.url) as ann:
        job = await ann.order("a fox --res 360p --seed 1")
        await ann.until(job, Phase.DELIVERED)
        made = modes(data)
    assert {"rushes.db", "rushes.db-wal", "rushes.db-shm", "links.key", f"{CLIPS}/{job}.mp4"} <= set(made)
    assert {name: mode for name, mode in made.items() if mode != (0o700 if (data / name).is_dir() else 0o600)} == {}
    clip = data / CLIPS / f"{job}.mp4"
    with premises(Settings(data_dir=data)):
        await Lab().thumbnailed(clip, clip.with_suffix(".jpg"))
        await Lab().fitted(clip, clip.with_suffix(".small.mp4"), clip.stat().st_size // 2)
    assert all(is_private(path) for path in data.rglob("*"))


async def test_what_others_could_read_before_is_taken_back(tmp_path: Path) -> None:
    async with assembled(Settings(data_dir=tmp_path)):
        pass
    (tmp_path / "rushes.db").chmod(0o644)
    (tmp_path / CLIPS).chmod(0o755)
    async with assembled(Settings(data_dir=tmp_path)):
        assert is_private(tmp_path / "rushes.db")
        assert is_private(tmp_path / "rushes.db-wal")
        assert is_private(tmp_path / CLIPS)


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with premises(Settings(data_dir=tmp_path)):
        assert tmp_path.stat().st_mode & 0o777 == 0o750


def test_the_umask_is_as_it_was_afterwards(tmp_path: Path) -> None:
    with premises(Settings(data_dir=tmp_path)):
        pass
    assert os.umask(0) == 0
