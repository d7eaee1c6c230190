"""For how long something is kept, in words."""

from datetime import timedelta

import pytest

from bot.keeping import NoSpan, kept_words, span_of, span_words


@pytest.mark.parametrize(
    ("words", "days", "spoken"),
    [
        ("30 days", 30, "30 days"),
        (" 1  Day", 1, "1 day"),
        ("2 weeks", 14, "14 days"),
        ("1 year", 365, "1 year"),
        ("730 days", 730, "2 years"),
        ("1,000 days", 1000, "1,000 days"),
    ],
)
def test_a_span_is_read_and_told(words: str, days: int, spoken: str) -> None:
    span = span_of(words)
    assert span == timedelta(days=days)
    assert span_words(span) == spoken
    assert span_of(spoken) == span
    assert kept_words(span) == f"for {spoken}"


def test_for_good_is_a_length_of_its_own() -> None:
    assert span_of("Forever") is None
    assert kept_words(None) == "for good"


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("30 dayz", 'Did you mean "30 days"?'),
        ("forevr", 'Did you mean "forever"?'),
        ("0 days", "Write it like"),
        ("101 years", "Write it like"),
        ("10 minutes", "Write it like"),
        ("", 'Write it like "30 days", "1 year" or "forever"'),
    ],
)
def test_what_is_no_span_is_refused_with_what_would_be_one(words: str, remedy: str) -> None:
    with pytest.raises(NoSpan, match=remedy.replace("?", r"\?")):
        span_of(words)
