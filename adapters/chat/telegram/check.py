"""Whether Telegram knows the token, asked without the library, which takes long to load."""

from http import HTTPStatus

import httpx

from adapters.network import FAILURES
from bot.trouble import Passing, TokenRefused


async def check(client: httpx.AsyncClient, token: str, api_url: str) -> str:
    """What is good to know of the bot. Raises `TokenRefused` or `Passing`; neither names the token."""
    try:
        answer = await client.get(f"{api_url.rstrip('/')}/bot{token}/getMe")
        if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            raise TokenRefused("no bot has this token; ask @BotFather for it")
        bot = answer.json()["result"]
        hears = "everything" if bot.get("can_read_all_group_messages") else "commands and replies only, which is enough"
        return f"@{bot['username']}, which hears {hears} in groups"
    except (*FAILURES, ValueError, KeyError, TypeError) as error:
        # The text of such an error may hold the address, and with it the token.
        raise Passing(f"cannot be asked ({type(error).__name__}); look at RUSHES_TELEGRAM_API_URL") from None
