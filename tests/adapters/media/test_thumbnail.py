"""The picture that stands for a clip."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from adapters.media.thumbnail import LONGEST_SIDE, thumbnail
from bot.trouble import MediaUnplayable

Picture = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]


def noise(width: int, height: int) -> Picture:
    return np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)


def clip_of(path: Path, pictures: Sequence[Picture], *, pixel: str = "1", turned: int = 0) -> Path:
    """One picture every quarter of a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=4, options={"aspect": pixel, "preset": "ultrafast", "crf": "10"})
        stream.height, stream.width, stream.pix_fmt = *pictures[0].shape[:2], "yuv420p"
        if turned:
            stream.set_display_rotation(turned)
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return path


def brightness(path: Path) -> float:
    with Image.open(path) as image:
        return float(np.asarray(image.convert("L")).mean())


def test_it_is_a_small_jpeg_of_the_clips_shape(sounding: Path, tmp_path: Path) -> None:
    made = thumbnail(sounding, tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as image:
        assert (image.format, *image.size) == ("JPEG", made.width, made.height)
    assert (made.width, made.height) == (LONGEST_SIDE, 180)
    assert made.size == (tmp_path / "a.jpg").stat().st_size


def test_noise_too_stays_under_what_telegram_takes(tmp_path: Path) -> None:
    assert thumbnail(clip_of(tmp_path / "a.mp4", [noise(320, 320)] * 4), tmp_path / "a.jpg").size < 200_000


def test_a_tall_clip_is_limited_in_height(tmp_path: Path) -> None:
    made = thumbnail(clip_of(tmp_path / "a.mp4", [noise(360, 640)] * 4), tmp_path / "a.jpg")
    assert (made.width, made.height) == (180, LONGEST_SIDE)


def test_a_small_clip_is_not_made_larger(tmp_path: Path) -> None:
    made = thumbnail(clip_of(tmp_path / "a.mp4", [noise(64, 48)] * 4), tmp_path / "a.jpg")
    assert (made.width, made.height) == (64, 48)


def test_a_turned_clip_has_an_upright_thumbnail(tmp_path: Path) -> None:
    half = np.zeros((48, 64, 3), np.uint8)
    half[:, :32] = 255
    clip = clip_of(tmp_path / "a.mp4", [half] * 4, turned=90)
    made = thumbnail(clip, tmp_path / "a.jpg")
    assert (made.width, made.height) == (48, 64)
    with Image.open(tmp_path / "a.jpg") as image:
        assert np.asarray(image.convert("L"))[-16:].mean() > 200, "the left is down after a turn against the clock"


def test_black_at_the_beginning_is_passed_over(tmp_path: Path) -> None:
    black = np.zeros((48, 64, 3), np.uint8)
    thumbnail(clip_of(tmp_path / "a.mp4", [black] * 7 + [noise(64, 48)] * 5), tmp_path / "a.jpg")
    assert brightness(tmp_path / "a.jpg") > 60


def test_a_black_clip_has_a_black_thumbnail(tmp_path: Path) -> None:
    thumbnail(clip_of(tmp_path / "a.mp4", [np.zeros((48, 64, 3), np.uint8)] * 8), tmp_path / "a.jpg")
    assert brightness(tmp_path / "a.jpg") < 20


def test_a_single_picture_is_enough(tmp_path: Path) -> None:
    assert thumbnail(clip_of(tmp_path / "a.mp4", [noise(64, 48)]), tmp_path / "a.jpg").width == 64


@pytest.mark.parametrize("content", [b"", b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n", b"\x00" * 5000])
def test_what_is_no_clip_has_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(MediaUnplayable):
        thumbnail(tmp_path / "a.mp4", tmp_path / "a.jpg")
    assert not (tmp_path / "a.jpg").exists()
