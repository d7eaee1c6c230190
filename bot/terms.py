"""What the operator laid down."""

from dataclasses import dataclass

from bot.catalogue import Offer
from bot.rules import FREE, Rules


@dataclass(slots=True, kw_only=True)
class Terms:
    """Both are replaced as a whole when the operator changes them, so whoever works by them looks here each time."""

    offers: tuple[Offer, ...]
    """What can be filmed with, most preferred first."""
    rules: Rules = FREE
