"""The index brought to the front: the same pictures, sooner; and nothing changed that is not understood."""

import struct
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.media.boxes import outline
from adapters.media.faststart import index_first
from tests.full_disk import no_file_larger_than


def box(kind: bytes, *content: bytes) -> bytes:
    joined = b"".join(content)
    return struct.pack(">I4s", 8 + len(joined), kind) + joined


def with_index(*tables: bytes, pictures: bytes = b"pictures") -> bytes:
    """The pictures are at the sixteenth byte."""
    index = box(b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", *tables)))))
    return box(b"ftyp") + box(b"mdat", pictures) + index


def offsets(kind: bytes, layout: str, *numbers: int) -> bytes:
    return box(kind, struct.pack(f">4xI{len(numbers)}{layout}", len(numbers), *numbers))


def packets(clip: Path) -> list[tuple[int, bytes]]:
    with av.open(clip) as container:
        return [(packet.stream_index, bytes(packet)) for packet in container.demux()]


@pytest.fixture
def late(sounding: Path, tmp_path: Path) -> Path:
    """With the index at the end, as an encoder leaves it that does nothing more."""
    path = tmp_path / "late.mp4"
    with av.open(sounding) as clip, av.open(path, "w") as made:
        streams = {stream.index: made.add_stream_from_template(stream) for stream in clip.streams}
        for packet in clip.demux():
            if packet.size:
                packet.stream = streams[packet.stream_index]
                made.mux(packet)
    assert not outline(path).faststart
    return path


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.mp4"
    path.write_bytes(content)
    return path


def test_the_same_pictures_and_sounds_come_behind_the_index(late: Path) -> None:
    before = packets(late)
    assert index_first(late)
    assert outline(late).faststart
    assert packets(late) == before
    assert [file.name for file in late.parent.iterdir()] == [late.name]


def test_a_clip_that_begins_with_its_index_stays_as_it_is(late: Path) -> None:
    index_first(late)
    before = late.stat()
    assert not index_first(late)
    assert late.stat().st_ino == before.st_ino


@pytest.mark.parametrize(("kind", "layout"), [(b"stco", "I"), (b"co64", "Q")])
def test_each_piece_is_found_where_it_moved_to(tmp_path: Path, kind: bytes, layout: str) -> None:
    clip = written(tmp_path, with_index(offsets(kind, layout, 16, 20)))
    assert index_first(clip)
    content = clip.read_bytes()
    places = struct.unpack_from(f">2{layout}", content, content.index(kind) + 12)
    assert [content[place : place + 4] for place in places] == [b"pict", b"ures"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><p>Not found",
        box(b"ftyp") + box(b"mdat"),
        box(b"ftyp") + box(b"moov"),
        box(b"mdat") + box(b"ftyp") + box(b"moov"),
        box(b"ftyp") + box(b"moov") + with_index(),
        with_index() + box(b"free"),
        box(b"ftyp") + box(b"moof") + with_index()[8:],
        with_index(offsets(b"stco", "I", 7)),
        with_index(offsets(b"stco", "I", 24)),
        with_index(offsets(b"co64", "Q", (1 << 64) - 1)),
        with_index(box(b"stco", struct.pack(">4xI", (1 << 32) - 1))),
        with_index(box(b"stco")),
        with_index(offsets(b"stco", "I", 16), box(b"saio", b"\x00" * 12)),
        with_index(offsets(b"stco", "I", 16))[:-1],
    ],
)
def test_what_is_not_understood_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    clip = written(tmp_path, content)
    assert not index_first(clip)
    assert clip.read_bytes() == content
    assert list(tmp_path.iterdir()) == [clip]


def test_a_full_disk_leaves_the_clip_whole(late: Path) -> None:
    before = late.read_bytes()
    with pytest.raises(OSError, match="too large"), no_file_larger_than(4096):
        index_first(late)
    assert late.read_bytes() == before
    assert list(late.parent.iterdir()) == [late]


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_damaged_clip_loses_nothing(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(with_index(offsets(b"stco", "I", 16, 20), offsets(b"co64", "Q", 16)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    clip = written(tmp_path, bytes(content))
    if not index_first(clip):
        assert clip.read_bytes() == content
    assert clip.stat().st_size >= len(content) - 8
