"""How AIMLAPI words an answer, and how it words what went wrong."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.backstage import Json
from simulator.fault_table import Effect, Fault
from simulator.faults import chosen
from simulator.generations import Generation, Outcome

Identify: TypeAlias = Callable[[Random, str], str]

NANOID = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
MESSAGES: Mapping[int, str] = {
    401: "Invalid API key",
    403: "You've run out of credits. Please top up your balance or update your payment method to continue.",
    404: "Not found",
    429: "Too Many Requests",
    500: "Something wrong with the server",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Generation timeout",
}
CENSORED = "Your prompt was rejected by our content moderation policy"
REASONS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.MODERATED: ("content_policy_violation", CENSORED),
    Outcome.FAILED: ("downstream_service_error", "The provider failed to generate the video"),
    Outcome.CRASHED: ("internal_server_error", "Something wrong with the server"),
    Outcome.CANCELLED: ("cancelled", "The generation was cancelled"),
}
ZOD_TYPES = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "NoneType": "null"}
EXPECTED = {"string_type": "string", "int_type": "number", "bool_type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    queued: str
    rendering: str
    filmed: str
    failed: str


def words(queued: str, rendering: str, filmed: str, failed: str) -> Words:
    return Words(queued=queued, rendering=rendering, filmed=filmed, failed=failed)


WORDS: Mapping[str, Words] = {
    "says-completed": words("queued", "generating", "completed", "error"),
    "says-complete": words("waiting", "active", "complete", "failed"),
    "says-succeeded": words("pending", "processing", "succeeded", "failure"),
    "says-success": words("queueing", "running", "success", "timeout"),
    "says-done": words("preparing", "in_progress", "done", "timed_out"),
    "says-ready": words("submitted", "dreaming", "ready", "expired"),
    "says-finished": words("Queued", "Processing", "Finished", "Failed"),
}
SEEN_WITH_PIXVERSE = 3  # of the words; the others belong to further models of the same API
CREATED: Mapping[str, int] = {"created-200": 200, "created-201": 201}
KEYS: Mapping[str, str] = {"key-id": "id", "key-generation-id": "generation_id"}


def nanoid(chance: Random, _: str) -> str:
    return "".join(chance.choices(NANOID, k=21))


def dashed(chance: Random, model: str) -> str:
    return "-" + nanoid(chance, model)[1:]


def number(chance: Random, _: str) -> str:
    return str(chance.randrange(10**15, 10**16))


def path(chance: Random, model: str) -> str:
    return f"{uuid.UUID(int=chance.getrandbits(128), version=4)}:{model}"


IDS: Mapping[str, Identify] = {"id-nanoid": nanoid, "id-dash": dashed, "id-digits": number, "id-path": path}
USUAL_IDS = 3


def named(generation: Generation) -> object:
    name, message = REASONS[generation.outcome]
    return {"name": name, "message": message}


def passed_on(generation: Generation) -> object:
    kind, message = REASONS[generation.outcome]
    prompt = generation.ask.film.prompt
    return {"detail": [{"loc": ["body", "prompt"], "msg": message, "type": kind, "input": prompt}]}


def sentence(generation: Generation) -> object:
    return REASONS[generation.outcome][1]


SHAPES: Mapping[str, Callable[[Generation], object]] = {
    "error-at-200-named": named,
    "error-at-200-detail": passed_on,
    "error-at-200-text": sentence,
}
USUAL_SHAPES = 2


def wording(generation: Generation) -> Words:
    return chosen(generation.ask.faults, WORDS, generation.number, SEEN_WITH_PIXVERSE)


def told_error(generation: Generation) -> object:
    return chosen(generation.ask.faults, SHAPES, generation.number, USUAL_SHAPES)(generation)


def refusal(request: Request, fault: Fault) -> Response:
    if fault.effect is Effect.CENSOR:
        return http_error(request, 400, CENSORED)
    return http_error(request, fault.status)


def http_error(request: Request, status: int, message: str = "") -> Response:
    """Its own status comes as a string, as in the provider's samples."""
    own_path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    body = {
        "message": message or MESSAGES[status],
        "path": own_path,
        "requestId": str(uuid.uuid4()),
        "statusCode": str(status),
        "timestamp": stamp(datetime.now(UTC).timestamp()),
    }
    return JSONResponse(body, status)


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def zod(invalid: ValidationError) -> str:
    """All complaints in one text, in the words of the library that AIMLAPI checks with."""
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'body'}: {complaint(each)}" for each in invalid.errors())


def complaint(error: ErrorDetails) -> str:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        return "Required"
    if kind in EXPECTED:
        return f"Expected {EXPECTED[kind]}, received {ZOD_TYPES.get(type(given).__name__, 'object')}"
    if kind in ("literal_error", "enum"):
        return f"Invalid enum value. Expected {error['ctx']['expected']}, received {shown(given)}"
    return error["msg"]


def shown(given: object) -> str:
    return f"'{given}'" if isinstance(given, str) else str(given)


def invalid_model(known: list[str], given: str) -> str:
    return f"model: Invalid enum value. Expected {' | '.join(map(shown, known))}, received {shown(given)}"


def usage(credits_used: int) -> Json:
    return {"usage": {"credits_used": credits_used}}
