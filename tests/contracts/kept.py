"""What an implementation of storage gives."""

from typing import Protocol

from bot.ports import Store
from bot.rulebook import Rulebook
from bot.survey import Survey


class Kept(Store, Protocol):
    @property
    def rulebook(self) -> Rulebook: ...

    @property
    def survey(self) -> Survey: ...
