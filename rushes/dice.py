"""Chance that nobody can foresee."""

import os
import random

AT_ONCE = 4096
"""Bytes fetched from the machine. For each single number it would give up the interpreter to other threads."""


class Dice(random.SystemRandom):
    def __init__(self) -> None:
        super().__init__()
        self._left = b""

    def getrandbits(self, k: int, /) -> int:
        count = (k + 7) // 8
        if count > len(self._left):
            self._left = os.urandom(max(count, AT_ONCE))
        drawn, self._left = self._left[:count], self._left[count:]
        return int.from_bytes(drawn) >> (count * 8 - k)
