"""What is to be filmed, as any dialect asks for it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    ANIME = "anime"
    THREE_D_ANIMATION = "3d_animation"
    CLAY = "clay"
    COMIC = "comic"
    CYBERPUNK = "cyberpunk"


ASPECT_RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16")
RESOLUTIONS = ("360p", "540p", "720p", "1080p")
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    prompt: str
    seed: int
    aspect_ratio: str = "16:9"
    resolution: str = "720p"
    seconds: int = 5
    negative_prompt: str = ""
    style: Style | None = None
    audio: bool = False
    multi_clip: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, both even: the resolution is the short side."""
        across, down = (int(part) for part in self.aspect_ratio.split(":"))
        short = int(self.resolution.removesuffix("p"))
        scale = short / min(across, down)
        return even(across * scale), even(down * scale)

    @property
    def fingerprint(self) -> str:
        """The same for films whose files are the same, byte for byte."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


def even(pixels: float) -> int:
    return round(pixels / 2) * 2
