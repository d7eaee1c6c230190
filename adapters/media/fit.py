"""A clip re-encoded to at most so many bytes, with as much of its picture as these can hold."""

from collections.abc import Iterator
from pathlib import Path

from adapters.media.probe import Facts
from adapters.media.recoding import Plan, Source, recode, survey
from bot.trouble import Undeliverable

_ATTEMPTS = 5
_MARGIN = 0.97
"""Part of the room that is planned for: an average rate is met within some percent."""

_SHORT_SIDES = (1080, 720, 540, 360)

_ENOUGH_BITS = 0.05
"""Bits a pixel below which fewer pixels look better."""

_LEAST_BITS = 0.01
"""Bits a pixel below which the smallest picture is no longer one."""

_SOUND_RATES = (64_000, 32_000)
_SOUND_SHARE = 0.2
"""Part of the room that the sound may take before it is re-encoded, or re-encoded lower."""

_BYTES_A_PICTURE, _BYTES_A_SOUND, _BYTES_ANYWAY = 24, 12, 2048
"""What the file itself costs beyond its content."""


class CannotFit(Undeliverable):
    def __init__(self, limit: int) -> None:
        super().__init__(f"not to be made as small as {limit / 1_000_000:.1f} MB")
        self.limit = limit


def fit(clip: Path, target: Path, limit: int) -> Facts:
    """Blocks for about half as long as the clip lasts. Raises `CannotFit` or `MediaUnplayable`.

    What stands at the target after that is of no use.

    Each attempt that came out too large leaves less room to the next, and so perhaps fewer pixels.
    """
    source = survey(clip)
    room = limit
    for _ in range(_ATTEMPTS):
        plan = _plan(source, room, limit)
        recode(clip, target, plan)
        size = target.stat().st_size
        if size <= limit:
            return Facts(width=plan.width, height=plan.height, seconds=source.seconds)
        room = int(room * min(limit / size, 0.9))
    raise CannotFit(limit)


def _plan(source: Source, room: int, limit: int) -> Plan:
    content = room * _MARGIN - _wrapping(source)
    sound_rate, sound_size = _sound(source, content)
    rate = min((content - sound_size) * 8 / source.seconds, source.picture_rate)
    width, height = _measures(source, rate)
    if rate < _LEAST_BITS * width * height * source.pictures_a_second:
        raise CannotFit(limit)
    return Plan(width=width, height=height, rate=int(rate), sound_rate=sound_rate)


def _wrapping(source: Source) -> int:
    return source.pictures * _BYTES_A_PICTURE + source.sounds * _BYTES_A_SOUND + _BYTES_ANYWAY


def _sound(source: Source, content: float) -> tuple[int | None, float]:
    """Its new rate, `None` to leave it as it is, and its bytes: the best that keeps to its share, else the smallest."""
    lower = [(rate, rate * source.seconds / 8) for rate in _SOUND_RATES]
    choices = [(None, float(source.sound_size)), *(choice for choice in lower if choice[1] < source.sound_size)]
    return next((choice for choice in choices if choice[1] <= content * _SOUND_SHARE), choices[-1])


def _measures(source: Source, rate: float) -> tuple[int, int]:
    """The largest picture that this rate is enough for, else the smallest."""
    sizes = list(_sizes(source))
    return next((size for size in sizes if rate >= _enough(source, *size)), sizes[-1])


def _sizes(source: Source) -> Iterator[tuple[int, int]]:
    """Its own, then smaller ones; even, as the encoder needs them."""
    short = min(source.width, source.height)
    for side in (short, *(side for side in _SHORT_SIDES if side < short)):
        yield _even(source.width * side / short), _even(source.height * side / short)


def _enough(source: Source, width: int, height: int) -> float:
    """Bits a second. A picture that is simple, as its own rate tells, needs less than the rule says."""
    pixels = width * height
    own = source.picture_rate * pixels / (source.width * source.height)
    return min(_ENOUGH_BITS * pixels * source.pictures_a_second, own / 2)


def _even(pixels: float) -> int:
    return max(2, int(pixels) // 2 * 2)
