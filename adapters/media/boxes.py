"""What the boxes of an MP4 say about it, read in microseconds and without a decoder.

Only the plain case is understood: a whole file with one upright picture track. Anything else is `Odd`, not wrong.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_BOXES = 64
"""Boxes side by side; a clip has four or five of them, and no box in it more than ten."""

MOST_INDEX_BYTES = 1 << 20
"""Of the index, `moov`; a clip of a minute has about fifty thousand."""

MOST_SECONDS = 3600.0
"""Of a clip; what claims to be longer is left to those who look at every picture."""

_SLACK = 0.5
"""Seconds by which the picture may end before the whole does, as in `probe`."""

_UPRIGHT = (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


class Odd(Exception):
    """Broken, or of a kind that the boxes alone do not explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    width: int
    height: int
    seconds: float
    faststart: bool
    """Whether the index comes before the pictures, so that a player can begin while it still loads."""


@dataclass(frozen=True, slots=True)
class Place:
    kind: bytes
    start: int
    end: int


def outline(path: Path) -> Outline:
    """Raises `Odd` for whatever bytes it does not understand, and nothing else for any."""
    with path.open("rb") as file:
        places = places_in(file, path.stat().st_size)
        kinds = [place.kind for place in places]
        moov = content_of(file, places[kinds.index(b"moov")])
    track = _picture_track(moov)
    width, height = _measures(track)
    seconds = _seconds(only(moov, b"mvhd"))
    if _seconds(only(track, b"mdia", b"mdhd")) + _SLACK < seconds:
        raise Odd("the picture ends too early")
    return Outline(width=width, height=height, seconds=seconds, faststart=kinds.index(b"moov") < kinds.index(b"mdat"))


def places_in(file: BinaryIO, length: int) -> list[Place]:
    """Every box of the file itself: the kind of MP4 first, one index, and all pictures that there are."""
    places = list(_places(file, length))
    kinds = [place.kind for place in places]
    if kinds[:1] != [b"ftyp"] or kinds.count(b"moov") != 1 or b"mdat" not in kinds or b"moof" in kinds:
        raise Odd("not an MP4 in one piece")
    return places


def _places(file: BinaryIO, length: int) -> Iterator[Place]:
    position = 0
    for _ in range(MOST_BOXES):
        if position == length:
            return
        file.seek(position)
        header, size, kind = _header(file.read(16), length - position)
        yield Place(kind, position + header, position + size)
        position += size
    raise Odd("too many boxes")


def content_of(file: BinaryIO, place: Place) -> memoryview:
    if place.end - place.start > MOST_INDEX_BYTES:
        raise Odd("a large index")
    file.seek(place.start)
    return memoryview(file.read(place.end - place.start))


def _picture_track(moov: memoryview) -> memoryview:
    tracks = [content for kind, content in boxes(moov) if kind == b"trak"]
    pictures = [track for track in tracks if bytes(only(track, b"mdia", b"hdlr")[8:12]) == b"vide"]
    if len(pictures) != 1:
        raise Odd(f"{len(pictures)} picture tracks")
    return pictures[0]


def _measures(track: memoryview) -> tuple[int, int]:
    """Width and height in pixels, where the track shows its pictures as they are stored."""
    table = only(track, b"mdia", b"minf", b"stbl")
    (samples,) = numbers(">I", only(table, b"stsz"), 8)
    entries, stored_width, stored_height = numbers(">4xI32xHH", only(table, b"stsd"), 0)
    header = only(track, b"tkhd")
    *matrix, shown_width, shown_height = numbers(">9iII", header, 52 if _is_long(header) else 40)
    as_stored = (shown_width, shown_height) == (stored_width << 16, stored_height << 16)
    if not samples or entries != 1 or tuple(matrix) != _UPRIGHT or not as_stored or not stored_width * stored_height:
        raise Odd("the picture is shown otherwise than it is stored")
    return stored_width, stored_height


def _seconds(header: memoryview) -> float:
    """Of an `mvhd` or `mdhd`, which begin alike."""
    scale, duration = numbers(">IQ", header, 20) if _is_long(header) else numbers(">II", header, 12)
    if not 0 < duration <= MOST_SECONDS * scale:
        raise Odd("no length that a clip can have")
    return float(duration / scale)


def _is_long(header: memoryview) -> bool:
    """Version 1 keeps its times in 64 bits."""
    (version,) = numbers(">B", header, 0)
    return version == 1


def only(content: memoryview, *path: bytes) -> memoryview:
    """The content of the one box there."""
    for step in path:
        found = [inner for kind, inner in boxes(content) if kind == step]
        if len(found) != 1:
            raise Odd(f"{len(found)} boxes {step!r}")
        content = found[0]
    return content


def boxes(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    for _ in range(MOST_BOXES):
        if not content:
            return
        header, size, kind = _header(content[:16], len(content))
        yield kind, content[header:size]
        content = content[size:]
    raise Odd("too many boxes in a box")


def _header(start: bytes | memoryview, room: int) -> tuple[int, int, bytes]:
    """Bytes of the header, bytes of the whole box, its kind."""
    (size,) = numbers(">I4x", start, 0)
    header = 8
    if size == 1:
        (size,) = numbers(">Q", start, 8)
        header = 16
    elif size == 0:  # it goes on to the end
        size = room
    if not header <= size <= room:
        raise Odd("a box does not fit where it is")
    return header, size, bytes(start[4:8])


def numbers(layout: str, content: bytes | memoryview, offset: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(layout, content, offset)
    except struct.error as error:
        raise Odd("a box is too short") from error
