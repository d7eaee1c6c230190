"""How often Discord wants us to be quiet. Its library waits by itself, and tells nobody but the log."""

from http import HTTPStatus
from types import SimpleNamespace

from aiohttp import ClientSession, TraceConfig, TraceRequestEndParams

from adapters.chat.discord.incoming import PLATFORM
from bot.meter import Meter


def noted(meter: Meter) -> TraceConfig:
    """For the client's connections."""

    async def answered(_: ClientSession, __: SimpleNamespace, call: TraceRequestEndParams) -> None:
        asked = call.response.headers.get("Retry-After", "")
        if call.response.status == HTTPStatus.TOO_MANY_REQUESTS and asked.replace(".", "", 1).isdecimal():
            meter.waits[PLATFORM].note(float(asked))

    trace = TraceConfig()
    trace.on_request_end.append(answered)
    return trace
