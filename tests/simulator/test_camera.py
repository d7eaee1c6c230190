import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from simulator.camera import FRAMES_A_SECOND, frames, shoot
from simulator.film import Film, Style

FILM = Film(prompt="A paper boat", seed=7, resolution="360p")


def shot(film: Film, folder: Path) -> Path:
    path = folder / f"{film.fingerprint}.mp4"
    shoot(film, path)
    return path


def lasting(stream: av.VideoStream | av.AudioStream) -> Fraction:
    assert stream.duration is not None
    assert stream.time_base is not None
    return stream.duration * stream.time_base


def lumas(path: Path) -> list[np.ndarray]:
    with av.open(path) as container:
        return [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]


@pytest.mark.parametrize("seconds", [5, 8, 10])
def test_a_film_is_exactly_as_long_as_asked(tmp_path: Path, seconds: int) -> None:
    film = replace(FILM, seconds=seconds, audio=True, aspect_ratio="1:1")
    with av.open(shot(film, tmp_path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.frames == seconds * FRAMES_A_SECOND
        assert container.duration == seconds * av.time_base
        assert [lasting(video), lasting(audio)] == [seconds, seconds]


@pytest.mark.parametrize(
    ("aspect_ratio", "resolution"), [("16:9", "720p"), ("9:16", "540p"), ("4:3", "360p"), ("1:1", "1080p")]
)
def test_a_film_is_h264_of_the_size_asked_for(tmp_path: Path, aspect_ratio: str, resolution: str) -> None:
    film = replace(FILM, aspect_ratio=aspect_ratio, resolution=resolution, seconds=1)
    with av.open(shot(film, tmp_path)) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
        assert (codec.width, codec.height) == film.size
        assert codec.framerate == FRAMES_A_SECOND


def test_there_is_sound_only_when_asked_for(tmp_path: Path) -> None:
    silent, sounding = (replace(FILM, seconds=1, audio=audio) for audio in (False, True))
    with av.open(shot(silent, tmp_path)) as container:
        assert not container.streams.audio
    with av.open(shot(sounding, tmp_path)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        loudest = max(np.abs(frame.to_ndarray()).max() for frame in container.decode(audio=0))
    assert 0.05 < loudest < 1


def test_a_player_can_begin_before_it_has_the_whole_file(tmp_path: Path) -> None:
    content = shot(replace(FILM, seconds=1), tmp_path).read_bytes()
    assert content[4:8] == b"ftyp"
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_same_film_is_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    film = replace(FILM, audio=True, multi_clip=True, seconds=2)
    here = shot(film, tmp_path).read_bytes()
    there = tmp_path / "there.mp4"
    program = (
        "import sys; from pathlib import Path; from simulator.camera import shoot; "
        f"from simulator.film import Film; shoot({film!r}, Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", program, there], check=True)
    assert there.read_bytes() == here


@pytest.mark.parametrize(
    "change", [{"seed": 8}, {"prompt": "A paper kite"}, {"negative_prompt": "fog"}, {"style": Style.CLAY}]
)
def test_another_wish_is_another_picture(change: dict[str, str]) -> None:
    first, other = next(frames(FILM)), next(frames(replace(FILM, **change)))  # type: ignore[arg-type]  # various
    assert not np.array_equal(first.to_ndarray(), other.to_ndarray())


def test_the_picture_moves_gently(tmp_path: Path) -> None:
    film = lumas(shot(FILM, tmp_path))
    steps = [np.abs(after - before).mean() for before, after in pairwise(film)]
    assert min(steps) > 0
    assert max(steps) < 4


@pytest.mark.parametrize(("seconds", "cuts"), [(5, 2), (8, 3)])
def test_a_film_of_many_clips_has_visible_cuts(tmp_path: Path, seconds: int, cuts: int) -> None:
    film = lumas(shot(replace(FILM, multi_clip=True, seconds=seconds), tmp_path))
    steps = [np.abs(after - before).mean() for before, after in pairwise(film)]
    assert sum(step > 8 for step in steps) == cuts
