"""From the library's errors to what they mean: `bot.trouble`, `adapters.chat.mishap`, or one of the two below."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import aiohttp
from discord import DiscordServerError, HTTPException, RateLimited

from adapters.chat.mishap import MessageGone, PlaceGone, TooLarge
from bot.trouble import DeliveryUnknown, NotNow, Passing, Trouble, Undeliverable

TOO_MANY_SECONDS = 30.0
"""After an answer that comes from in front of Discord, and says nothing of what is behind."""

_LATE = {10015, 10062, 50027}
"""Unknown webhook, unknown interaction, invalid token."""
_REPEATED = {40060}
_MESSAGE_GONE = {10008, 50005, 50083}
_PLACE_GONE = {10003, 10004, 50001, 50007, 50013, 50278, 160005}
"""Unknown channel or guild, no access, no messages to this user, no rights, no common guild, locked thread."""
_TOO_LARGE = {40005}

_NEVER_ARRIVED = (aiohttp.ClientConnectorError,)


class Repeated(Undeliverable):
    """The interaction was acknowledged, or heard of, before."""


class Late(Undeliverable):
    """The interaction's token is no longer good, or never was."""


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except RateLimited as error:
        raise NotNow("Discord wants a pause", retry_after=error.retry_after) from error
    except HTTPException as error:
        raise _meaning(error) from error
    except _NEVER_ARRIVED as error:
        raise Passing("no connection to Discord") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise DeliveryUnknown(f"no answer from Discord: {type(error).__name__}") from error


def _meaning(error: HTTPException) -> Trouble:
    detail = f"{error.status} {error.code}: {error.text[:200]}"
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return NotNow(detail, retry_after=TOO_MANY_SECONDS)
    if isinstance(error, DiscordServerError):
        return DeliveryUnknown(detail)
    if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or error.code in _TOO_LARGE:
        return TooLarge(detail)
    if error.response.headers.get("Content-Type") != "application/json":
        return NotNow(detail, retry_after=TOO_MANY_SECONDS)
    for kind, codes in ((Late, _LATE), (Repeated, _REPEATED), (MessageGone, _MESSAGE_GONE), (PlaceGone, _PLACE_GONE)):
        if error.code in codes:
            return kind(detail)
    return PlaceGone(detail) if error.status == HTTPStatus.FORBIDDEN else Undeliverable(detail)
