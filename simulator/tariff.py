"""What a film costs. All providers have the same ladder, each at its own rate."""

from decimal import Decimal

from simulator.film import Film
from simulator.generations import Generation, Generations, Outcome, Phase

BASES = {"360p": Decimal("0.15"), "540p": Decimal("0.15"), "720p": Decimal("0.20"), "1080p": Decimal("0.40")}
TIMES = {5: Decimal(1), 8: Decimal(2), 10: Decimal("2.2")}
AUDIO, MULTI_CLIP = Decimal("0.05"), Decimal("0.10")
PAID_IN = Decimal(100)  # dollars


def dollars(film: Film, rate: Decimal = Decimal(1)) -> Decimal:
    """`rate` is in parts of fal's prices."""
    return (BASES[film.resolution] + AUDIO * film.audio + MULTI_CLIP * film.multi_clip) * TIMES[film.seconds] * rate


def charged(generations: Generations, generation: Generation, rate: Decimal) -> Decimal:
    """In dollars. Only what was filmed is charged, when it is."""
    ended = generations.phase(generation) is Phase.ENDED
    return dollars(generation.ask.film, rate) if ended and generation.outcome is Outcome.FILMED else Decimal(0)


def balance(generations: Generations, dialect: str, rate: Decimal) -> Decimal:
    """In dollars, at least none."""
    own = (each for each in generations if each.ask.dialect == dialect)
    return max(Decimal(0), PAID_IN - sum(charged(generations, each, rate) for each in own))
