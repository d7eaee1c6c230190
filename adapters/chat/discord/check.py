"""Whether Discord knows the token, and the link with which a server invites the bot."""

from http import HTTPStatus
from urllib.parse import urlencode

import httpx

from adapters.network import FAILURES
from bot.trouble import Passing, TokenRefused

VIEW_CHANNEL, SEND_MESSAGES, ATTACH_FILES, SEND_MESSAGES_IN_THREADS = 1 << 10, 1 << 11, 1 << 15, 1 << 38

PERMISSIONS = VIEW_CHANNEL | SEND_MESSAGES | ATTACH_FILES | SEND_MESSAGES_IN_THREADS
"""Exactly what is needed to bring a clip into a channel or a thread."""

_INVITE = "https://discord.com/oauth2/authorize"


async def check(client: httpx.AsyncClient, token: str, api_url: str) -> str:
    """What is good to know of the bot. Raises `TokenRefused` or `Passing`; neither names the token."""
    headers = {"Authorization": f"Bot {token}"}
    try:
        answer = await client.get(f"{api_url.rstrip('/')}/oauth2/applications/@me", headers=headers)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            raise TokenRefused("no bot has this token; reset it at https://discord.com/developers/applications")
        application = answer.json()
        return f"{application['name']}; invite it with {invitation(application['id'])}"
    except (*FAILURES, ValueError, KeyError, TypeError) as error:
        raise Passing(f"cannot be asked ({type(error).__name__}); look at RUSHES_DISCORD_API_URL") from None


def invitation(application: str) -> str:
    asked = {"client_id": application, "scope": "bot applications.commands", "permissions": PERMISSIONS}
    return f"{_INVITE}?{urlencode(asked)}"
