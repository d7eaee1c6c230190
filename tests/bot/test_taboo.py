"""What a rule forbids, however it is spelt."""

import pytest

from bot.taboo import LONGEST, MOST, MOST_PATTERNS, Found, Kind, NoTaboo, Taboo, Taboos, must_be_few, worst, written


def breaks(prompt: str, spelling: str) -> bool:
    return worst([Taboo(spelling=written(spelling), kind=Kind.BLOCK)], prompt) is not None


@pytest.mark.parametrize(
    ("spelling", "prompt"),
    [
        ("gore", "a lot of gore"),
        ("gore", "Gore, everywhere"),
        ("GORE", "gore"),
        ("gore", "a_gore_feast"),
        ("gore", "“gore”!"),
        ("blood bath", "a blood-bath in the hall"),
        ("blood bath", "a blood  bath"),
        ("behead*", "they were beheaded"),
        ("behead*", "to behead"),
        ("tête", "une tete coupée"),
        ("tete", "une TÊTE coupée"),
        ("straße", "eine STRASSE"),
        ("gore", "g\u200bo\u00adr\u034fe"),
        ("gore", "g\u0336o\u0336r\u0336e"),
        ("gore", "go\ufe00r\U000e0100e\u180b"),  # variants that no font has
        ("gore", "g\u20ddo\u20ddr\u20dde\u20dd"),  # each in a circle
        ("gore", "go\x80r\u2065e\ue000"),  # signs that mean nothing
        ("gore", "gore🔥"),
        ("gore", "\u2800gore\u2800"),
        ("🔪 🔪", "🔪🔪"),
        ("gore", "ｇｏｒｅ"),  # letters of full width
        ("gore", "𝖌𝖔𝖗𝖊"),  # letters of mathematics
        ("gore", "gоrе"),  # two of the letters are Russian
        ("gore", "gοre"),  # one of the letters is Greek
        ("gore", "a film of g o r e"),
        ("gore", "G.O.R.E. in a hall"),
        ("blood bath", "b-l-o-o-d b-a-t-h"),
        ("кровь", "КРОВЬ на снегу"),
        ("血", "很多血的場面"),
        ("🍆", "a 🍆🍆 dancing"),
        ("❤\ufe0f", "❤"),
        ("/kill(ing)? (him|her)/", "Killing \n HER softly"),
        ("/kill(ing)? (him|her)/", "kіll him"),  # one of the letters is Ukrainian
        ("/^a .* fox$/", "a red fox"),
        ("/tête/", "une Tete"),
    ],
)
def test_a_rule_is_broken_however_the_words_are_dressed(spelling: str, prompt: str) -> None:
    assert breaks(prompt, spelling)


@pytest.mark.parametrize(
    ("spelling", "prompt"),
    [
        ("gore", "the gorge of Gorecki, bygore"),
        ("ass", "a class of bass players"),
        ("blood bath", "blood in the bath"),
        ("behead*", "a forebehead"),
        ("pot", "рот"),  # Russian throughout, where it means a mouth
        ("ハカ", "バカ"),
        ("gore", "e r o g"),
        ("/kill(ing)? (him|her)/", "skilled hermit"),
        ("/kill/i", "nothing of the sort"),
    ],
)
def test_other_words_break_no_rule(spelling: str, prompt: str) -> None:
    assert not breaks(prompt, spelling)


@pytest.mark.parametrize(
    ("spelling", "told"),
    [
        ("", "Write it like"),
        ("*", "Write it like"),
        ("...", "Write it like"),
        ("go*re", "Write it like"),
        ("*gore", "Write it like"),
        ("x" * (LONGEST + 1), f"It has {LONGEST + 1} characters; the most is {LONGEST}"),
        ("/(a/", "RE2 does not understand the pattern: missing ): (a. Write it like"),
        ("/(?=a)/", "invalid perl operator"),
        (r"/(a)\1/", "invalid escape sequence"),
        ("/" + "(abc){0,900}x" + "/", "The pattern is too large"),
        ("/a{1001}/", "invalid repetition size"),
        ("/a*/", "matches every prompt"),
        ("//", "matches every prompt"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_would_be_one(spelling: str, told: str) -> None:
    with pytest.raises(NoTaboo) as refused:
        written(spelling)
    assert told in str(refused.value)


def test_the_same_rule_is_kept_in_one_spelling_and_a_pattern_as_it_is() -> None:
    assert written("  Blood\tBATH ") == "blood bath"
    assert written(r"/\bA\D/") == r"/\bA\D/"


def test_what_is_never_filmed_counts_before_what_is_for_adults() -> None:
    nude, gore = Taboo(spelling="nude*", kind=Kind.ADULT), Taboo(spelling="gore", kind=Kind.BLOCK)
    assert worst([nude, gore], "nudes and gore") == Found(gore, "gore")
    assert worst([nude, gore], "nudes") == Found(nude, "nude")
    assert worst([nude, gore], "a fox") is None


def test_of_a_pattern_the_words_are_told_that_it_found() -> None:
    found = worst([Taboo(spelling="/kill(ing)? (him|her)/", kind=Kind.BLOCK)], "She is Killing him.")
    assert found is not None
    assert found.words == "killing him"


def test_in_a_chat_its_own_rules_hold_beside_those_for_everywhere() -> None:
    everywhere, here, there = (Taboo(spelling="x", kind=Kind.BLOCK, chat=chat) for chat in ("", "web:a", "web:b"))
    assert Taboos(each=(everywhere, here, there)).in_chat("web:a") == (everywhere, here)


def test_rules_of_one_place_are_few_enough_to_be_looked_through() -> None:
    must_be_few(["gore"] * MOST)
    must_be_few(["/gore/"] * MOST_PATTERNS)
    with pytest.raises(NoTaboo, match=f"{MOST} rules"):
        must_be_few(["gore"] * (MOST + 1))
    with pytest.raises(NoTaboo, match=f"{MOST_PATTERNS} patterns"):
        must_be_few(["/gore/"] * (MOST_PATTERNS + 1))


def test_patterns_of_one_place_are_small_enough_together_that_nobody_else_waits_for_them() -> None:
    large = [written(f"/(a|b)*a(a|b){{{count}}}c/") for count in range(300, 340)]
    must_be_few(large[:5])
    with pytest.raises(NoTaboo, match="too large together"):
        must_be_few(large)
