"""What an implementation of storage gives."""

from typing import Protocol

from bot.ports import Store
from bot.rulebook import Rulebook


class Kept(Store, Protocol):
    @property
    def rulebook(self) -> Rulebook: ...
