"""ShortAPI: every answer is an envelope with a code, and its HTTP status says little about it."""

import re
from typing import Annotated
from urllib.parse import quote

import httpx
from pydantic import BeforeValidator

from adapters.providers.http import (
    DONE,
    FAILED,
    QUEUED,
    STOPPED,
    Answer,
    File,
    Payload,
    Wire,
    chosen,
    object_or_none,
    rejected,
)
from bot.job import FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Stopped, Take
from bot.request import VideoRequest
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Throttled, Trouble

API_URL = "https://api.shortapi.ai"

_MODELS = {"pixverse-v5.5": "pixverse/pixverse-5.5/text-to-video"}
_NOBODY_S = "00000000-0000-4000-8000-000000000000"
"""The id of a job that was never made."""

_UNSTABLE = 3000
"""What is behind ShortAPI takes nothing at the moment."""

_QUEUED, _DONE = 0, 2
"""Only the second is documented; between them it renders, and what is above was only ever seen for failures."""

_NUMBER = re.compile("[0-9]{1,9}")

_KEY_OR_MONEY = re.compile(
    r"api[ _-]?key|(?:invalid|missing|wrong|expired) (?:key|token)|unauthori[sz]ed"
    r"|(?:insufficient|not enough|out of|no) (?:\w+ )?(?:credits?|balance|funds)|\bbalance\b",
    re.IGNORECASE,
)
_UNKNOWN_JOB = re.compile(r"not (?:found|exist)|no such|does ?n.t exist", re.IGNORECASE)
_MAY_PASS = re.compile(r"try again|retry|later|busy|time(?:d )? ?out|unavailable|too many", re.IGNORECASE)


class _Result(Payload):
    videos: list[File] | None = None


class _Job(Payload):
    job_id: str | None = None
    status: str | None = None
    refunded: bool | None = None
    error: object = None
    result: Annotated[_Result | None, BeforeValidator(object_or_none)] = None

    @property
    def media_url(self) -> str | None:
        videos = self.result.videos if self.result else None
        return videos[0].url or None if videos else None


class _Envelope(Payload):
    code: int = 0
    job_id: str | None = None
    data: Annotated[_Job | None, BeforeValidator(object_or_none)] = None


class Shortapi:
    def __init__(self, client: httpx.AsyncClient, key: str, url: str = API_URL) -> None:
        self._wire = Wire(client, {"Authorization": f"Bearer {key}"})
        self._jobs = f"{url.rstrip('/')}/api/v1/job"

    async def submit(self, take: Take) -> Ticket:
        answer = await self._wire.create(f"{self._jobs}/create", _payload(take))
        envelope = answer.parsed_or_empty(_Envelope)
        if envelope.code:
            raise _not_started(answer, envelope.code)
        if not answer.is_success:
            raise answer.not_started(answer.failure(answer.content))
        ticket = (envelope.data and envelope.data.job_id) or envelope.job_id
        if not ticket:
            raise Ambiguous("ShortAPI accepted and gave no job id")
        return Ticket(ticket)

    async def find(self, correlation: str) -> Ticket | None:  # noqa: ARG002 - ShortAPI has nothing to find it by
        return None

    async def look(self, ticket: Ticket) -> Sight:
        answer = await self._wire.read(self._query(ticket))
        envelope = answer.parsed_or_empty(_Envelope)
        if envelope.code and answer.status not in (401, 403, 404):
            return _unanswered(answer, envelope.code)
        answer.about_a_ticket()
        if envelope.data is None or not envelope.data.status:
            raise Passing("the answer has no status")
        return _sight(answer, envelope.data, envelope.data.status.lower())

    async def cancel(self, ticket: Ticket) -> CancelAnswer:  # noqa: ARG002 - ShortAPI has no such call
        return CancelAnswer.IMPOSSIBLE

    async def check(self) -> str:
        """It tells no balance: asking for a job that nobody made shows whether the key is let in."""
        answer = await self._wire.check(self._query(Ticket(_NOBODY_S)))
        envelope = answer.parsed(_Envelope, Passing)
        detail = answer.failure(answer.content).detail
        if envelope.code == _UNSTABLE:
            raise Passing(detail)
        if envelope.code and _KEY_OR_MONEY.search(detail):
            raise OutOfService(detail)
        return "reached, and the key was not refused"

    def _query(self, ticket: Ticket) -> str:
        return f"{self._jobs}/query?id={quote(ticket, safe='')}"


def _payload(take: Take) -> dict[str, object]:
    own = chosen(callback_url=take.callback)
    return {"model": _MODELS[take.offer.model], "args": _args(take.request), **own}


def _args(request: VideoRequest) -> dict[str, object]:
    """ShortAPI knows no other options: what an offer cannot say never comes here."""
    return chosen(
        prompt=request.prompt,
        resolution=request.resolution,
        duration=None if request.seconds is None else str(request.seconds),
        aspect_ratio=request.ratio,
        generate_audio=request.audio,
        multi_shot=request.multi_clip,
    )


def _not_started(answer: Answer, code: int) -> Trouble:
    failure = answer.failure(answer.content)
    if code == _UNSTABLE:
        return Throttled(failure.detail, retry_after=answer.retry_after)
    if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return answer.not_started(failure)
    if failure.kind is not FailureKind.MODERATED and _KEY_OR_MONEY.search(failure.detail):
        return OutOfService(failure.detail)
    return rejected(failure) if answer.is_success else answer.not_started(failure)


def _unanswered(answer: Answer, code: int) -> Sight:
    """An error in place of a job: that of the job, unless it may be one of the asking."""
    failure = answer.failure(answer.content)
    if failure.kind is FailureKind.MODERATED:
        return Broken(failure)
    if _UNKNOWN_JOB.search(failure.detail):
        raise Gone(failure.detail)
    if code == _UNSTABLE or _KEY_OR_MONEY.search(failure.detail) or _MAY_PASS.search(failure.detail):
        raise Passing(failure.detail)
    return Broken(failure)


def _sight(answer: Answer, job: _Job, state: str) -> Sight:
    number = int(state) if _NUMBER.fullmatch(state) else None
    if job.refunded or state in FAILED or (number is not None and number > _DONE):
        return Broken(answer.failure(job.error))
    if state in DONE or number == _DONE:
        return Finished(job.media_url)
    if state in QUEUED or number == _QUEUED:
        return Queued()
    return Stopped() if state in STOPPED else Rendering()
