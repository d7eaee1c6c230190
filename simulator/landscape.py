"""The moving picture: a sky with a sun, drifting clouds, hills one behind the other, and floating lights.

A frame is made in two steps. The sky is soft, so it is computed at a fraction of the size and scaled up
by the encoder's own scaler. What has edges (hills, lights) is drawn over it, plane by plane, in YUV.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
from av import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from simulator.film import even
from simulator.palette import Colour, Palette
from simulator.picture import Field, Plane, planes, yuv

HORIZON = 0.66  # of the height
HILLS = 4
LIGHTS = 34
SHADES = 2048
SKY_SHARE = 1 / 16  # of the pixels
MOST_SKY_PIXELS = 60_000
SKY_FORMAT = "yuv420p10le"
SKY_DEPTH = 4  # ten bits hold four times the levels of eight; the scaler dithers them away


def yuv_of(colour: Colour) -> Field:
    return yuv(np.array(colour, np.float32))


class Landscape:
    """One scene. `frame` may be called for any moment, in any order."""

    def __init__(self, width: int, height: int, palette: Palette, chance: random.Random) -> None:
        self._size = (width, height)
        self._sky = Sky(width, height, palette, chance)
        self._hills = [Hill(depth, (width, height), palette, chance) for depth in range(HILLS)]
        self._lights = [Light.scattered((width, height), chance) for _ in range(LIGHTS)]
        self._reformatter = VideoReformatter()

    def frame(self, seconds: float) -> VideoFrame:
        width, height = self._size
        frame = self._reformatter.reformat(
            self._sky.frame(seconds),
            width,
            height,
            "yuv420p",
            interpolation=Interpolation.BICUBIC,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
        )
        picture = planes(frame)
        for hill in self._hills:
            hill.draw(picture, seconds)
        for light in self._lights:
            light.draw(picture[0], seconds)
        return frame


class Sky:
    def __init__(self, width: int, height: int, palette: Palette, chance: random.Random) -> None:
        shrink = math.sqrt(min(SKY_SHARE, MOST_SKY_PIXELS / (width * height)))
        self._size = (even(width * shrink), even(height * shrink))
        across, down = self._size
        aspect = width / height
        self._x = np.linspace(0, aspect, across, dtype=np.float32)[None, :]
        self._y = np.linspace(0, 1, down, dtype=np.float32)[:, None]
        self._shades = self._gradient(palette)
        self._sun, self._cloud = yuv_of(palette.sun), yuv_of(palette.cloud)
        self._sun_x = aspect * chance.uniform(0.22, 0.78)
        self._sun_y = HORIZON * chance.uniform(0.42, 0.66)
        self._sun_radius = chance.uniform(0.055, 0.08) * min(1, aspect * 1.2)
        self._phase = chance.uniform(0, math.tau)
        self._clouds = clouds(across * 2, down, chance)

    @staticmethod
    def _gradient(palette: Palette) -> Field:
        stops = np.array([yuv_of(palette.zenith), yuv_of(palette.sky), yuv_of(palette.horizon)])
        shade = np.linspace(0, 1, SHADES)
        return np.array([np.interp(shade, (0, 0.55, 1), stops[:, part]) for part in range(3)], dtype=np.float32)

    def frame(self, seconds: float) -> VideoFrame:
        shade = self._shade(seconds)
        glow, disc = self._light(seconds)
        cloud = self._cover(seconds)
        frame = VideoFrame(*self._size, SKY_FORMAT)
        for part, plane in enumerate(frame.planes):
            step = 2 if part else 1
            near = (slice(None, None, step), slice(None, None, step))
            value = self._shades[part][shade[near]]
            value += cloud[near] * (self._cloud[part] - value)
            value += glow[near] * (self._sun[part] - value)
            value += disc[near] * (self._sun[part] - value)
            lines = np.frombuffer(memoryview(plane), np.uint16).reshape(-1, plane.line_size // 2)
            lines[: plane.height, : plane.width] = value * SKY_DEPTH
        return frame

    def _shade(self, seconds: float) -> NDArray[np.intp]:
        """Which shade of the gradient stands where: it leans and breathes slowly."""
        lean = 0.05 * np.sin(2.1 * self._x + self._phase + seconds * 0.35)
        breath = 0.035 * math.sin(seconds * 0.5 + self._phase)
        where = np.clip((self._y / HORIZON) + lean * (1 - self._y) + breath, 0, 1)
        shade: NDArray[np.intp] = (where * (SHADES - 1)).astype(np.intp)
        return shade

    def _light(self, seconds: float) -> tuple[Field, Field]:
        x = self._x - (self._sun_x + 0.008 * seconds)
        y = self._y - (self._sun_y - 0.010 * seconds)
        distance = np.sqrt(x * x + y * y)
        glow = 0.62 * np.exp(-distance * 4.2)
        disc = np.clip((self._sun_radius - distance) * self._size[1] / 2.4 + 0.5, 0, 1)
        return glow, disc

    def _cover(self, seconds: float) -> Field:
        """Mix two shifts: the clouds pass by less than a pixel a frame."""
        across = self._size[0]
        shift = seconds * across * 0.018
        whole, part = int(shift), np.float32(shift % 1)
        here = self._clouds[:, whole : whole + across]
        there = self._clouds[:, whole + 1 : whole + 1 + across]
        return here + part * (there - here)


def clouds(across: int, down: int, chance: random.Random) -> Field:
    """Long soft streaks, denser toward the horizon."""
    noise = np.random.default_rng(chance.getrandbits(64))
    cover = np.zeros((down, across), np.float32)
    for octave, weight in ((1, 0.5), (2, 0.28), (4, 0.14), (8, 0.08)):
        grid = noise.random((4 * octave + 2, 5 * octave + 2), dtype=np.float32)
        cover += weight * stretched(grid, across, down)
    height = np.linspace(0, 1, down, dtype=np.float32)[:, None]
    fade = np.exp(-(((height - 0.38) / 0.26) ** 2))
    soft: Field = (np.clip((cover - 0.47) * 3.2, 0, 0.62) * fade).astype(np.float32)
    return soft


def stretched(grid: Field, across: int, down: int) -> Field:
    """Smooth interpolation of a coarse grid."""
    rows, columns = eased(grid.shape[0], down), eased(grid.shape[1], across)
    (top, low, y), (left, right, x) = rows, columns
    upper = grid[top][:, left] * (1 - x) + grid[top][:, right] * x
    lower = grid[low][:, left] * (1 - x) + grid[low][:, right] * x
    return (upper * (1 - y[:, None]) + lower * y[:, None]).astype(np.float32)


def eased(points: int, pixels: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Field]:
    position = np.linspace(0, points - 1.001, pixels, dtype=np.float32)
    first = position.astype(np.intp)
    part = position - first
    return first, first + 1, (part * part * (3 - 2 * part)).astype(np.float32)


class Hill:
    """A ridge that passes by; the nearer (the greater its depth), the faster, lower and darker."""

    def __init__(self, depth: int, size: tuple[int, int], palette: Palette, chance: random.Random) -> None:
        self._width, self._height = size
        self._speed = 0.006 * self._height * (depth + 1) ** 1.5
        self._ridge = self._profile(depth, chance)
        self._top = math.floor(self._ridge.min()) - 1
        self._bottom = min(self._height, math.ceil(self._ridge.max()) + 2)
        self._colours = self._shading(depth / (HILLS - 1), palette)

    def _profile(self, depth: int, chance: random.Random) -> Field:
        """Height of the ridge, in pixels from the top, for every pixel that will ever be seen."""
        length = self._width + math.ceil(self._speed * 20)
        x = np.arange(length, dtype=np.float32) / self._height
        nearness = depth / (HILLS - 1)
        ridge = np.full(length, HORIZON + 0.02 + 0.19 * nearness)
        for octave in range(6):
            frequency = (1.7 + 1.1 * depth) * 1.9**octave
            wave = np.sin(frequency * x + chance.uniform(0, math.tau))
            peaked = np.abs(wave) if depth < HILLS // 2 else wave / 2
            ridge -= (0.085 - 0.045 * nearness) * 0.5**octave * peaked
        ridge *= self._height
        if depth == HILLS - 1:
            grow_trees(ridge, self._height, chance)
        return ridge.astype(np.float32)

    def _shading(self, nearness: float, palette: Palette) -> Field:
        """Colour of each line of the picture: mist lies at the foot of the farther hills."""
        body = yuv_of(palette.far) + (yuv_of(palette.near) - yuv_of(palette.far)) * nearness**0.8
        mist = body + (yuv_of(palette.horizon) - body) * 0.55 * (1 - nearness) ** 1.4
        lines = np.linspace(0, 1, self._height, dtype=np.float32)[:, None]
        depth = np.clip((lines - HORIZON + 0.12) / 0.3, 0, 1)
        shading: Field = (body + (mist - body) * depth).T.astype(np.float32)
        return shading

    def draw(self, picture: list[Plane], seconds: float) -> None:
        ridge = self._ridge_at(seconds)
        for part, plane in enumerate(picture):
            step = 2 if part else 1
            self._fill(plane, ridge[::step] / np.float32(step), self._colours[part][::step], step)

    def _ridge_at(self, seconds: float) -> Field:
        shift = self._speed * seconds
        whole, part = int(shift), np.float32(shift % 1)
        here = self._ridge[whole : whole + self._width]
        there = self._ridge[whole + 1 : whole + 1 + self._width]
        return here + part * (there - here)

    def _fill(self, plane: Plane, ridge: Field, colours: Field, step: int) -> None:
        top, bottom = self._top // step, min(len(plane), self._bottom // step + 1)
        lines = np.arange(top, bottom, dtype=np.float32)[:, None]
        cover = np.clip(lines - ridge[None, :] + 0.5, 0, 1)
        edge = plane[top:bottom]
        edge[:] = edge + cover * (colours[top:bottom, None] - edge)
        plane[bottom:] = colours[bottom:, None]


def grow_trees(ridge: NDArray[np.float64], height: int, chance: random.Random) -> None:
    """Firs in silhouette: a stack of ever wider skirts."""
    ground = ridge.copy()
    place = 0.0
    while place < len(ridge) - 1:
        tall = height * chance.uniform(0.02, 0.07)
        half = max(2.0, tall * 0.2)
        span = np.arange(max(0, int(place - half)), min(len(ridge), int(place + half) + 1))
        slope = 1 - np.abs(span - place) / half
        skirts = np.clip(slope - 0.16 * ((slope * 4) % 1) * (1 - slope), 0, 1)
        ridge[span] = np.minimum(ridge[span], ground[span] - tall * skirts)
        place += height * chance.expovariate(1 / 0.032)


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A firefly: it drifts, rises and twinkles."""

    x: float
    y: float
    rise: float
    sway: float
    phase: float
    glow: Field

    @staticmethod
    def scattered(size: tuple[int, int], chance: random.Random) -> "Light":
        width, height = size
        short = min(size)
        reach = max(3, round(short * chance.uniform(0.004, 0.014)))
        grid = np.arange(-reach, reach + 1, dtype=np.float32) / reach
        distance = grid[None, :] ** 2 + grid[:, None] ** 2
        return Light(
            x=chance.uniform(0, width),
            y=height * chance.uniform(0.30, 0.96),
            rise=height * chance.uniform(0.008, 0.03),
            sway=short * chance.uniform(0.005, 0.03),
            phase=chance.uniform(0, math.tau),
            glow=(150 * np.exp(-distance * 4.5) * np.clip(1.2 - distance, 0, 1)).astype(np.float32),
        )

    def draw(self, luma: Plane, seconds: float) -> None:
        reach = len(self.glow) // 2
        x = round(self.x + self.sway * math.sin(seconds * 0.9 + self.phase))
        y = round(self.y - self.rise * seconds)
        height, width = luma.shape
        if not (reach <= x < width - reach and reach <= y < height - reach):
            return
        twinkle = 0.55 + 0.45 * math.sin(seconds * 2.2 + self.phase * 3)
        spot = luma[y - reach : y + reach + 1, x - reach : x + reach + 1]
        spot[:] = np.minimum(spot + self.glow * np.float32(twinkle), 235)
