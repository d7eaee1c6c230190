"""How often Telegram wants us to be quiet, whatever was called."""

from collections.abc import Awaitable, Callable

import httpx
from pydantic import BaseModel, ValidationError

from adapters.chat.telegram.incoming import PLATFORM
from bot.meter import Meter


class _Parameters(BaseModel):
    retry_after: float


class _Flooded(BaseModel):
    parameters: _Parameters


def noted(meter: Meter) -> Callable[[httpx.Response], Awaitable[None]]:
    """For every answer."""

    async def answered(response: httpx.Response) -> None:
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            return
        try:
            flooded = _Flooded.model_validate_json(await response.aread())
        except ValidationError:
            # Somebody before Telegram has answered, and does not say for how long.
            return
        meter.waits[PLATFORM].note(flooded.parameters.retry_after)

    return answered
