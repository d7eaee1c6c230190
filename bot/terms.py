"""What the operator laid down."""

from dataclasses import dataclass

from bot.catalogue import Offer
from bot.keeping import USUAL, Keep
from bot.rules import FREE, Rules
from bot.taboo import NOTHING_FORBIDDEN, Taboos


@dataclass(slots=True, kw_only=True)
class Terms:
    """Each is replaced as a whole when the operator changes them, so whoever works by them looks here each time."""

    offers: tuple[Offer, ...]
    """What can be filmed with, most preferred first."""
    rules: Rules = FREE
    taboos: Taboos = NOTHING_FORBIDDEN
    keep: Keep = USUAL
