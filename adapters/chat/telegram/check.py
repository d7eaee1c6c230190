"""Whether Telegram knows the token and tells the bot what it hears, asked without the library, which loads slowly."""

from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel

from adapters.network import FAILURES
from bot.finding import Finding, Grade, good
from bot.trouble import Passing, TokenRefused

POLL_SECONDS = 3
"""In which somebody else who polls, and was just thrown out by us, comes back and throws us out."""


class _Bot(BaseModel):
    username: str
    can_read_all_group_messages: bool = False


class _Webhook(BaseModel):
    url: str = ""
    pending_update_count: int = 0
    last_error_message: str = ""


class _Answer(BaseModel):
    ok: bool
    description: str = ""


class _Me(_Answer):
    result: _Bot


class _WebhookInfo(_Answer):
    result: _Webhook


async def check(client: httpx.AsyncClient, token: str, api_url: str) -> str:
    """What is good to know of the bot. Raises `TokenRefused` or `Passing`; neither names the token."""
    answer = await _asked(client, token, api_url, "getMe")
    if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        raise TokenRefused("no bot has this token; ask @BotFather for it")
    bot = _read(_Me, answer).result
    hears = "everything" if bot.can_read_all_group_messages else "commands and replies only, which is enough"
    return f"@{bot.username}, which hears {hears} in groups"


async def inquire(
    client: httpx.AsyncClient, token: str, api_url: str, *, public_url: str | None, is_running: bool
) -> list[Finding]:
    """`check`, and who else is told what the bot should hear. Raises what `check` does."""
    found = [good(await check(client, token, api_url))]
    webhook = _read(_WebhookInfo, await _asked(client, token, api_url, "getWebhookInfo")).result
    if webhook.url:
        found += _of_webhook(webhook, public_url, is_running=is_running)
    elif not is_running and await _is_polled(client, token, api_url):
        remedy = "Stop the other one, or have @BotFather /revoke the token and set the new one"
        found.append(Finding(Grade.WRONG, "another program polls with this token", remedy))
    if not is_running and webhook.pending_update_count:
        found.append(good(f"{webhook.pending_update_count:,} messages wait until rushes runs"))
    return found


def _of_webhook(webhook: _Webhook, public_url: str | None, *, is_running: bool) -> list[Finding]:
    host = urlsplit(webhook.url).hostname
    if public_url is None or host != urlsplit(public_url).hostname:
        remedy = "The next start takes it over; look whether another program of yours needs it"
        return [Finding(Grade.WRONG if is_running else Grade.LOOK, f"a webhook tells {host} what is said", remedy)]
    if webhook.last_error_message:
        text = f"{host} could not be told the latest: {webhook.last_error_message}"
        return [
            Finding(Grade.WRONG if is_running else Grade.LOOK, text, "Look at RUSHES_PUBLIC_URL and what it leads to")
        ]
    return []


async def _is_polled(client: httpx.AsyncClient, token: str, api_url: str) -> bool:
    """Without an offset nothing is confirmed, so nothing is lost."""
    asked = {"timeout": POLL_SECONDS, "limit": 1}
    answer = await _asked(client, token, api_url, "getUpdates", **asked)
    return answer.status_code == HTTPStatus.CONFLICT


async def _asked(client: httpx.AsyncClient, token: str, api_url: str, method: str, **asked: int) -> httpx.Response:
    try:
        return await client.get(f"{api_url.rstrip('/')}/bot{token}/{method}", params=asked)
    except FAILURES as error:
        # The text of such an error may hold the address, and with it the token.
        raise _unclear(error) from None


_Kind = TypeVar("_Kind", bound=_Answer)


def _read(kind: type[_Kind], answer: httpx.Response) -> _Kind:
    try:
        return kind.model_validate_json(answer.content)
    except ValueError as error:
        raise _unclear(error) from None


def _unclear(error: Exception) -> Passing:
    return Passing(f"cannot be asked ({type(error).__name__}); look at RUSHES_TELEGRAM_API_URL")
