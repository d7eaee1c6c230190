"""A frame of the film as what the encoder takes: a plane of light and two smaller ones of colour."""

from typing import TypeAlias

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

Field: TypeAlias = NDArray[np.float32]
Plane: TypeAlias = NDArray[np.uint8]


def planes(frame: VideoFrame) -> list[Plane]:
    """Give writable views of the picture itself, without the padding at the end of a line."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    ]


def yuv(rgb: Field) -> Field:
    """Convert the last axis, 0..255, to a first one: BT.709, limited range."""
    red, green, blue = np.moveaxis(rgb / 255, -1, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    parts = (16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748)
    return np.stack(parts).astype(np.float32)
