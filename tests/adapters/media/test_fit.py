"""A clip made small enough, and never too large."""

from pathlib import Path

import av
import numpy as np
import pytest

from adapters.media.boxes import outline
from adapters.media.fit import CannotFit, fit
from adapters.media.probe import probe
from bot.trouble import MediaUnplayable


@pytest.fixture(scope="session")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of noise after a second of nothing: what an average rate foresees worst."""
    path = tmp_path_factory.mktemp("clips") / "noisy.mp4"
    chance = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "20"})
        stream.width, stream.height, stream.pix_fmt = 480, 384, "yuv420p"
        for number in range(48):
            picture = chance.integers(0, 255 if number > 24 else 1, (384, 480, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small grey seconds with a great deal of sound."""
    path = tmp_path_factory.mktemp("clips") / "loud.mp4"
    chance = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=24)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("aac", rate=48_000, layout="stereo", bit_rate=320_000)
        for _ in range(48):
            container.mux(picture.encode(av.VideoFrame(64, 48, "yuv420p")))
        for _ in range(94):
            frame = av.AudioFrame.from_ndarray(chance.uniform(-1, 1, (2, 1024)).astype(np.float32), "fltp", "stereo")
            frame.sample_rate = 48_000
            container.mux(sound.encode(frame))
        container.mux(picture.encode())
        container.mux(sound.encode())
    return path


def sound_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


@pytest.mark.parametrize("limit", [60_000, 100_000, 150_000, 250_000])
def test_a_film_is_never_over_the_limit_and_makes_use_of_it(sounding: Path, tmp_path: Path, limit: int) -> None:
    fit(sounding, tmp_path / "a.mp4", limit)
    assert 0.7 * limit < (tmp_path / "a.mp4").stat().st_size <= limit


@pytest.mark.parametrize("limit", [60_000, 300_000, 1_000_000])
def test_noise_is_never_over_the_limit_or_refused(noisy: Path, tmp_path: Path, limit: int) -> None:
    try:
        fit(noisy, tmp_path / "a.mp4", limit)
    except CannotFit:
        assert limit < 300_000
    else:
        assert (tmp_path / "a.mp4").stat().st_size <= limit


def test_the_length_and_the_sound_stay(sounding: Path, tmp_path: Path) -> None:
    facts = fit(sounding, tmp_path / "a.mp4", 200_000)
    assert facts.seconds == pytest.approx(2.0, abs=0.1)
    assert probe(tmp_path / "a.mp4").seconds == pytest.approx(2.0, abs=0.1)
    assert sound_of(tmp_path / "a.mp4") == sound_of(sounding)


def test_a_player_can_begin_while_it_loads(sounding: Path, tmp_path: Path) -> None:
    fit(sounding, tmp_path / "a.mp4", 100_000)
    assert outline(tmp_path / "a.mp4").faststart


def test_the_picture_keeps_its_pixels_where_the_limit_allows(sounding: Path, tmp_path: Path) -> None:
    assert fit(sounding, tmp_path / "a.mp4", sounding.stat().st_size * 9 // 10).height == 540


def test_it_loses_pixels_where_they_would_look_bad(sounding: Path, tmp_path: Path) -> None:
    facts = fit(sounding, tmp_path / "a.mp4", 60_000)
    assert (facts.width, facts.height) == (640, 360)
    assert (probe(tmp_path / "a.mp4").width, probe(tmp_path / "a.mp4").height) == (640, 360)


def test_sound_that_is_too_much_by_itself_is_lowered(loud: Path, tmp_path: Path) -> None:
    fit(loud, tmp_path / "a.mp4", 30_000)
    assert 0 < sum(map(len, sound_of(tmp_path / "a.mp4"))) < 30_000 < sum(map(len, sound_of(loud)))
    assert (tmp_path / "a.mp4").stat().st_size <= 30_000


def test_a_turned_clip_stays_turned(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.set_display_rotation(90)
        for number in range(24):
            picture = np.random.default_rng(number).integers(0, 255, (64, 96, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    fit(tmp_path / "a.mp4", tmp_path / "b.mp4", 60_000)
    with av.open(str(tmp_path / "a.mp4")) as before, av.open(str(tmp_path / "b.mp4")) as after:
        assert next(before.decode(video=0)).rotation == next(after.decode(video=0)).rotation != 0


def test_what_fits_at_no_size_is_refused_with_the_limit(sounding: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotFit) as refused:
        fit(sounding, tmp_path / "a.mp4", 10_000)
    assert refused.value.limit == 10_000


@pytest.mark.parametrize("content", [b"", b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n", b"\x00" * 5000])
def test_what_is_no_clip_is_not_playable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(MediaUnplayable):
        fit(tmp_path / "a.mp4", tmp_path / "b.mp4", 1_000_000)


def test_a_clip_with_broken_pictures_is_not_playable_or_fits(sounding: Path, tmp_path: Path) -> None:
    content = bytearray(sounding.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = b"\xff" * 4000
    (tmp_path / "a.mp4").write_bytes(content)
    try:
        fit(tmp_path / "a.mp4", tmp_path / "b.mp4", 100_000)
    except MediaUnplayable:
        return
    assert (tmp_path / "b.mp4").stat().st_size <= 100_000
