"""Where tokens and keys are from, and what whoever gave them says to each; asking costs nothing."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from types import MappingProxyType

import httpx

from adapters.chat.discord import check as discord
from adapters.chat.telegram import check as telegram
from adapters.network import open_client
from bot.catalogue import PROVIDERS
from bot.trouble import Trouble
from rushes.providers import connected
from rushes.settings import Settings

WHERE: Mapping[str, str] = MappingProxyType(
    {
        "telegram_token": "Open a chat with @BotFather in Telegram, send /newbot, and copy the token that it answers.",
        "discord_token": "Make an application at https://discord.com/developers/applications, "
        "and press Reset Token on its page Bot.",
        "fal_key": "https://fal.ai/dashboard/keys",
        "aimlapi_key": "https://aimlapi.com/app/keys",
        "shortapi_key": "https://shortapi.ai",
        "pixverse_key": "https://platform.pixverse.ai",
    }
)
"""From where each secret is."""

Look = Callable[[Settings, httpx.AsyncClient], Coroutine[None, None, str]]


def looks() -> Iterator[tuple[str, Look]]:
    """By the fields of settings."""
    yield "telegram_token", _telegram
    yield "discord_token", _discord
    for name in PROVIDERS:
        yield f"{name}_key", _of_provider(name)


def looked_at(look: Look, settings: Settings) -> str:
    """What is learnt. Raises `Trouble`."""

    async def asked() -> str:
        async with open_client() as client:
            return await look(settings, client)

    return asyncio.run(asked())


def discord_owner(settings: Settings) -> str:
    """Whoever made the application, where Discord tells."""
    if settings.discord_token is None:
        return ""
    token, url = settings.discord_token.get_secret_value(), settings.discord_api_url

    async def asked() -> str | None:
        async with open_client() as client:
            return await discord.owner(client, token, url)

    try:
        owner = asyncio.run(asked())
    except Trouble:
        return ""
    return f"discord:{owner}" if owner else ""


async def _telegram(settings: Settings, client: httpx.AsyncClient) -> str:
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    return await telegram.check(client, token, settings.telegram_api_url)


async def _discord(settings: Settings, client: httpx.AsyncClient) -> str:
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    return await discord.check(client, token, settings.discord_api_url)


def _of_provider(name: str) -> Look:
    async def look(settings: Settings, client: httpx.AsyncClient) -> str:
        return await connected(settings, client)[name].check()

    return look
