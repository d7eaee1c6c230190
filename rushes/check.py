"""`rushes check`: what is as it should be, and what is not, each with its remedy."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

from adapters.chat.discord import check as discord
from adapters.chat.telegram import check as telegram
from adapters.moderation.endpoint import Endpoint
from adapters.network import open_client
from bot.catalogue import PROVIDERS
from bot.trouble import Trouble
from rushes.moderating import moderator
from rushes.platforms import NAMES
from rushes.providers import Connected, connected
from rushes.settings import Settings, load
from rushes.trouble import CannotStart, InUse
from rushes.wiring import assembled


@dataclass(frozen=True, slots=True)
class Finding:
    is_good: bool
    text: str


def main(_: argparse.Namespace) -> int:
    return asyncio.run(_report(load()))


async def _report(settings: Settings) -> int:
    findings = [finding async for finding in _findings(settings)]
    for finding in findings:
        print(f"{'ok   ' if finding.is_good else 'wrong'} {finding.text}")  # noqa: T201 - the command line speaks here
    return 0 if all(finding.is_good for finding in findings) else 1


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    if not settings.keys:
        yield Finding(is_good=True, text="clips from the built-in simulator, because no provider's key is set")
    async with open_client() as client:
        async for finding in _chats(settings, client):
            yield finding
        for name, provider in connected(settings, client).items():
            yield await _ask(name, provider)
        if endpoint := moderator(settings, client):
            yield await _ask_moderator(endpoint)
    yield await _open_and_close(settings)


async def _chats(settings: Settings, client: httpx.AsyncClient) -> AsyncIterator[Finding]:
    asked = (
        ("telegram", telegram.check, settings.telegram_token, settings.telegram_api_url),
        ("discord", discord.check, settings.discord_token, settings.discord_api_url),
    )
    served = [(name, check(client, token.get_secret_value(), url)) for name, check, token, url in asked if token]
    for name, answer in served:
        try:
            yield Finding(is_good=True, text=f"{NAMES[name]}: {await answer}")
        except Trouble as trouble:
            yield Finding(is_good=False, text=f"{NAMES[name]}: {trouble.detail}; look at RUSHES_{name.upper()}_TOKEN")
    if not served:
        yield Finding(is_good=True, text=f"web chat at http://{settings.web_host}:{settings.web_port}")


async def _ask(name: str, provider: Connected) -> Finding:
    """In the cheapest way that the provider has, and without ordering anything."""
    try:
        learnt = await provider.check()
    except Trouble as trouble:
        remedy = f"look at RUSHES_{name.upper()}_KEY and at the provider's own page"
        return Finding(is_good=False, text=f"{PROVIDERS[name]}: {trouble.detail}; {remedy}")
    return Finding(is_good=True, text=f"{PROVIDERS[name]}: {learnt}")


async def _ask_moderator(endpoint: Endpoint) -> Finding:
    try:
        learnt = await endpoint.check()
    except Trouble as trouble:
        remedy = "look at RUSHES_MODERATION_URL, RUSHES_MODERATION_KEY and RUSHES_MODERATION_MODEL"
        return Finding(is_good=False, text=f"moderation: {trouble.detail}; {remedy}")
    return Finding(is_good=True, text=f"moderation: {learnt}")


async def _open_and_close(settings: Settings) -> Finding:
    try:
        async with assembled(settings):
            return Finding(is_good=True, text=f"data in {settings.data_dir.resolve()}")
    except InUse:
        return Finding(is_good=True, text=f"data in {settings.data_dir.resolve()}, where a rushes is running")
    except CannotStart as trouble:
        return Finding(is_good=False, text=str(trouble))
