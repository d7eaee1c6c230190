"""How long something takes, in words."""

from bot.card import Usual

_MINUTE = 60
_FIRST_MINUTES = 90
"""Below this many seconds, seconds are easier to read than minutes."""


def span(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < _MINUTE else f"{whole // _MINUTE} min {whole % _MINUTE} s"


def usual_time(usual: Usual) -> str:
    if usual.ninety < _FIRST_MINUTES:
        low, high = max(1, round(usual.median)), max(1, round(usual.ninety))
        return f"usually {low} s" if low == high else f"usually {low}–{high} s"
    low_text, high_text = _half_minutes(usual.median), _half_minutes(usual.ninety)
    return f"usually {low_text} min" if low_text == high_text else f"usually {low_text}–{high_text} min"


def _half_minutes(seconds: float) -> str:
    halves = max(1, round(seconds / (_MINUTE / 2)))
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''}"
