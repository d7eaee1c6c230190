"""What others must answer: chat platforms, providers, whoever checks prompts, and the world where it is to reach us."""

from collections.abc import Coroutine, Iterator, Sequence

import httpx

from adapters.chat.discord import check as discord
from adapters.chat.telegram import check as telegram
from adapters.network import FAILURES
from bot.finding import Finding, Grade, good
from rushes.listening import bound
from rushes.moderating import moderator
from rushes.providers import Connected
from rushes.settings import Settings

Findings = Coroutine[None, None, Sequence[Finding]]


def chats(settings: Settings, client: httpx.AsyncClient, *, is_running: bool) -> Iterator[tuple[str, Findings]]:
    if token := settings.telegram_token:
        yield (
            "telegram",
            telegram.inquire(
                client,
                token.get_secret_value(),
                settings.telegram_api_url,
                public_url=settings.public_url,
                is_running=is_running,
            ),
        )
    if token := settings.discord_token:
        yield "discord", discord.inquire(client, token.get_secret_value(), settings.discord_api_url)


async def provider(asked: Connected) -> list[Finding]:
    """In the cheapest way that the provider has, and without ordering anything."""
    return [good(await asked.check())]


def moderation(settings: Settings, client: httpx.AsyncClient) -> Iterator[Findings]:
    async def answered() -> list[Finding]:
        return [good(await endpoint.check())] if endpoint else []

    if endpoint := moderator(settings, client):
        yield answered()


def public(settings: Settings, client: httpx.AsyncClient, *, is_running: bool) -> Iterator[Findings]:
    if settings.public_url:
        yield _reached(settings.public_url, client, is_running=is_running)


async def _reached(url: str, client: httpx.AsyncClient, *, is_running: bool) -> list[Finding]:
    found = []
    if not url.startswith("https://"):
        text = f"{url} is not https, and Telegram calls nothing else"
        found.append(Finding(Grade.LOOK, text, "Put a server with a certificate before it"))
    if await _is_healthy(url, client):
        return [*found, good(f"{url} leads here")]
    if is_running:
        remedy = "Look at RUSHES_PUBLIC_URL, and at what passes its calls on"
        return [*found, Finding(Grade.WRONG, f"{url} does not lead to the rushes that is running", remedy)]
    return [*found, good(f"whether {url} leads here can be told once rushes runs")]


async def web_server(settings: Settings, client: httpx.AsyncClient, *, is_running: bool) -> list[Finding]:
    host, port = settings.web_host, settings.web_port
    if not is_running:
        bound(host, port).close()
        return [good(f"http://{host}:{port} is free")]
    if not port or await _is_healthy(f"http://{host}:{port}", client):
        return [good("rushes is running")]
    return [
        Finding(Grade.WRONG, f"the rushes that is running does not answer at http://{host}:{port}", "Look into its log")
    ]


async def _is_healthy(url: str, client: httpx.AsyncClient) -> bool:
    try:
        answer = await client.get(f"{url.rstrip('/')}/healthz")
    except FAILURES:
        return False
    return answer.is_success and answer.text == "ok"
