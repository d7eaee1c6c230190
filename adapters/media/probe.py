"""What an MP4 on disk is, read from the file itself."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.media.footage import opened
from bot.trouble import MediaUnplayable

if TYPE_CHECKING:
    from av import Packet, VideoStream

_SLACK = Fraction(1, 2)
"""Seconds by which the last picture may end before the length that the file claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    width: int
    height: int
    seconds: float


def probe(path: Path) -> Facts:
    """Blocks for some milliseconds. Raises `MediaUnplayable` for what is no MP4, has no picture or ends too early."""
    with opened(path) as footage:
        video = footage.streams.video[0]
        claimed = Fraction(footage.duration or 0, 1_000_000)
        last = max((_end(packet) for packet in footage.demux(video) if packet.size), default=Fraction(0))
        width, height = video.width, video.height
    if not last or last + _SLACK < claimed:
        raise MediaUnplayable(f"ends at {float(last):.1f} s of {float(claimed):.1f} s")
    return Facts(width=width, height=height, seconds=float(claimed))


def _end(packet: "Packet[VideoStream]") -> Fraction:
    return ((packet.pts or 0) + (packet.duration or 0)) * (packet.time_base or Fraction(0))
