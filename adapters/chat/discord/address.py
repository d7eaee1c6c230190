"""Where Discord is. The library knows no option for it, only values that all its clients share."""

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


def point_to(api_url: str, gateway_url: str) -> None:
    """For every client that this process makes from now on."""
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_url.rstrip("/"), URL(gateway_url)
