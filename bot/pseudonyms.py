"""Names that stand for others: the same one always gives the same, and nobody can tell which without our key."""

import hmac
from collections.abc import Callable

Pseudonym = Callable[[str], str]


def pseudonyms(key: bytes) -> Pseudonym:
    """`key` must not lie where the pseudonyms do; with another key nobody is known again."""

    def pseudonym(name: str) -> str:
        # What else the key is used for begins with another word.
        return hmac.digest(key, f"pseudonym of {name}".encode(), "sha256").hex()

    return pseudonym
