"""What the operator decided, from the settings and the file."""

from bot.assembly import Policy
from bot.catalogue import PROVIDERS
from bot.choosing import offers_at
from bot.terms import Terms
from rushes import limits_file
from rushes.settings import Settings


def policy(settings: Settings) -> Policy:
    """Raises `CannotStart`."""
    read = terms(settings)
    return Policy(
        offers=read.offers,
        rules=read.rules,
        taboos=read.taboos,
        keep=read.keep,
        room=dict.fromkeys(PROVIDERS, settings.parallel),
        patient=settings.when_full == "wait",
    )


def terms(settings: Settings) -> Terms:
    """Raises `CannotStart`."""
    return limits_file.terms(offers_at(settings.switched_on), settings.config, settings.owners)
