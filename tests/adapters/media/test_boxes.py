"""What the boxes tell, and that no bytes whatever do more than puzzle the reader."""

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.media.boxes import MOST_BOXES, MOST_INDEX_BYTES, Odd, outline
from adapters.media.probe import probe

fuzz = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.mp4"
    path.write_bytes(content)
    return path


def test_the_boxes_tell_what_the_probe_finds(sounding: Path) -> None:
    facts, plain = probe(sounding), outline(sounding)
    assert (plain.width, plain.height) == (facts.width, facts.height)
    assert plain.seconds == pytest.approx(facts.seconds, abs=0.01)


def test_an_index_at_the_front_lets_a_player_begin_early(sounding: Path) -> None:
    assert outline(sounding).faststart


def test_an_index_at_the_end_does_not(sounding: Path, tmp_path: Path) -> None:
    content = sounding.read_bytes()
    start = content.index(b"moov") - 4
    end = start + int.from_bytes(content[start : start + 4], "big")
    moved = written(tmp_path, content[:start] + content[end:] + content[start:end])
    assert not outline(moved).faststart


def test_half_a_file_is_odd(sounding: Path, tmp_path: Path) -> None:
    content = sounding.read_bytes()
    with pytest.raises(Odd):
        outline(written(tmp_path, content[: len(content) // 2]))


def test_a_turned_picture_is_odd(sounding: Path, tmp_path: Path) -> None:
    content = bytearray(sounding.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    content[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    with pytest.raises(Odd, match="shown otherwise"):
        outline(written(tmp_path, bytes(content)))


def test_a_picture_that_ends_before_the_whole_is_odd(sounding: Path, tmp_path: Path) -> None:
    content = bytearray(sounding.read_bytes())
    duration = content.index(b"mvhd") + 4 + 16
    content[duration : duration + 4] = struct.pack(">I", 60_000)
    with pytest.raises(Odd, match="too early"):
        outline(written(tmp_path, bytes(content)))


def test_a_length_of_years_is_odd(sounding: Path, tmp_path: Path) -> None:
    content = bytearray(sounding.read_bytes())
    for kind in (b"mvhd", b"mdhd"):
        content[content.index(kind) + 20 : content.index(kind) + 24] = b"\xff" * 4
    with pytest.raises(Odd, match="no length that a clip can have"):
        outline(written(tmp_path, bytes(content)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><p>Not found",
        b"\x00" * 5000,
        box(b"ftyp") * (MOST_BOXES + 1),
        box(b"ftyp") + box(b"mdat") + box(b"moov"),
        box(b"ftyp") + box(b"mdat") + box(b"moov", box(b"trak") * (MOST_INDEX_BYTES // 8)),
        box(b"ftyp") + box(b"mdat") + box(b"moov", b"\x00" * (MOST_INDEX_BYTES + 1)),
        box(b"ftyp") + box(b"moof") + box(b"mdat") + box(b"moov"),
        struct.pack(">I4sQ", 1, b"ftyp", 1 << 63),
        struct.pack(">I4sQ", 1, b"ftyp", 0) + b"\x00" * 64,
    ],
)
def test_what_is_no_plain_clip_is_odd(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Odd):
        outline(written(tmp_path, content))


@fuzz
@given(content=st.binary(max_size=400))
def test_any_bytes_are_odd_at_worst(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Odd):
        outline(written(tmp_path, content))


@fuzz
@given(data=st.data())
def test_a_damaged_clip_is_odd_or_has_measures(sounding: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(sounding.read_bytes())
    index = content.index(b"mdat")
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, index))] = data.draw(st.integers(0, 255))
    try:
        found = outline(written(tmp_path, bytes(content)))
    except Odd:
        return
    assert found.width > 0
    assert found.height > 0
    assert found.seconds > 0


@fuzz
@given(data=st.data())
def test_a_clip_that_breaks_off_is_odd(sounding: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = sounding.read_bytes()
    with pytest.raises(Odd):
        outline(written(tmp_path, content[: data.draw(st.integers(0, len(content) - 1))]))
