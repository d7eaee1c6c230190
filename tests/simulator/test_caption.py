import numpy as np
import pytest

from simulator.caption import caption, installed, is_emoji, measured, wrapped
from simulator.film import Film, Style

SIZE = 30


def test_lines_are_as_wide_as_the_picture_allows() -> None:
    lines = wrapped("the quick brown fox jumps over the lazy dog " * 3, SIZE, 500, 20)
    assert all(measured(line, SIZE) <= 500 for line in lines)
    assert " ".join(lines) == ("the quick brown fox jumps over the lazy dog " * 3).strip()


def test_a_prompt_that_is_too_long_ends_in_an_ellipsis() -> None:
    lines = wrapped("word " * 200, SIZE, 300, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert measured(lines[-1], SIZE) <= 300


def test_a_word_wider_than_a_line_is_broken() -> None:
    lines = wrapped("a " + "x" * 60, SIZE, 300, 20)
    assert len(lines) > 2
    assert "".join(lines) == "a" + "x" * 60
    assert wrapped("x" * 60, SIZE, 300, 20)[0] != ""


@pytest.mark.parametrize(
    "prompt",
    ["Ein Boot", "лодка под дождём", "雨の中の船", "قارب ورقي", "boat 🚣‍♀️ 🐉", "\u0301", "\x00\ufffe", "a\tb\nc"],
)
def test_any_prompt_can_be_written(prompt: str) -> None:
    film = Film(prompt=prompt, seed=1, resolution="360p", style=Style.ANIME)
    bright = [np.count_nonzero(ink > 150 * 256) for ink in caption(film).ink[:1]]
    assert bright[0] > 50


def test_each_letter_has_the_first_font_that_draws_it() -> None:
    own, *others = installed(SIZE)
    assert measured("abc", SIZE) == own.getlength("abc")
    plain = [font for font in others if not is_emoji(font)]
    if not plain:
        pytest.skip("this system has no font besides Pillow's own")
    assert measured("дождь", SIZE) in [font.getlength("дождь") for font in plain]
