"""Money is a whole number of micro-dollars, so that sums are exact."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

from bot.speech import current

Micros = NewType("Micros", int)

_PER_DOLLAR = 1_000_000


def dollars(amount: str | Decimal) -> Micros:
    return Micros(int((Decimal(amount) * _PER_DOLLAR).to_integral_value(ROUND_HALF_UP)))


def shown(amount: Micros) -> str:
    """As people write it: `$0.20`, and `$0.128` where a tenth of a cent matters; in their language."""
    exact = Decimal(amount) / _PER_DOLLAR
    rounded = exact.quantize(Decimal("0.001"), ROUND_HALF_UP)
    cents = rounded.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return current().dollars(cents if cents == rounded else rounded)
