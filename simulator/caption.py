"""The prompt, written over the foot of the picture like a film's caption."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from simulator.film import Film
from simulator.picture import Field, Plane, yuv

Font = ImageFont.FreeTypeFont

MARGIN = 0.07  # of the width, on either side
LETTER = 0.046  # of the short side
LEADING = 1.32
MOST_LINES = {True: 3, False: 6}  # by whether the picture is wider than high
EMOJI_SIZE = 109  # the only size that the colour bitmaps come in
FALLBACKS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "Arial Unicode.ttf",
    "PingFang.ttc",
    "arial.ttf",
    "msyh.ttc",
)
EMOJI = ("NotoColorEmoji.ttf",)
MISSING = "\U0010fffd"  # a private character that no font draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Lines from `top` down, premultiplied, ready to be laid over each plane."""

    top: int
    ink: tuple[NDArray[np.uint16], ...]
    clear: tuple[NDArray[np.uint16], ...]

    def draw(self, picture: list[Plane]) -> None:
        for part, plane in enumerate(picture):
            under = plane[self.top // (2 if part else 1) :]
            under[:] = (under * self.clear[part] + self.ink[part]) >> 8


def caption(film: Film) -> Caption:
    width, height = film.size
    size = round(min(width, height) * LETTER)
    small = max(9, round(size * 0.62))
    lines = wrapped(film.prompt, size, width * (1 - 2 * MARGIN), MOST_LINES[width > height])
    line = round(size * LEADING)
    block = line * len(lines) + round(small * 2.2)
    top = (height - block - round(height * 0.045) - size) // 2 * 2
    image = Image.new("RGBA", (width, height - top))
    text = Image.new("RGBA", image.size)
    for number, words in enumerate(lines):
        write(text, words, size, size + line * number)
    write(text, small_print(film), small, size + line * len(lines) + round(small * 0.6), faint=True)
    image.alpha_composite(shade(image.size))
    image.alpha_composite(shadow(text, size))
    image.alpha_composite(text)
    return laid_out(image, top)


def small_print(film: Film) -> str:
    facts = [f"seed {film.seed}", f"{film.resolution} {film.aspect_ratio}", f"{film.seconds} s"]
    return "  ·  ".join([*facts, film.style] if film.style else facts)


def wrapped(prompt: str, size: int, width: float, most: int) -> list[str]:
    """Lines that fit; what is too much ends in an ellipsis. A word wider than a line is broken."""
    lines = [""]
    for word in prompt.split():
        longer = f"{lines[-1]} {word}".strip()
        if measured(longer, size) <= width:
            lines[-1] = longer
            continue
        if not lines[-1]:
            lines.pop()
        lines += broken(word, size, width)
        if len(lines) > most:
            break
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while measured(last + "…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]


def broken(word: str, size: int, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and measured(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def measured(text: str, size: int) -> float:
    return sum(advance(run, font, size) for run, font in runs(text, size))


def advance(run: str, font: Font, size: int) -> float:
    return font.getlength(run) * (size * 1.15 / EMOJI_SIZE if is_emoji(font) else 1)


def runs(text: str, size: int) -> list[tuple[str, Font]]:
    """Cut the text in pieces, each with the first font that can draw it."""
    pieces: list[tuple[str, Font]] = []
    for letter in text:
        font = font_of(letter, size)
        if pieces and (pieces[-1][1] is font or letter in "\u200d\ufe0f"):
            pieces[-1] = (pieces[-1][0] + letter, pieces[-1][1])
        else:
            pieces.append((letter, font))
    return pieces


@lru_cache(maxsize=4096)
def font_of(letter: str, size: int) -> Font:
    fonts = installed(size)
    return next((font for font in fonts if draws(font, letter)), fonts[0])


def draws(font: Font, letter: str) -> bool:
    """Tell by the picture: a font draws every letter that it lacks as the same box."""
    return letter.isspace() or picture_of(font, letter) != picture_of(font, MISSING)


def picture_of(font: Font, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


@cache
def installed(size: int) -> list[Font]:
    """List the font that Pillow brings along, then those which the system has."""
    own = ImageFont.load_default(size=size)
    fonts = [own] if isinstance(own, Font) else []
    for names, at in ((FALLBACKS, size), (EMOJI, EMOJI_SIZE)):
        for name in names:
            try:
                fonts.append(ImageFont.truetype(name, at))
            except OSError:
                continue
    return fonts


def is_emoji(font: Font) -> bool:
    return font.path in EMOJI or str(font.path).endswith(EMOJI)


def write(image: Image.Image, words: str, size: int, top: int, *, faint: bool = False) -> None:
    draw = ImageDraw.Draw(image)
    x = (image.width - measured(words, size)) / 2
    for run, font in runs(words, size):
        if is_emoji(font):
            paste_emoji(image, run, font, (round(x), top, size))
        else:
            ink = (255, 252, 244, 170 if faint else 255)
            draw.text((x, top + size), run, ink, font, anchor="ls")
        x += advance(run, font, size)


def paste_emoji(image: Image.Image, run: str, font: Font, at: tuple[int, int, int]) -> None:
    x, top, size = at
    large = Image.new("RGBA", (max(1, round(font.getlength(run))), EMOJI_SIZE + 20))
    ImageDraw.Draw(large).text((0, 0), run, font=font, embedded_color=True)
    scale = size * 1.15 / EMOJI_SIZE
    small = large.resize((max(1, round(large.width * scale)), round(large.height * scale)))
    image.alpha_composite(small, (max(0, x), top))


def shade(size: tuple[int, int]) -> Image.Image:
    """Darken toward the foot, so that light letters stand out from a light hill."""
    slope = np.linspace(0, 1, size[1]) ** 0.8 * 120
    alpha = np.repeat(slope.astype(np.uint8)[:, None], size[0], axis=1)
    veil = Image.new("RGBA", size)
    veil.putalpha(Image.fromarray(alpha))
    return veil


def shadow(text: Image.Image, size: int) -> Image.Image:
    blurred = text.getchannel("A").filter(ImageFilter.GaussianBlur(size * 0.14))
    dark = Image.new("RGBA", text.size, (0, 0, 0, 255))
    dark.putalpha(blurred.point(lambda value: min(255, value * 1.6)))
    return dark


def laid_out(image: Image.Image, top: int) -> Caption:
    pixels = np.asarray(image, np.float32)
    alpha = pixels[..., 3] * np.float32(256 / 255)
    luma, *colours = yuv(pixels[..., :3])
    parts = [(luma, alpha), *((quartered(colour), quartered(alpha)) for colour in colours)]
    return Caption(
        top=top,
        ink=tuple((value * cover).astype(np.uint16) for value, cover in parts),
        clear=tuple((256 - cover).astype(np.uint16) for _, cover in parts),
    )


def quartered(part: Field) -> Field:
    height, width = part.shape
    mean: Field = part.reshape(height // 2, 2, width // 2, 2).mean((1, 3))
    return mean
