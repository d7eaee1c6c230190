"""What most dialects let a client wish for, in the same words."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from simulator.film import Film, Style

AspectRatio: TypeAlias = Literal["16:9", "4:3", "1:1", "3:4", "9:16"]
Resolution: TypeAlias = Literal["360p", "540p", "720p", "1080p"]
Thinking: TypeAlias = Literal["enabled", "disabled", "auto"]

LONGEST_PROMPT = 2048  # characters


class Wish(BaseModel):
    """Types are strict, fields that the provider does not know are ignored."""

    model_config = ConfigDict(strict=True)

    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
    aspect_ratio: AspectRatio = "16:9"
    negative_prompt: str = ""
    style: Style | None = None
    seed: int | None = None

    def filmed(self, drawn_seed: int, resolution: str, seconds: int) -> Film:
        return Film(
            prompt=self.prompt,
            seed=drawn_seed if self.seed is None else self.seed,
            aspect_ratio=self.aspect_ratio,
            resolution=resolution,
            seconds=seconds,
            negative_prompt=self.negative_prompt,
            style=self.style,
        )
