"""How long something takes, in words."""

from bot.card import Usual
from bot.speech import number, say, unsaid

_MINUTE = 60
_FIRST_MINUTES = 90
"""Below this many seconds, seconds are easier to read than minutes."""

SECONDS, MINUTES = unsaid("{seconds} s"), unsaid("{minutes} min {seconds} s")


def span(seconds: float) -> str:
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return say(SECONDS, seconds=whole)
    return say(MINUTES, minutes=number(whole // _MINUTE), seconds=whole % _MINUTE)


def usual_time(usual: Usual) -> str:
    if usual.ninety < _FIRST_MINUTES:
        low, high = max(1, round(usual.median)), max(1, round(usual.ninety))
        return say("usually {low} s", low=low) if low == high else say("usually {low}–{high} s", low=low, high=high)
    low_text, high_text = _half_minutes(usual.median), _half_minutes(usual.ninety)
    if low_text == high_text:
        return say("usually {low} min", low=low_text)
    return say("usually {low}–{high} min", low=low_text, high=high_text)


def _half_minutes(seconds: float) -> str:
    halves = max(1, round(seconds / (_MINUTE / 2)))
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''}"
