"""The chat platforms that are switched on by their tokens. Their libraries take long to import, so only then."""

import logging
from collections.abc import Mapping
from typing import Protocol

from starlette.routing import Route

from bot.meter import Meter
from bot.ports import Chat, Clock, Library
from bot.studio import Studio
from bot.trouble import TokenRefused
from rushes.settings import Settings

NAMES: Mapping[str, str] = {"telegram": "Telegram", "discord": "Discord"}

log = logging.getLogger(__name__)


class Platform(Chat, Protocol):
    @property
    def is_connected(self) -> bool: ...

    def routes(self) -> list[Route]:
        """What the web server serves for the platform."""
        ...

    def stop_listening(self) -> None:
        """Take in no more orders; clips may still be sent."""
        ...

    async def run(self, studio: Studio) -> None:
        """Until cancelled. Raises `TokenRefused`."""
        ...


def platforms(settings: Settings, clock: Clock, library: Library, meter: Meter) -> dict[str, Platform]:
    found: dict[str, Platform] = {}
    if settings.telegram_token:
        from adapters.chat.telegram.chat import TelegramChat  # noqa: PLC0415 - a third of a second

        found["telegram"] = TelegramChat(
            settings.telegram_token.get_secret_value(),
            clock,
            library,
            meter,
            api_url=settings.telegram_api_url,
            is_local=settings.telegram_local,
            public_url=settings.public_url,
        )
    if settings.discord_token:
        from adapters.chat.discord.address import point_to  # noqa: PLC0415 - as long
        from adapters.chat.discord.chat import DiscordChat  # noqa: PLC0415 - as long

        point_to(settings.discord_api_url, settings.discord_gateway_url)
        found["discord"] = DiscordChat(settings.discord_token.get_secret_value(), clock, library, meter)
    return found


async def served(name: str, platform: Platform, studio: Studio) -> bool:
    """Until cancelled; False where the platform does not know us, and the others go on."""
    try:
        await platform.run(studio)
    except TokenRefused:
        log.error(  # noqa: TRY400 - the operator needs no trace
            "RUSHES_%s_TOKEN is not known to %s, so nobody is served there. Set it to a valid one and start again",
            name.upper(),
            NAMES[name],
        )
        return False
    return True
