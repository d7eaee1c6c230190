"""PixVerse's own platform: HTTP 200 carries errors too, and `ErrCode` says which."""

import uuid
from typing import Annotated
from urllib.parse import quote

import httpx
from pydantic import BeforeValidator, Field

from adapters.providers.http import Answer, Payload, Wire, object_or_none, pixverse_fields, rejected
from bot.catalogue import shot_of
from bot.job import Failure, FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Take
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Throttled, Trouble

API_URL = "https://app-api.pixverse.ai/openapi/v2"

_MODELS = {"pixverse-v5.5": "v5.5", "pixverse-v5": "v5"}

_UNKNOWN_TASK = 400_001
_INVALID = range(400_000, 401_000)
_NOT_LET_IN = frozenset({*range(10_001, 10_006), 400_012, 500_090})
"""The key, the account, and its credits."""

_TOO_MANY_AT_ONCE = 500_044
_MODERATED = frozenset({500_054, 500_063})


class _Resp(Payload):
    video_id: str | None = None
    """May be above 2 ** 53, so no float may ever touch it."""

    status: str | None = None
    url: str | None = None
    credit_monthly: int = 0
    credit_package: int = 0


class _Envelope(Payload):
    code: int | None = Field(default=None, alias="ErrCode")
    resp: Annotated[_Resp | None, BeforeValidator(object_or_none)] = Field(default=None, alias="Resp")


class Pixverse:
    def __init__(self, client: httpx.AsyncClient, key: str, url: str = API_URL) -> None:
        self._wire = Wire(client, {"API-KEY": key})
        self._url = url.rstrip("/")

    async def submit(self, take: Take) -> Ticket:
        answer = await self._wire.create(
            f"{self._url}/video/text/generate", _payload(take), {"Ai-trace-id": take.correlation}
        )
        envelope = answer.parsed_or_empty(_Envelope)
        if envelope.code:
            raise _not_started(answer, envelope.code)
        if not answer.is_success:
            raise answer.not_started(answer.failure(answer.content))
        if envelope.resp is None or envelope.resp.video_id in (None, "", "0"):
            raise Ambiguous("PixVerse accepted and gave no video id")
        return Ticket(envelope.resp.video_id)

    async def find(self, correlation: str) -> Ticket | None:  # noqa: ARG002 - see below
        # Nothing reads by trace id. A create that repeats it is said to return the old job; were that wrong, or had
        # there been no old one, the question itself would buy a clip.
        return None

    async def look(self, ticket: Ticket) -> Sight:
        answer = await self._wire.read(f"{self._url}/video/result/{quote(ticket, safe='')}", headers=_fresh_trace())
        envelope = answer.about_a_ticket().parsed_or_empty(_Envelope)
        if envelope.code:
            return _unanswered(answer, envelope.code)
        if envelope.resp is None or not envelope.resp.status:
            raise Passing("the answer has no status")
        return _sight(envelope.resp.status, envelope.resp.url)

    async def cancel(self, ticket: Ticket) -> CancelAnswer:  # noqa: ARG002 - PixVerse has no such call
        return CancelAnswer.IMPOSSIBLE

    async def check(self) -> str:
        answer = await self._wire.check(f"{self._url}/account/balance", _fresh_trace())
        envelope = answer.parsed(_Envelope, Passing)
        if envelope.code in _NOT_LET_IN:
            raise OutOfService(answer.failure(answer.content).detail)
        if not answer.is_success or envelope.code != 0 or envelope.resp is None:
            raise Passing(answer.failure(answer.content).detail)
        return f"key accepted, {envelope.resp.credit_monthly + envelope.resp.credit_package:,} credits"


def _payload(take: Take) -> dict[str, object]:
    """With the defaults written out: PixVerse demands what its resellers fill in."""
    shot = shot_of(take.request)
    own = {
        "model": _MODELS[take.offer.model],
        "aspect_ratio": shot.ratio,
        "quality": shot.resolution,
        "duration": shot.seconds,
    }
    return pixverse_fields(take) | own


def _fresh_trace() -> dict[str, str]:
    """A repeated one may be answered with what it was answered before."""
    return {"Ai-trace-id": str(uuid.uuid4())}


def _not_started(answer: Answer, code: int) -> Trouble:
    failure = answer.failure(answer.content)
    if code in _NOT_LET_IN:
        return OutOfService(failure.detail)
    if code == _TOO_MANY_AT_ONCE:
        return Throttled(failure.detail, retry_after=answer.retry_after)
    if code in _MODERATED or failure.kind is FailureKind.MODERATED:
        return rejected(Failure(FailureKind.MODERATED, failure.detail))
    # Of the others nobody published whether the job was made.
    return rejected(failure) if code in _INVALID else answer.not_started(failure)


def _unanswered(answer: Answer, code: int) -> Sight:
    failure = answer.failure(answer.content)
    if code in _MODERATED:
        return Broken(Failure(FailureKind.MODERATED, failure.detail))
    raise (Gone if code == _UNKNOWN_TASK else Passing)(failure.detail)


def _sight(status: str, url: str | None) -> Sight:
    """1, 5, 7 and 8 are documented; the others were seen by clients."""
    match status:
        case "1":
            return Finished(url or None)
        case "2" | "9":
            return Queued()
        case "6":
            return Broken(Failure(FailureKind.PROVIDER, "the clip was deleted"))
        case "7":
            return Broken(Failure(FailureKind.MODERATED, "the content check stopped it"))
        case "8":
            return Broken(Failure(FailureKind.PROVIDER, "the generation failed"))
        case _:
            return Rendering()
