"""Providers that tell us that a job is done. Whatever they say is only a reason to look.

An address holds a secret of the job; fal's calls are signed besides.
"""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from enum import StrEnum

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.providers.signature import FalSignature, Verdict
from bot.job import JobId

BODY_LIMIT = 1 << 20

_PATH = "callbacks"

Heard = Callable[[str, JobId, str], Awaitable[bool]]
"""Takes provider, job and secret; says whether they belong together."""

log = logging.getLogger(__name__)


class Fate(StrEnum):
    """What became of a call, counted for the operator."""

    HEARD = "heard"
    UNKNOWN = "unknown"
    FORGED = "forged"
    LATE = "late"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"


_OF_VERDICT = {Verdict.FORGED: Fate.FORGED, Verdict.LATE: Fate.LATE, Verdict.REPEATED: Fate.REPEATED}


def callback_url(public_url: str, provider: str, job: JobId, secret: str) -> str:
    return f"{public_url.rstrip('/')}/{_PATH}/{provider}/{job}/{secret}"


class Callbacks:
    def __init__(self, heard: Heard, signature: FalSignature) -> None:
        self._heard = heard
        self._signature = signature
        self.fates: Counter[Fate] = Counter()

    def routes(self) -> list[Route]:
        return [Route(f"/{_PATH}/{{provider}}/{{job}}/{{secret}}", self._called, methods=["POST"])]

    async def _called(self, request: Request) -> Response:
        fate = await self._fate(request)
        self.fates[fate] += 1
        if fate is not Fate.HEARD:
            log.info("a callback was %s and not believed", fate)
        return PlainTextResponse("ok", 200 if fate in (Fate.HEARD, Fate.REPEATED) else 403)

    async def _fate(self, request: Request) -> Fate:
        body = await _body(request)
        if body is None:
            return Fate.UNREADABLE
        path = request.path_params
        if path["provider"] == "fal":
            verdict = await self._signature.verify(request.headers, body)
            if verdict is not Verdict.GENUINE:
                return _OF_VERDICT[verdict]
        believed = await self._heard(path["provider"], JobId(path["job"]), path["secret"])
        return Fate.HEARD if believed else Fate.UNKNOWN


async def _body(request: Request) -> bytes | None:
    """`None` for one that is too long or never ends."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)
