"""What an MP4 is, and what is none."""

from pathlib import Path

import av
import pytest

from adapters.media.probe import probe
from bot.trouble import MediaUnplayable


def shot(path: Path, *, kind: str = "mp4", frames: int = 24) -> Path:
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(frames):
            container.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(stream.encode())
    return path


def test_the_measures_of_a_clip_are_read_from_the_file(tmp_path: Path) -> None:
    facts = probe(shot(tmp_path / "a.mp4"))
    assert (facts.width, facts.height) == (64, 48)
    assert facts.seconds == pytest.approx(1.0)


def test_another_container_is_no_mp4(tmp_path: Path) -> None:
    with pytest.raises(MediaUnplayable, match="not readable as MP4"):
        probe(shot(tmp_path / "a.mkv", kind="matroska"))


def test_half_a_file_is_not_playable(tmp_path: Path) -> None:
    path = shot(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaUnplayable):
        probe(path)


@pytest.mark.parametrize("content", [b"", b"<!doctype html><p>Not found", b"\x00" * 5000])
def test_what_is_no_video_at_all_is_not_playable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(MediaUnplayable):
        probe(tmp_path / "a.mp4")
