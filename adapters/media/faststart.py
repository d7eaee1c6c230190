"""The index of an MP4 brought before its pictures, so that a player can begin while the clip still loads."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from adapters.media.boxes import Odd, boxes, content_of, numbers, only, places_in

_CHUNK = 1 << 18
"""Bytes that are copied at once."""

_OFFSETS = {b"stco": "I", b"co64": "Q"}
"""Boxes that tell where each piece of a track begins in the file, by how wide their numbers are."""

_OFFSETS_ELSEWHERE = (b"saio", b"iloc")
"""Boxes that tell other places in the file. No plain clip has them."""


def index_first(clip: Path) -> bool:
    """Whether the clip was rewritten; what is not understood stays as it is. Blocks while the file is copied.

    Raises `OSError` where the disk takes no second one; the clip is whole in any case.
    """
    part = clip.with_name(f"{clip.name}.first.part")
    try:
        _rewrite(clip, part)
        part.replace(clip)
    except Odd:
        return False
    finally:
        part.unlink(missing_ok=True)
    return True


def _rewrite(clip: Path, target: Path) -> None:
    with clip.open("rb") as file:
        places = places_in(file, clip.stat().st_size)
        if places[-1].kind != b"moov":
            raise Odd("no index at the end")
        head, pictures = range(places[0].end), range(places[0].end, places[-2].end)
        index = bytearray(content_of(file, places[-1]))
        _shift(memoryview(index), 8 + len(index), pictures)
        with target.open("wb") as made:
            _copy(file, made, head)
            made.write(struct.pack(">I4s", 8 + len(index), b"moov") + index)
            _copy(file, made, pictures)


def _shift(index: memoryview, by: int, pictures: range) -> None:
    if any(kind in bytes(index) for kind in _OFFSETS_ELSEWHERE):
        raise Odd("the index tells places that are not understood")
    for kind, table in _tables(index):
        (count,) = numbers(">4xI", table, 0)
        layout = f">{count}{_OFFSETS[kind]}"
        offsets = numbers(layout, table, 8)
        if not all(offset in pictures for offset in offsets):
            raise Odd("a piece lies where no pictures are")
        struct.pack_into(layout, table, 8, *(offset + by for offset in offsets))


def _tables(index: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    for kind, track in boxes(index):
        if kind == b"trak":
            for name, content in boxes(only(track, b"mdia", b"minf", b"stbl")):
                if name in _OFFSETS:
                    yield name, content


def _copy(file: BinaryIO, made: BinaryIO, part: range) -> None:
    file.seek(part.start)
    made.writelines(file.read(min(_CHUNK, part.stop - at)) for at in part[::_CHUNK])
