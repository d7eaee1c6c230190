"""discord.py turned to a server on loopback, which it knows no option for."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from yarl import URL

from tests.discord_api.server import DiscordServer

with warnings.catch_warnings():
    # Its half for voice brings along what Python 3.13 has no more.
    warnings.simplefilter("ignore", DeprecationWarning)
    from discord.gateway import DiscordWebSocket
    from discord.http import Route


@contextmanager
def pointed_at(server: DiscordServer) -> Iterator[None]:
    """Every client in this process, for as long."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, URL(server.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
