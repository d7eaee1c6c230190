"""How fal words an answer, and how it words what went wrong."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from simulator.backstage import Json
from simulator.fault_table import Effect, Fault
from simulator.generations import Generation, Outcome

ERROR_PAGE = "https://docs.fal.ai/errors#"
RETRYABLE = {"downstream_service_error"}
LOCKED = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
UNAUTHENTICATED = "Cannot access application 'fal-ai/pixverse'. Authentication is required."
PLATFORM_ERRORS: Mapping[int, tuple[str, str | None]] = {
    401: (UNAUTHENTICATED, None),
    403: (LOCKED, None),
    404: ("Not found", None),
    429: ("Too many requests", None),
    500: ("Internal server error", "internal_error"),
    502: ("Runner returned an incomplete response", "runner_incomplete_response"),
    503: ("No runner could be scheduled", "runner_scheduling_failure"),
    504: ("Request timed out", "request_timeout"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a failure is told: in the status, and in place of the result."""

    status: int
    kind: str
    message: str
    is_of_the_model: bool = False  # else of the platform: the two have errors of different shapes

    @property
    def told(self) -> Json:
        return {"error": self.message, "error_type": self.kind} if self.kind else {}

    def answer(self, generation: Generation) -> Response:
        if self.is_of_the_model:
            prompt = generation.ask.film.prompt
            return model_error(self.status, [complaint(self.kind, self.message, ["body", "prompt"], prompt)])
        return flat_error(self.status, self.message, self.kind)


ENDINGS: Mapping[Outcome, Ending] = {
    Outcome.FILMED: Ending(status=200, kind="", message=""),
    Outcome.MODERATED: Ending(
        status=422,
        kind="content_policy_violation",
        message="The content could not be processed because it contained material flagged by a content checker.",
        is_of_the_model=True,
    ),
    Outcome.FAILED: Ending(
        status=400,
        kind="downstream_service_error",
        message="Downstream service error",
        is_of_the_model=True,
    ),
    Outcome.CRASHED: Ending(status=500, kind="runner_server_error", message="Runner reported a server error"),
    Outcome.CANCELLED: Ending(status=499, kind="client_cancelled", message="Request was cancelled by the client"),
}


def answered(content: Mapping[str, object], generation: Generation | None, status: int = 200) -> Response:
    header = generation.id if generation else str(uuid.uuid4())
    return JSONResponse(content, status, {"x-fal-request-id": header})


def platform_error(status: int) -> Response:
    return flat_error(status, *PLATFORM_ERRORS[status])


def refusal(fault: Fault) -> Response:
    if fault.effect is Effect.CENSOR:
        censored = ENDINGS[Outcome.MODERATED]
        return model_error(censored.status, [complaint(censored.kind, censored.message, ["body", "prompt"], None)])
    return platform_error(fault.status)


def flat_error(status: int, detail: str, kind: str | None = None) -> Response:
    answer = answered({"detail": detail} | ({"error_type": kind} if kind else {}), None, status)
    if kind:
        answer.headers["x-fal-error-type"] = kind
    return answer


def model_error(status: int, details: list[Json]) -> Response:
    answer = answered({"detail": details}, None, status)
    retryable = any(detail["type"] in RETRYABLE for detail in details)
    answer.headers["x-fal-retryable"] = str(retryable).lower()
    return answer


def complaint(kind: str, message: str, where: list[str | int], given: object) -> Json:
    return {"loc": where, "msg": message, "type": kind, "url": f"{ERROR_PAGE}{kind}", "input": given}


def complaints(invalid: ValidationError) -> list[Json]:
    return [
        complaint(error["type"], error["msg"], ["body", *error["loc"]], shown(error["input"]))
        | ({"ctx": error["ctx"]} if "ctx" in error else {})
        for error in invalid.errors()
    ]


def shown(given: object) -> object:
    return given.decode(errors="replace") if isinstance(given, bytes) else given
