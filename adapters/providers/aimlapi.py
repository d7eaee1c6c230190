"""AIMLAPI: create, then ask for the generation until it ends.

HTTP 200 is not success there: the body may say error. Its pages contradict each other on names, words and shapes; what
is sent is what was seen to work, what comes back is read in every form that was seen.
"""

import re
from decimal import Decimal
from urllib.parse import quote

import httpx
from pydantic import Field

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
    pixverse_fields,
    rejected,
)
from bot.job import Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Stopped, Take
from bot.trouble import Ambiguous, Passing

API_URL = "https://api.aimlapi.com"

_GENERATIONS = "/v2/video/generations"
_LEGACY_GENERATIONS = "/v2/generate/video/pixverse/generation"

_SPELLINGS = {
    "pixverse-v5.5": ("pixverse/v5-5-text-to-video", "pixverse/v5.5/text-to-video"),
    "pixverse-v5": ("pixverse/v5/text-to-video",),
}
"""The first of v5.5 is in every sample, the second in the schema."""

_UNKNOWN_MODEL = re.compile(
    r"invalid[ _]enum|(?:unknown|invalid|unsupported|no such) model|model\b.{0,60}\bnot (?:found|exist|supported)",
    re.IGNORECASE,
)

_LOG_PAGE = 100
"""Rows, the most that one page may have."""

_LOG_PAGES = 10
_LOG_PERIOD = "7d"


class _Generation(Payload):
    id: str | None = None
    generation_id: str | None = None
    status: str | None = None
    kind: str | None = Field(default=None, alias="object")
    video: File | None = None
    error: object = None

    @property
    def state(self) -> str:
        return (self.status or "").lower()

    @property
    def media_url(self) -> str | None:
        return self.video.url or None if self.video and self.kind != "image" else None


class _Row(Payload):
    client_request_id: str | None = None
    inference_id: str | None = None


class _Paging(Payload):
    has_more: bool = False


class _Logs(Payload):
    data: list[_Row]
    pagination: _Paging = _Paging()


class _Balance(Payload):
    current_balance: Decimal


class Aimlapi:
    def __init__(self, client: httpx.AsyncClient, key: str, url: str = API_URL, *, legacy: bool = False) -> None:
        """`legacy` speaks to the older address, with the same bodies."""
        self._wire = Wire(client, {"Authorization": f"Bearer {key}"})
        self._url = url.rstrip("/")
        self._generations = self._url + (_LEGACY_GENERATIONS if legacy else _GENERATIONS)
        self._spellings = dict(_SPELLINGS)

    async def submit(self, take: Take) -> Ticket:
        answer = await self._create(take)
        if not answer.is_success:
            raise answer.not_started(answer.failure(answer.content))
        generation = answer.parsed(_Generation, Ambiguous)
        if generation.state in FAILED:
            raise rejected(answer.failure(generation.error))
        ticket = generation.id or generation.generation_id
        if not ticket:
            raise Ambiguous("AIMLAPI accepted and gave no id")
        return Ticket(ticket)

    async def find(self, correlation: str) -> Ticket | None:
        """The logs have no filter for it, so their rows are read, newest first.

        They may lag behind, so that "not there" means "not yet": it is for the caller to stop asking.
        """
        for page in range(_LOG_PAGES):
            logs = await self._logs(page)
            for row in logs.data:
                if row.client_request_id == correlation and row.inference_id:
                    return Ticket(row.inference_id)
            if not logs.pagination.has_more:
                break
        raise Passing("not in the logs yet")

    async def look(self, ticket: Ticket) -> Sight:
        # Some ids are made of a name with colons and slashes.
        url = f"{self._generations}?generation_id={quote(ticket, safe='')}"
        answer = (await self._wire.read(url)).about_a_ticket()
        generation = answer.parsed(_Generation, Passing)
        match generation.state:
            case "":
                raise Passing("the answer has no status")
            case word if word in QUEUED:
                return Queued()
            case word if word in DONE:
                return Finished(generation.media_url)
            case word if word in FAILED:
                return Broken(answer.failure(generation.error))
            case word if word in STOPPED:
                return Stopped()
            case _:
                return Rendering()

    async def cancel(self, ticket: Ticket) -> CancelAnswer:  # noqa: ARG002 - AIMLAPI has no such call
        return CancelAnswer.IMPOSSIBLE

    async def check(self) -> str:
        answer = await self._wire.check(f"{self._url}/v2/billing")
        if not answer.is_success:
            raise Passing(f"HTTP {answer.status}")
        return f"key accepted, balance ${answer.parsed(_Balance, Passing).current_balance:,.2f}"

    async def _create(self, take: Take) -> Answer:
        """Only AIMLAPI knows which spelling it takes; one that it does not know costs nothing."""
        spellings = self._spellings[take.offer.model]
        for spelling in spellings:
            answer = await self._wire.create(
                self._generations,
                _payload(spelling, take),
                {"X-Client-Request-Id": take.correlation},
            )
            if not _is_about_the_model(answer):
                break
        if answer.is_success:
            self._spellings[take.offer.model] = tuple(sorted(spellings, key=lambda each: each != spelling))
        return answer

    async def _logs(self, page: int) -> _Logs:
        answer = await self._wire.read(
            f"{self._url}/v2/logs?period={_LOG_PERIOD}&limit={_LOG_PAGE}&offset={page * _LOG_PAGE}"
        )
        if not answer.is_success:
            raise Passing(f"HTTP {answer.status}")
        return answer.parsed(_Logs, Passing)


def _payload(model: str, take: Take) -> dict[str, object]:
    own = chosen(model=model, resolution=take.request.resolution, duration=take.request.seconds)
    return pixverse_fields(take) | own


def _is_about_the_model(answer: Answer) -> bool:
    if answer.status == httpx.codes.NOT_FOUND:
        return True
    return answer.status == httpx.codes.BAD_REQUEST and bool(
        _UNKNOWN_MODEL.search(answer.body.decode(errors="replace"))
    )
