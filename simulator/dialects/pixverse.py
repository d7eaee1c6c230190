"""The platform API of PixVerse itself."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.backstage import Backstage, Json, kept, masked
from simulator.dialects.wish import AspectRatio, Resolution, Thinking, Wish
from simulator.fault_table import Effect, Fault, Point
from simulator.faults import Call, chosen, spoken
from simulator.film import LARGEST_SEED, Film
from simulator.generations import Ask, Generation, Outcome, Phase
from simulator.tariff import balance, dollars

Serve: TypeAlias = Callable[[Request], Awaitable[Response]]

DIALECT = "pixverse"
BASE = "/openapi/v2"
KEY, TRACE = "api-key", "ai-trace-id"
WORTH_KEEPING = ("user-agent", TRACE)
RATE = Decimal(3)
CREDITS_A_DOLLAR = 100
FIRST_ID, ID_BITS = 2**53, 61  # more than a float can hold, less than a signed 64-bit integer


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    code: int
    message: str
    status: int = 200  # of HTTP


def trouble(code: int, message: str, status: int = 200) -> Trouble:
    return Trouble(code=code, message=message, status=status)


NO_KEY = trouble(10003, "API key is required")
WRONG_KEY = trouble(10005, "Invalid API key")
NOT_FOUND = trouble(400001, "Task not found")
EMPTY = trouble(400011, "Required parameter is empty")
INVALID = trouble(400017, "Invalid parameter")
TOO_LONG = trouble(400018, "The prompt exceeds the maximum length")
BUSY = trouble(500044, "The number of concurrent generations has reached its limit")
CENSORED = trouble(500063, "The prompt contains sensitive content")
OF_STATUS: Mapping[int, Trouble] = {
    401: WRONG_KEY,
    403: trouble(500090, "Insufficient credits"),
    404: NOT_FOUND,
    429: trouble(429, "Too many requests", 429),
    500: trouble(99999, "Internal server error", 500),
    502: trouble(99999, "Bad gateway", 502),
    503: trouble(99999, "Service unavailable", 503),
    504: trouble(99999, "Gateway timeout", 504),
}

STATES: Mapping[str, Mapping[Phase, int]] = {
    "states-5": {Phase.QUEUED: 5, Phase.RENDERING: 5},
    "states-2-3": {Phase.QUEUED: 2, Phase.RENDERING: 3},
    "states-9-10": {Phase.QUEUED: 9, Phase.RENDERING: 10},
}
ENDS: Mapping[Outcome, int] = {
    Outcome.FILMED: 1,
    Outcome.CANCELLED: 6,
    Outcome.MODERATED: 7,
    Outcome.FAILED: 8,
    Outcome.CRASHED: 8,
}
UNKNOWN_STATE = 42


class Shot(Wish):
    aspect_ratio: AspectRatio
    quality: Resolution
    duration: int
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None

    def film(self, drawn_seed: int) -> Film:
        return self.filmed(drawn_seed, self.quality, self.duration)


class V5(Shot):
    model: Literal["v5"]
    duration: Literal[5, 8]


class V55(Shot):
    model: Literal["v5.5"]
    duration: Literal[5, 8, 10]
    generate_audio_switch: bool = False
    generate_multi_clip_switch: bool = False
    thinking_type: Thinking | None = None

    @field_validator("duration")
    @staticmethod
    def _is_short_at_1080p(duration: int, info: ValidationInfo) -> int:
        if duration == 10 and info.data.get("quality") == "1080p":  # noqa: PLR2004  # seconds
            raise PydanticCustomError("value_error", "1080p does not support 10 seconds")
        return duration

    def film(self, drawn_seed: int) -> Film:
        plain = super().film(drawn_seed)
        return replace(plain, audio=self.generate_audio_switch, multi_clip=self.generate_multi_clip_switch)


MODELS: TypeAdapter[V5 | V55] = TypeAdapter(Annotated[V5 | V55, Field(discriminator="model")])


class Pixverse:
    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._generations = backstage.generations

    def routes(self) -> list[Route]:
        return [
            Route(f"{BASE}/video/text/generate", self._for_members(self._create), methods=["POST"]),
            Route(f"{BASE}/video/result/{{id}}", self._for_members(self._look)),
            Route(f"{BASE}/account/balance", self._for_members(self._balance)),
        ]

    def _for_members(self, serve: Serve) -> Serve:
        """Demand both headers."""

        async def endpoint(request: Request) -> Response:
            key = request.headers.get(KEY, "")
            if not self._backstage.admits(key):
                return failed(WRONG_KEY if key else NO_KEY)
            if not request.headers.get(TRACE):
                return failed(EMPTY, "Ai-trace-id")
            return await serve(request)

        return endpoint

    async def _create(self, request: Request) -> Response:
        """Film once for each trace id: the same one again gives the id of then, whatever else it asks for."""
        try:
            wish = MODELS.validate_json(await request.body())
        except ValidationError as invalid:
            return complaint(invalid)

        async def honest(fault: Fault | None) -> Response:
            generation = self._earlier(request) or self._backstage.accept(self._ask(request, wish), video_id)
            return created(generation, fault)

        call = Call(points=(Point.CREATE,), dialect=DIALECT, subject=wish.prompt, spoken=spoken(wish.prompt))
        return await self._backstage.answer(call, honest, refusal)

    def _earlier(self, request: Request) -> Generation | None:
        return next(iter(self._generations.marked(DIALECT, request.headers[TRACE])), None)

    def _ask(self, request: Request, wish: V5 | V55) -> Ask:
        return Ask(
            dialect=DIALECT,
            model=wish.model,
            film=wish.film(self._generations.draw_seed()),
            key=masked(request.headers[KEY]),
            headers=kept(request, WORTH_KEEPING),
            mark=request.headers[TRACE],
            faults=self._backstage.faults.manners(DIALECT, wish.prompt),
        )

    async def _look(self, request: Request) -> Response:
        generation = self._backstage.find(DIALECT, request.path_params["id"])
        if generation is None:
            return failed(NOT_FOUND)

        async def told(phase: Phase, fault: Fault | None) -> Response:
            return succeeded(await self._standing(generation, phase, fault))

        return await self._backstage.look(generation, told, refusal)

    async def _standing(self, generation: Generation, phase: Phase, fault: Fault | None) -> Json:
        ask = generation.ask
        width, height = ask.film.size
        told: Json = {
            "id": int(generation.id),
            "prompt": ask.film.prompt,
            "seed": ask.film.seed,
            "create_time": clock_time(generation.asked_at),
            "status": ENDS[generation.outcome] if phase is Phase.ENDED else said(generation, phase),
            "url": "",
            "size": 0,
            "outputWidth": width,
            "outputHeight": height,
        }
        if fault and fault.effect is Effect.UNKNOWN_WORD:
            return told | {"status": UNKNOWN_STATE}
        without = fault is not None and fault.effect is Effect.NO_VIDEO
        if phase is not Phase.ENDED or generation.outcome is not Outcome.FILMED or without:
            return told
        file = await self._backstage.clips.path(ask.film)
        return told | {"url": self._backstage.links.make(generation), "size": file.stat().st_size}

    async def _balance(self, _: Request) -> Response:
        left = int(balance(self._generations, DIALECT, RATE) * CREDITS_A_DOLLAR)
        return succeeded({"account_id": 1, "credit_monthly": 0, "credit_package": left})


def video_id(chance: Random) -> str:
    return str(FIRST_ID + chance.getrandbits(ID_BITS))


def said(generation: Generation, phase: Phase) -> int:
    return chosen(generation.ask.faults, STATES, 0, 1)[phase]


def clock_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def created(generation: Generation, fault: Fault | None) -> Response:
    number = 0 if fault and fault.effect is Effect.NO_ID else int(generation.id)
    credits_used = int(dollars(generation.ask.film, RATE) * CREDITS_A_DOLLAR)
    return succeeded({"video_id": number, "credits": credits_used})


def succeeded(content: Json) -> Response:
    return JSONResponse({"ErrCode": 0, "ErrMsg": "success", "Resp": content})


def failed(why: Trouble, more: str = "") -> Response:
    message = f"{why.message}: {more}" if more else why.message
    return JSONResponse({"ErrCode": why.code, "ErrMsg": message, "Resp": None}, why.status)


def refusal(fault: Fault) -> Response:
    match fault.effect:
        case Effect.BUSY:
            return failed(BUSY)
        case Effect.CENSOR:
            return failed(CENSORED)
        case _:
            return failed(OF_STATUS[fault.status])


def complaint(invalid: ValidationError) -> Response:
    first = invalid.errors()[0]
    field = str(first["loc"][-1]) if first["loc"] else "model"
    match first["type"]:
        case "missing" | "string_too_short" | "union_tag_not_found":
            return failed(EMPTY, field)
        case "string_too_long":
            return failed(TOO_LONG)
        case _:
            return failed(INVALID, field)
