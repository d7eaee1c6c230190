"""Clips that are damaged, or of kinds that nothing here knows: looked at, or not playable, and never anything else."""

import random
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from adapters.media.fit import CannotFit, fit
from adapters.media.probe import probe
from adapters.media.thumbnail import thumbnail
from bot.trouble import MediaUnplayable


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Half a second of small noise, to be seen and heard; the index comes first."""
    path = tmp_path_factory.mktemp("clips") / "tiny.mp4"
    chance = np.random.default_rng(1)
    with av.open(path, "w", options={"movflags": "+faststart"}) as container:
        picture = container.add_stream("libx264", rate=12, options={"g": "3"})
        picture.width, picture.height, picture.pix_fmt = 32, 16, "yuv420p"
        sound = container.add_stream("aac", rate=44_100, layout="mono")
        for _ in range(6):
            noise = chance.integers(0, 255, (16, 32, 3), np.uint8)
            container.mux(picture.encode(av.VideoFrame.from_ndarray(noise, "rgb24")))
        for _ in range(20):
            frame = av.AudioFrame.from_ndarray(chance.uniform(-1, 1, (1, 1024)).astype(np.float32), "fltp", "mono")
            frame.sample_rate = 44_100
            container.mux(sound.encode(frame))
        container.mux(picture.encode())
        container.mux(sound.encode())
    return path.read_bytes()


def look(clip: Path) -> None:
    probe(clip)


def show(clip: Path) -> None:
    thumbnail(clip, clip.with_suffix(".jpg"))


def shrink(clip: Path) -> None:
    fit(clip, clip.with_suffix(".small.mp4"), clip.stat().st_size * 4 // 5)


every_task = pytest.mark.parametrize("task", [look, show, shrink])


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.mp4"
    path.write_bytes(content)
    return path


@every_task
def test_a_name_in_some_other_alphabet_spoils_nothing(
    tiny: bytes, tmp_path: Path, task: Callable[[Path], None]
) -> None:
    assert b"VideoHandler" in tiny
    task(written(tmp_path, tiny.replace(b"VideoHandler", "Видео".encode("cp1251") + b"Handler")))


@every_task
def test_a_picture_of_a_kind_that_nobody_knows_is_not_playable(
    tiny: bytes, tmp_path: Path, task: Callable[[Path], None]
) -> None:
    with pytest.raises(MediaUnplayable):
        task(written(tmp_path, tiny.replace(b"avc1", b"zzzz")))


def test_a_sound_of_a_kind_that_nobody_knows_cannot_be_brought_along(tiny: bytes, tmp_path: Path) -> None:
    clip = written(tmp_path, tiny.replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz"))
    look(clip)
    show(clip)
    with pytest.raises(MediaUnplayable, match="sound"):
        shrink(clip)


@every_task
@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_clip_is_not_playable_at_worst(
    tiny: bytes, tmp_path: Path, seed: int, task: Callable[[Path], None]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    content = bytearray(tiny)
    index = content.index(b"mdat")
    for _ in range(chance.randint(1, 5)):
        place, length = chance.randrange(index if chance.random() < 0.8 else len(content)), chance.choice([1, 2, 4])
        content[place : place + length] = chance.choice([bytes(length), b"\xff" * length, chance.randbytes(length)])
    try:
        task(written(tmp_path, bytes(content)))
    except (MediaUnplayable, CannotFit, MemoryError):
        return
