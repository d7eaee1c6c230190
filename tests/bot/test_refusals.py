"""What a member reads who did not get what they asked for."""

from collections.abc import Iterator

import pytest

from adapters.browser import TurnedAway
from bot.access import NotAdmitted
from bot.refusal import NoLongerKept, Refusal
from tests.refusals import every

EVERY = every()


def kinds(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds(below)


def test_every_kind_of_refusal_is_looked_at_here() -> None:
    assert set(kinds()) - {NotAdmitted, NoLongerKept, TurnedAway} == {type(each) for each in EVERY}


@pytest.mark.parametrize("refused", EVERY, ids=lambda each: type(each).__name__)
def test_a_refusal_says_what_why_and_what_can_be_done(refused: Refusal) -> None:
    assert refused.title
    assert refused.title != Refusal.title
    for sentence in (refused.reason, refused.remedy):
        assert sentence[:1].isupper() or sentence[:1] in "“/--0123456789", sentence
        assert sentence.endswith((".", "?")) or "for example: " in sentence, sentence
