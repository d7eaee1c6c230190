"""Who sits at a browser: a cookie that only it knows, and a name for the others to read."""

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

from adapters.chat.web.room import PLATFORM
from bot.job import Identity

COOKIE = "rushes_guest"
YEAR = 365 * 24 * 3600

_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def token_in(request: Request) -> str | None:
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def guest(token: str) -> Identity:
    """The cookie is a secret and stays one: what the others see is a hash of it."""
    user = hashlib.sha256(token.encode()).hexdigest()[:20]
    return Identity(platform=PLATFORM, user=user, name=f"Guest {user[:4].upper()}")


def remember(response: Response, request: Request, token: str) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
