import pytest

from bot.request import EmptyPrompt, Ratio, TextTooLong, UnwritableText, VideoRequest, tidied


@pytest.mark.parametrize("space", [" ", "   ", "\n", "\t", "\u00a0", "\u2028", "\x1c", " \r\n "])
def test_any_white_space_becomes_one_space(space: str) -> None:
    assert tidied(f"{space}a{space}fox{space}") == "a fox"


def test_spaces_do_not_count_towards_the_limit() -> None:
    assert len(tidied(" x" * 1024 + " " * 5000)) == 2047


def test_joiners_inside_an_emoji_are_kept() -> None:
    assert tidied("a 👩\u200d🚀") == "a 👩\u200d🚀"


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    with pytest.raises(TextTooLong) as refused:
        tidied("x" * 3100)
    assert str(refused.value) == "The prompt has 3,100 characters; the most is 2,048. Make it shorter by 1,052."


@pytest.mark.parametrize(("character", "code"), [("\x00", "U+0000"), ("\ud800", "U+D800"), ("\udfff", "U+DFFF")])
def test_a_character_that_cannot_be_stored_is_named_by_its_number(character: str, code: str) -> None:
    with pytest.raises(UnwritableText) as refused:
        tidied(f"a fox{character}", "no")
    assert str(refused.value) == (
        f"The text of --no contains a character that cannot be sent on ({code}). Delete it and send the command again."
    )


def test_an_empty_prompt_gets_an_example_to_copy() -> None:
    assert EmptyPrompt().remedy.endswith("/video a red fox in snow --ar 9:16")


def test_only_what_was_chosen_is_listed_even_if_it_is_zero_or_off() -> None:
    request = VideoRequest(prompt="a fox", ratio=Ratio.TALL, seed=0, audio=False)
    assert dict(request.chosen()) == {"ratio": Ratio.TALL, "seed": 0, "audio": False}
