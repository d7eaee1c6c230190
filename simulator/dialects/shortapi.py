"""The job API of ShortAPI, for its PixVerse model."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.backstage import Backstage, Json, kept, key_of, masked
from simulator.callbacks import Notice
from simulator.dialects.wish import LONGEST_PROMPT, AspectRatio
from simulator.fault_table import Effect, Fault, Point
from simulator.faults import Call, chosen, spoken
from simulator.film import Film
from simulator.generations import Ask, Generation, Outcome, Phase
from simulator.tariff import dollars

DIALECT = "shortapi"
SCHEME = "bearer"
RATE = Decimal("0.85")
WORTH_KEEPING = ("user-agent",)

OK, WRONG, UNSTABLE = 0, 1, 3000
CENSORED = "The prompt was rejected by content moderation"
MESSAGES: Mapping[int, str] = {
    401: "invalid api key",
    403: "insufficient balance",
    404: "not found",
    429: "too many requests",
    500: "internal error",
    502: "bad gateway",
    503: "service unavailable",
    504: "gateway timeout",
}
REASONS: Mapping[Outcome, str] = {
    Outcome.MODERATED: CENSORED,
    Outcome.FAILED: "generation failed",
    Outcome.CRASHED: "upstream error",
    Outcome.CANCELLED: "job cancelled",
}

NUMBERS: Mapping[Phase | Outcome, int] = {
    Phase.QUEUED: 0,
    Phase.RENDERING: 1,
    Outcome.FILMED: 2,
    Outcome.MODERATED: 3,
    Outcome.FAILED: 3,
    Outcome.CRASHED: 3,
    Outcome.CANCELLED: 4,
}
WORDS = {0: "pending", 1: "processing", 2: "succeeded", 3: "failed", 4: "cancelled"}
STATES: Mapping[str, Callable[[int], int | str]] = {
    "states-numbers": int,
    "states-words": WORDS.__getitem__,
    "states-digits": str,
}
USUAL_STATES = 1


class Args(BaseModel):
    """Types are strict, and so are names: what the model does not know is an error."""

    model_config = ConfigDict(strict=True, extra="forbid")

    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
    resolution: Literal["540p", "720p", "1080p"] = "720p"
    duration: Literal["5", "8", "10"] = "5"
    aspect_ratio: AspectRatio = "16:9"
    generate_audio: bool = False
    multi_shot: bool = False

    @field_validator("duration")
    @staticmethod
    def _is_short_at_1080p(duration: str, info: ValidationInfo) -> str:
        if duration == "10" and info.data.get("resolution") == "1080p":
            raise PydanticCustomError("value_error", "1080p is not supported for 10s")
        return duration

    def film(self, seed: int) -> Film:
        return Film(
            prompt=self.prompt,
            seed=seed,
            aspect_ratio=self.aspect_ratio,
            resolution=self.resolution,
            seconds=int(self.duration),
            audio=self.generate_audio,
            multi_clip=self.multi_shot,
        )


class Job(BaseModel):
    model_config = ConfigDict(strict=True)

    model: Literal["pixverse/pixverse-5.5/text-to-video"]
    args: Args
    callback_url: str | None = None


class ShortApi:
    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._generations = backstage.generations
        backstage.callbacks.word(DIALECT, self._notice)

    def routes(self) -> list[Route]:
        return [
            Route("/api/v1/job/create", self._create, methods=["POST"]),
            Route("/api/v1/job/query", self._query),
        ]

    async def _create(self, request: Request) -> Response:
        if not self._backstage.admits(key_of(request, SCHEME)):
            return http_error(401)
        try:
            job = Job.model_validate_json(await request.body())
        except ValidationError as invalid:
            return error(WRONG, complaint(invalid))
        prompt = job.args.prompt

        async def honest(fault: Fault | None) -> Response:
            generation = self._backstage.accept(self._ask(request, job), job_id)
            named = "" if fault and fault.effect is Effect.NO_ID else generation.id
            return created(generation, named)

        call = Call(points=(Point.CREATE,), dialect=DIALECT, subject=prompt, spoken=spoken(prompt))
        return await self._backstage.answer(call, honest, refusal)

    def _ask(self, request: Request, job: Job) -> Ask:
        return Ask(
            dialect=DIALECT,
            model=job.model,
            film=job.args.film(self._generations.draw_seed()),
            key=masked(key_of(request, SCHEME)),
            headers=kept(request, WORTH_KEEPING),
            callback_url=job.callback_url,
            faults=self._backstage.faults.manners(DIALECT, job.args.prompt),
        )

    async def _query(self, request: Request) -> Response:
        if not self._backstage.admits(key_of(request, SCHEME)):
            return http_error(401)
        generation = self._backstage.find(DIALECT, request.query_params.get("id", ""))
        if generation is None:
            return error(WRONG, "job not found")

        async def told(phase: Phase, fault: Fault | None) -> Response:
            return JSONResponse({"code": OK, "data": self._standing(generation, phase, fault)})

        return await self._backstage.look(generation, told, refusal)

    def _standing(self, generation: Generation, phase: Phase, fault: Fault | None) -> Json:
        outcome = generation.outcome
        ended = phase is Phase.ENDED
        say = chosen(generation.ask.faults, STATES, 0, USUAL_STATES)
        told: Json = {
            "job_id": generation.id,
            "status": say(NUMBERS[outcome if ended else phase]),
            "result": None,
            "refunded": ended and outcome is not Outcome.FILMED,
            "credit": credit(generation),
        }
        if fault and fault.effect is Effect.UNKNOWN_WORD:
            return told | {"status": "rehearsing"}
        if not ended:
            return told
        if outcome is not Outcome.FILMED:
            return told | {"error": REASONS[outcome]}
        empty = fault and fault.effect is Effect.NO_VIDEO
        return told | {"result": {"videos": [] if empty else [{"url": self._backstage.links.make(generation)}]}}

    async def _notice(self, generation: Generation, _: Fault | None) -> Notice:
        """Send what a query would give as its data, and no signature: nobody knows better."""
        body = bytes(JSONResponse(self._standing(generation, self._backstage.observe(generation), None)).body)
        return Notice(body=body, headers={})


def job_id(chance: Random) -> str:
    return f"{chance.getrandbits(96):024x}"


def credit(generation: Generation) -> str:
    """Dollars, in a string."""
    return str(dollars(generation.ask.film, RATE).quantize(Decimal("0.001"), ROUND_HALF_UP))


def created(generation: Generation, named: str) -> Response:
    amount = {"amount": credit(generation)}
    if "job-id-on-top" in generation.ask.faults:
        return JSONResponse({"code": OK, "job_id": named, "data": amount})
    return JSONResponse({"code": OK, "data": {**amount, "job_id": named}})


def refusal(fault: Fault) -> Response:
    match fault.effect:
        case Effect.BUSY:
            return error(UNSTABLE, "upstream unstable, please try again later")
        case Effect.CENSOR:
            return error(WRONG, CENSORED)
        case _:
            return http_error(fault.status)


def http_error(status: int) -> Response:
    return error(WRONG, MESSAGES[status], status)


def error(code: int, info: str, status: int = 200) -> Response:
    return JSONResponse({"code": code, "data": None, "info": info}, status)


def complaint(invalid: ValidationError) -> str:
    first = invalid.errors()[0]
    if first["loc"] == ("model",):
        return f"invalid model: {first['input'] if first['type'] == 'literal_error' else first['msg']}"
    return f"invalid args: {'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}"
