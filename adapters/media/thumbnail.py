"""One picture that stands for a clip."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.media.footage import opened
from bot.trouble import MediaUnplayable

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from PIL.Image import Image

LONGEST_SIDE = 320
"""Pixels, and with the quality below under 200 kB: what Telegram takes."""

_QUALITY = 85
_MOMENTS = (Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(5, 6))
"""Parts of the clip, each looked at only where those before show nothing, and the key frame before the first."""

_DARKEST, _FLATTEST = 20, 6
"""Of 255: the mean and the deviation of brightness below which a picture shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    width: int
    height: int
    size: int


def thumbnail(clip: Path, target: Path) -> Thumbnail:
    """Blocks while the clip is decoded up to the picture. Raises `MediaUnplayable`."""
    with opened(clip) as footage:
        pixel = footage.streams.video[0].sample_aspect_ratio or Fraction(1)
        picture = _most_telling(_shrunk(frame, pixel) for frame in _moments(footage))
    content = BytesIO()
    picture.save(content, "JPEG", quality=_QUALITY, optimize=True)
    # Pillow itself does not notice where a disk takes only a part.
    target.write_bytes(content.getvalue())
    return Thumbnail(width=picture.width, height=picture.height, size=len(content.getvalue()))


def _moments(footage: "InputContainer") -> Iterator["VideoFrame"]:
    """The key frame, which alone is decoded as a rule, and then as many as there are."""
    length = Fraction(max(footage.duration or 0, 0), 1_000_000)
    footage.seek(int(length * _MOMENTS[0] * 1_000_000))
    waiting = [Fraction(-1), *_MOMENTS]
    for frame in footage.decode(footage.streams.video[0]):
        if (frame.time or 0) >= waiting[0] * length:
            yield frame
            waiting.pop(0)
        if not waiting:
            return


def _shrunk(frame: "VideoFrame", pixel: Fraction) -> "Image":
    """Upright, and with square pixels whatever the shape of the clip's."""
    from PIL.Image import frombytes  # noqa: PLC0415 - a large library, which only the process that needs it loads

    width, height = frame.width * pixel, Fraction(frame.height)
    scale = min(Fraction(1), LONGEST_SIDE / max(width, height))
    small = frame.reformat(max(1, round(width * scale)), max(1, round(height * scale)), "rgb24", interpolation="AREA")
    lines = small.planes[0]
    image = frombytes("RGB", (small.width, small.height), bytes(lines), "raw", "RGB", lines.line_size)
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def _most_telling(pictures: Iterable["Image"]) -> "Image":
    """The first that shows something, else the one with the most in it."""
    from PIL.ImageStat import Stat  # noqa: PLC0415 - as above

    best, most = None, -1.0
    for picture in pictures:
        brightness = Stat(picture.convert("L"))
        deviation = brightness.stddev[0]
        if brightness.mean[0] > _DARKEST and deviation > _FLATTEST:
            return picture
        if deviation > most:
            best, most = picture, deviation
    if best is None:
        raise MediaUnplayable("an MP4 without a picture")
    return best
