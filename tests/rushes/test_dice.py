from rushes.dice import AT_ONCE, Dice


def test_as_many_bits_are_drawn_as_were_asked_for_and_never_more() -> None:
    dice = Dice()
    drawn = [dice.getrandbits(11) for _ in range(2000)]
    assert max(drawn) < 2**11
    assert len(set(drawn)) > 900
    assert 0 <= dice.getrandbits(AT_ONCE * 16) < 2 ** (AT_ONCE * 16)


def test_no_two_draw_the_same() -> None:
    one, other = Dice(), Dice()
    assert len({dice.getrandbits(80) for dice in (one, other) for _ in range(1000)}) == 2000
    assert 1 <= one.randint(1, 6) <= 6
