"""What the dialects share: a call with its answer, failures in the core's words, and PixVerse's own names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from adapters.calling import NoReply, call
from bot.job import Failure, FailureKind
from bot.ports import Take
from bot.request import Thinking
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Rejected, Throttled, Trouble, Unreachable

CALL_SECONDS = 60.0
"""For one call from the first byte to the last; it bounds answers that trickle."""

QUEUED = frozenset({"queued", "waiting", "pending", "queueing", "preparing", "submitted"})
DONE = frozenset({"completed", "complete", "succeeded", "success", "done", "ready", "finished"})
FAILED = frozenset({"error", "failed", "failure", "timeout", "timed_out", "expired"})
STOPPED = frozenset({"cancelled", "canceled"})
"""Every word that was seen for a state, small; what is in none of them still renders."""

_DETAIL_LIMIT = 200
_THINKING = {Thinking.AUTO: "auto", Thinking.ON: "enabled", Thinking.OFF: "disabled"}

_SENTENCES = ("message", "msg", "info", "ErrMsg", "detail", "error")
_KINDS = ("name", "type", "error_type", "code")
_MODERATION = re.compile(
    r"(?<![a-z])(?:policy|moderation|moderated|nsfw|safety|sensitive|inappropriate|flagged)", re.IGNORECASE
)

M = TypeVar("M", bound=BaseModel)


class Payload(BaseModel):
    """Reads numbers where text is expected: ids and states come as either."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


def object_or_none(found: object) -> object:
    """Errors leave anything where the object would be."""
    return found if isinstance(found, dict) else None


class File(Payload):
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(repr=False)
    key: str = field(default="", repr=False)
    """What was sent to be let in; no word of the answer may repeat it."""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - what HTTP calls success

    @property
    def retry_after(self) -> float | None:
        """Seconds, whichever of its two forms the header has."""
        return _seconds(self.headers.get("retry-after", ""))

    @property
    def content(self) -> object:
        """`None` where the body is not JSON."""
        try:
            found: object = from_json(self.body)
        except ValueError:
            return None
        return found

    def parsed(self, model: type[M], otherwise: type[Trouble]) -> M:
        """Raises `otherwise` where the body has another shape."""
        try:
            return model.model_validate_json(self.body)
        except ValidationError as error:
            raise otherwise("the answer could not be read") from error

    def parsed_or_empty(self, model: type[M]) -> M:
        """Of a model that needs nothing."""
        try:
            return model.model_validate_json(self.body)
        except ValidationError:
            return model()

    def failure(self, error: object) -> Failure:
        """What an error says, whichever of the known shapes it has; the HTTP status where it says nothing."""
        is_moderation = any(_MODERATION.search(words) for words in _spoken(error))
        words = _sentence(error) or ("" if self.is_success else f"HTTP {self.status}")
        return Failure(
            FailureKind.MODERATED if is_moderation else FailureKind.PROVIDER,
            told(words.replace(self.key, "…") if self.key else words),
        )

    def not_started(self, failure: Failure) -> Trouble:
        """What an answer to a create means that is no success: `NotStarted` where it says so, else nobody knows."""
        match self.status:
            case 401 | 402 | 403:
                return OutOfService(failure.detail)
            case 400 | 404 | 405 | 413 | 422:
                return rejected(failure)
            case _:
                return Ambiguous(failure.detail)

    def about_a_ticket(self) -> "Answer":
        """Raises `Gone` where the ticket is unknown and `Passing` where the answer is no success for another reason."""
        if self.status == httpx.codes.NOT_FOUND:
            raise Gone("the provider does not know the ticket")
        if not self.is_success:
            raise Passing(f"HTTP {self.status}")
        return self


def rejected(failure: Failure) -> Rejected:
    """Whoever is told that the order itself was refused hears either that it was moderated or that it is invalid."""
    is_moderation = failure.kind is FailureKind.MODERATED
    return Rejected(failure if is_moderation else Failure(FailureKind.INVALID, failure.detail))


@dataclass(frozen=True, slots=True)
class Wire:
    """Calls to one provider, with its key."""

    client: httpx.AsyncClient
    headers: Mapping[str, str] = field(repr=False)
    """The one that lets us in."""

    async def create(self, url: str, payload: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Answer:
        """A call that costs. Raises `Unreachable` or `Throttled` where it certainly did nothing, else `Ambiguous`."""
        try:
            answer = await self._call("POST", url, payload, headers)
        except NoReply as failed:
            raise (Unreachable if failed.never_connected else Ambiguous)(str(failed)) from failed
        if answer.status == httpx.codes.TOO_MANY_REQUESTS:
            raise Throttled("too many requests", retry_after=answer.retry_after)
        return answer

    async def read(self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        """A call that may be repeated. Raises `Passing` where it should be."""
        try:
            answer = await self._call(method, url, headers=headers)
        except NoReply as failed:
            raise Passing(str(failed)) from failed
        if answer.status == httpx.codes.TOO_MANY_REQUESTS or answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Passing(f"HTTP {answer.status}", retry_after=answer.retry_after)
        return answer

    async def check(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """A read that raises `OutOfService` where the key does not let us in."""
        answer = await self.read(url, headers=headers)
        if answer.status in (httpx.codes.UNAUTHORIZED, httpx.codes.PAYMENT_REQUIRED, httpx.codes.FORBIDDEN):
            raise OutOfService(answer.failure(answer.content).detail)
        return answer

    async def _call(
        self,
        method: str,
        url: str,
        payload: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        every = {**self.headers, **(headers or {})}
        reply = await call(self.client, method, url, seconds=CALL_SECONDS, headers=every, payload=payload)
        return Answer(reply.status, reply.body, reply.headers, self._key)

    @property
    def _key(self) -> str:
        return next(iter(self.headers.values())).rpartition(" ")[2]


def _seconds(header: str) -> float | None:
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def told(detail: str) -> str:
    """A provider's words as a person may read them: one line, not long."""
    words = " ".join("".join(c if c.isprintable() else " " for c in detail).split())
    return words if len(words) <= _DETAIL_LIMIT else words[: _DETAIL_LIMIT - 1] + "…"


def _sentence(error: object) -> str:
    """A text, `{name, message}`, `{code, message}`, `{detail: text or list}`, and any of them inside another."""
    match error:
        case str():
            return error
        case list():
            return "; ".join(filter(None, map(_sentence, error)))
        case dict():
            return next(filter(None, (_sentence(error.get(key)) for key in _SENTENCES)), "")
        case _:
            return ""


def _spoken(error: object) -> Iterator[str]:
    """Every word of the provider's own, so not the prompt that some repeat beside them."""
    match error:
        case str():
            yield error
        case list():
            for each in error:
                yield from _spoken(each)
        case dict():
            for key in _SENTENCES + _KINDS:
                yield from _spoken(error.get(key))


def chosen(**fields: object) -> dict[str, object]:
    """Only what was chosen; the providers' defaults are ours."""
    return {name: value for name, value in fields.items() if value is not None}


def pixverse_fields(take: Take) -> dict[str, object]:
    """What was chosen in the words of PixVerse, which its resellers keep but for length and resolution."""
    request, can = take.request, take.offer.can
    return chosen(
        prompt=request.prompt,
        aspect_ratio=request.ratio,
        negative_prompt=request.negative,
        style=request.style,
        seed=request.seed,
        # Whoever has no sound may be asked for silence, but has no name for it.
        generate_audio_switch=request.audio if can.audio else None,
        generate_multi_clip_switch=request.multi_clip if can.multi_clip else None,
        thinking_type=None if request.thinking is None else _THINKING[request.thinking],
    )
