import asyncio
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from simulator.camera import Interrupted
from simulator.clips import CAMERAS, Clips
from simulator.film import Film

FILM = Film(prompt="a boat", seed=1, resolution="360p", seconds=1)


@contextmanager
def opened(folder: Path, limit: int = 10**9) -> Iterator[Clips]:
    with closing(Clips(folder, limit)) as clips:
        yield clips


def films_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.mp4"))


async def test_a_film_is_shot_once_for_all_who_wait(tmp_path: Path) -> None:
    with opened(tmp_path) as clips:
        assert clips.begin(FILM) is clips.begin(FILM)
        first, second = await asyncio.gather(clips.path(FILM), clips.path(FILM))
    assert first == second
    assert films_in(tmp_path) == [first]


async def test_a_film_of_an_earlier_run_is_not_shot_again(tmp_path: Path) -> None:
    with opened(tmp_path) as clips:
        path = await clips.path(FILM)
    path.write_bytes(b"as it was")
    with opened(tmp_path) as clips:
        assert await clips.path(FILM) == path
    assert path.read_bytes() == b"as it was"


async def test_old_films_make_room_and_are_shot_again_when_asked_for(tmp_path: Path) -> None:
    other = replace(FILM, seed=2)
    with opened(tmp_path, limit=1) as clips:
        first = await clips.path(FILM)
        content = first.read_bytes()
        await clips.path(other)
        assert not first.exists()
        assert (await clips.path(FILM)).read_bytes() == content


def test_films_are_shot_side_by_side_and_broken_off_when_the_simulator_ends(tmp_path: Path) -> None:
    with opened(tmp_path) as clips:
        first, second = (clips.begin(replace(FILM, seconds=10, resolution="1080p", seed=seed)) for seed in (1, 2))
        while len(list(tmp_path.glob("*.new"))) < CAMERAS:
            time.sleep(0.001)
    assert isinstance(first.exception(), Interrupted)
    assert isinstance(second.exception(), Interrupted)
    assert not films_in(tmp_path)
