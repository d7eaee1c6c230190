"""Colours of a landscape, chosen by the style and the seed."""

from dataclasses import dataclass

from simulator.film import Style

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """RGB, each part 0..255. The sky runs from its zenith to the horizon, the hills from far to near."""

    zenith: Colour
    sky: Colour
    horizon: Colour
    sun: Colour
    cloud: Colour
    far: Colour
    near: Colour


DUSK = Palette(
    zenith=(38, 36, 92),
    sky=(164, 76, 122),
    horizon=(255, 176, 112),
    sun=(255, 236, 190),
    cloud=(255, 150, 130),
    far=(168, 92, 118),
    near=(24, 16, 40),
)
DAWN = Palette(
    zenith=(86, 132, 196),
    sky=(178, 190, 220),
    horizon=(255, 216, 190),
    sun=(255, 246, 222),
    cloud=(255, 236, 228),
    far=(150, 162, 196),
    near=(28, 46, 62),
)
NIGHT = Palette(
    zenith=(8, 12, 38),
    sky=(26, 44, 96),
    horizon=(92, 112, 168),
    sun=(238, 242, 255),
    cloud=(70, 84, 140),
    far=(54, 70, 122),
    near=(6, 9, 24),
)
AURORA = Palette(
    zenith=(10, 18, 50),
    sky=(18, 96, 110),
    horizon=(120, 220, 176),
    sun=(224, 255, 238),
    cloud=(60, 180, 160),
    far=(38, 104, 118),
    near=(6, 20, 30),
)
DESERT = Palette(
    zenith=(64, 128, 170),
    sky=(226, 190, 150),
    horizon=(255, 226, 170),
    sun=(255, 250, 224),
    cloud=(255, 226, 190),
    far=(222, 158, 112),
    near=(84, 38, 26),
)
MEADOW = Palette(
    zenith=(46, 122, 214),
    sky=(124, 190, 244),
    horizon=(228, 246, 255),
    sun=(255, 255, 236),
    cloud=(255, 255, 255),
    far=(122, 176, 196),
    near=(18, 68, 52),
)
NEON = Palette(
    zenith=(16, 6, 48),
    sky=(104, 18, 138),
    horizon=(255, 74, 158),
    sun=(255, 206, 92),
    cloud=(58, 190, 255),
    far=(92, 34, 150),
    near=(10, 6, 30),
)
CANDY = Palette(
    zenith=(98, 92, 214),
    sky=(190, 140, 240),
    horizon=(255, 196, 226),
    sun=(255, 244, 214),
    cloud=(255, 224, 246),
    far=(172, 132, 222),
    near=(52, 34, 104),
)
TERRACOTTA = Palette(
    zenith=(112, 142, 150),
    sky=(222, 196, 168),
    horizon=(248, 222, 184),
    sun=(255, 240, 206),
    cloud=(240, 214, 190),
    far=(206, 142, 108),
    near=(92, 48, 38),
)
INK = Palette(
    zenith=(28, 74, 160),
    sky=(66, 150, 220),
    horizon=(255, 222, 92),
    sun=(255, 250, 214),
    cloud=(255, 248, 230),
    far=(226, 88, 70),
    near=(22, 20, 44),
)

UNSTYLED = (DUSK, DAWN, NIGHT, AURORA, DESERT, MEADOW)
STYLED = {
    Style.ANIME: (MEADOW, CANDY, DUSK),
    Style.THREE_D_ANIMATION: (CANDY, MEADOW),
    Style.CLAY: (TERRACOTTA, DESERT),
    Style.COMIC: (INK,),
    Style.CYBERPUNK: (NEON,),
}


def palettes(style: Style | None, seed: int, count: int) -> list[Palette]:
    """One for each scene; neighbours differ wherever the style leaves a choice."""
    choice = STYLED[style] if style else UNSTYLED
    return [choice[(seed + scene) % len(choice)] for scene in range(count)]
