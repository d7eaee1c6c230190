"""fal's queue: submit, look at the status, read the response, cancel.

`COMPLETED` is not success there: the response may still be an error.
"""

from urllib.parse import quote, urlsplit

import httpx

from adapters.providers.http import FAILED, Answer, File, Payload, Wire, chosen, pixverse_fields
from bot.job import Failure, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Take
from bot.trouble import Ambiguous, Passing

QUEUE_URL = "https://queue.fal.run"

_APP = "fal-ai/pixverse"
_ENDPOINTS = {
    "pixverse-v5.5": f"{_APP}/v5.5/text-to-video",
    "pixverse-v5": f"{_APP}/v5/text-to-video",
}
_NOBODY_S = "00000000-0000-4000-8000-000000000000"
"""The id of a request that was never made."""

_SETTLES_LATER = {408, 409, 425}


class _Submitted(Payload):
    request_id: str
    status_url: str = ""
    response_url: str = ""
    cancel_url: str = ""


class _Ticket(Payload):
    status: str
    response: str
    cancel: str


class _Status(Payload):
    status: str
    queue_position: int | None = None
    error: str | None = None
    error_type: str | None = None

    @property
    def says_failed(self) -> bool:
        return self.error is not None or self.error_type is not None


class _Result(Payload):
    video: File | None = None


class Fal:
    def __init__(self, client: httpx.AsyncClient, key: str, queue_url: str = QUEUE_URL) -> None:
        self._wire = Wire(client, {"Authorization": f"Key {key}"})
        self._queue_url = queue_url.rstrip("/")

    async def submit(self, take: Take) -> Ticket:
        webhook = f"?fal_webhook={quote(take.callback, safe='')}" if take.callback else ""
        url = f"{self._queue_url}/{_ENDPOINTS[take.offer.model]}{webhook}"
        # Never another model than the one that was priced.
        answer = await self._wire.create(url, _payload(take), {"x-app-fal-disable-fallback": "true"})
        if answer.is_success:
            return self._ticket(answer)
        raise answer.not_started(answer.failure(answer.content))

    async def find(self, correlation: str) -> Ticket | None:  # noqa: ARG002 - fal has nothing to find it by
        return None

    async def look(self, ticket: Ticket) -> Sight:
        urls = _Ticket.model_validate_json(ticket)
        answer = (await self._wire.read(urls.status)).about_a_ticket()
        status = answer.parsed(_Status, Passing)
        match status.status.lower():
            case "in_queue":
                return Queued(status.queue_position)
            case "completed":
                return await self._result(urls.response, answer, status)
            case word if word in FAILED:
                return Broken(_failure(answer, status))
            case _:
                return Rendering()

    async def cancel(self, ticket: Ticket) -> CancelAnswer:
        answer = await self._wire.read(_Ticket.model_validate_json(ticket).cancel, "PUT")
        if answer.is_success:
            return CancelAnswer.STOPPED
        if answer.status in (httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND):
            return CancelAnswer.TOO_LATE
        raise Passing(f"HTTP {answer.status}")

    async def check(self) -> str:
        answer = await self._wire.check(f"{self._queue_url}/{_APP}/requests/{_NOBODY_S}/status")
        if answer.is_success or answer.status == httpx.codes.NOT_FOUND:
            return "key accepted"
        raise Passing(f"HTTP {answer.status}")

    async def _result(self, url: str, seen: Answer, status: _Status) -> Sight:
        try:
            answer = await self._wire.read(url)
        except Passing:
            if not status.says_failed:
                raise
            return Broken(_failure(seen, status))
        if answer.is_success and status.error is None:
            video = answer.parsed(_Result, Passing).video
            return Finished(video.url or None if video else None)
        return self._unusable(answer, status)

    def _unusable(self, answer: Answer, status: _Status) -> Sight:
        failure = _failure(answer, status)
        if "still in progress" in failure.detail:
            return Rendering()
        if answer.status in _SETTLES_LATER:
            raise Passing(f"HTTP {answer.status}")
        return Broken(failure)

    def _ticket(self, answer: Answer) -> Ticket:
        """The addresses that fal gave, where they are fal's own: the key goes to nobody else."""
        submitted = answer.parsed(_Submitted, Ambiguous)
        if not submitted.request_id:
            raise Ambiguous("fal accepted and gave an empty request id")
        own = f"{self._queue_url}/{_APP}/requests/{submitted.request_id}"
        ticket = _Ticket(
            status=self._trusted(submitted.status_url) or f"{own}/status",
            response=self._trusted(submitted.response_url) or own,
            cancel=self._trusted(submitted.cancel_url) or f"{own}/cancel",
        )
        return Ticket(ticket.model_dump_json())

    def _trusted(self, url: str) -> str | None:
        try:
            return url if _origin(url) == _origin(self._queue_url) else None
        except ValueError:
            return None


def _payload(take: Take) -> dict[str, object]:
    seconds = take.request.seconds
    own = chosen(resolution=take.request.resolution, duration=None if seconds is None else str(seconds))
    return pixverse_fields(take) | own


def _failure(answer: Answer, status: _Status) -> Failure:
    """In the words of the answer, else in those of the status."""
    return answer.failure({"message": answer.content, "error": status.error, "type": status.error_type})


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
