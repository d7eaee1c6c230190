"""The video API of AIMLAPI, for its PixVerse models.

It speaks in more ways than one (see the manners in the table of faults). Unless one is asked for,
each generation is spoken of in another of those that were seen with PixVerse.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.backstage import Backstage, Json, kept, key_of, masked
from simulator.dialects.aimlapi_account import Account
from simulator.dialects.aimlapi_answers import (
    CREATED,
    IDS,
    KEYS,
    USUAL_IDS,
    http_error,
    invalid_model,
    refusal,
    shown,
    told_error,
    usage,
    wording,
    zod,
)
from simulator.dialects.aimlapi_catalogue import CREDITS_A_DOLLAR, DASHED, DIALECT, DOTTED, RATE, V5_NAME, models
from simulator.dialects.wish import Resolution, Thinking, Wish
from simulator.fault_table import Effect, Fault, Point
from simulator.faults import Call, chosen, spoken
from simulator.film import Film
from simulator.generations import Ask, Generation, Outcome, Phase
from simulator.tariff import dollars

Serve: TypeAlias = Callable[[Request], Awaitable[Response]]

SCHEME = "bearer"
PATHS = ("/v2/video/generations", "/v2/generate/video/pixverse/generation")
CLIENT_ID = "x-client-request-id"
VALID_CLIENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
WORTH_KEEPING = ("user-agent", CLIENT_ID)


class Head(BaseModel):
    model_config = ConfigDict(strict=True)

    model: str
    prompt: str


class V5(Wish):
    """The lip-sync fields of this one are ignored."""

    resolution: Resolution = "720p"
    duration: int = 5

    @field_validator("duration")
    @classmethod
    def _is_offered(cls, duration: int, info: ValidationInfo) -> int:
        if duration not in cls.offered():
            expected = " | ".join(map(str, cls.offered()))
            given = {"expected": expected, "given": shown(duration)}
            raise PydanticCustomError("enum", "Expected {expected}, received {given}", given)
        long = duration == 10 or (duration == 8 and "long-1080p" not in (info.context or ()))  # noqa: PLR2004  # seconds
        if info.data.get("resolution") == "1080p" and long:
            told = "The 1080p quality option does not support {duration}-second videos"
            raise PydanticCustomError("custom", told, {"duration": duration})
        return duration

    @staticmethod
    def offered() -> tuple[int, ...]:
        return 5, 8

    def film(self, drawn_seed: int) -> Film:
        return self.filmed(drawn_seed, self.resolution, self.duration)


class V55(V5):
    generate_audio_switch: bool = False
    generate_multi_clip_switch: bool = False
    thinking_type: Thinking | None = None

    @staticmethod
    def offered() -> tuple[int, ...]:
        return 5, 8, 10

    def film(self, drawn_seed: int) -> Film:
        plain = super().film(drawn_seed)
        return replace(plain, audio=self.generate_audio_switch, multi_clip=self.generate_multi_clip_switch)


MODELS: Mapping[str, type[V5]] = {DASHED: V55, DOTTED: V55, V5_NAME: V5}
REFUSED_SPELLINGS = {"only-dashed": DOTTED, "only-dotted": DASHED}


class Aimlapi:
    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._generations = backstage.generations

    def routes(self) -> list[Route]:
        account = Account(self._generations, self._backstage.clock)
        return [
            *(Route(path, self._for_members(self._create), methods=["POST"]) for path in PATHS),
            *(Route(path, self._for_members(self._look)) for path in PATHS),
            Route("/v1/models", models),
            Route("/v2/logs", self._for_members(account.logs)),
            Route("/v2/billing", self._for_members(account.billing)),
            Route("/v1/billing/balance", self._for_members(account.balance)),
        ]

    def _for_members(self, serve: Serve) -> Serve:
        """Demand a key, and echo the client's own id of the call."""

        async def endpoint(request: Request) -> Response:
            admitted = self._backstage.admits(key_of(request, SCHEME))
            answer = await serve(request) if admitted else http_error(request, 401)
            if client_id := valid_client_id(request):
                answer.headers[CLIENT_ID] = client_id
            return answer

        return endpoint

    async def _create(self, request: Request) -> Response:
        raw = await request.body()
        try:
            head = Head.model_validate_json(raw)
            manners = self._backstage.faults.manners(DIALECT, head.prompt)
            known = [model for model in MODELS if model not in [REFUSED_SPELLINGS.get(name) for name in manners]]
            if head.model not in known:
                return http_error(request, 400, invalid_model(known, head.model))
            wish = MODELS[head.model].model_validate_json(raw, context=manners)
        except ValidationError as invalid:
            return http_error(request, 400, zod(invalid))

        async def honest(fault: Fault | None) -> Response:
            return self._accepted(self._ask(request, head.model, wish, manners), fault)

        call = Call(points=(Point.CREATE,), dialect=DIALECT, subject=head.prompt, spoken=spoken(head.prompt))
        return await self._backstage.answer(call, honest, partial(refusal, request))

    def _ask(self, request: Request, model: str, wish: V5, manners: tuple[str, ...]) -> Ask:
        return Ask(
            dialect=DIALECT,
            model=model,
            film=wish.film(self._generations.draw_seed()),
            key=masked(key_of(request, SCHEME)),
            headers=kept(request, WORTH_KEEPING),
            mark=valid_client_id(request),
            faults=manners,
        )

    def _accepted(self, ask: Ask, fault: Fault | None) -> Response:
        turn = len(self._generations)
        own_shape = ("id-path",) if ask.model == V5_NAME else ()
        identify = chosen((*ask.faults, *own_shape), IDS, turn, USUAL_IDS)

        def identified(chance: Random) -> str:
            return identify(chance, ask.model)

        generation = self._backstage.accept(ask, identified)
        key = chosen(ask.faults, KEYS, turn // 2)
        told = {} if fault and fault.effect is Effect.NO_ID else {key: generation.id}
        body: Json = {**told, "status": wording(generation).queued, "meta": usage(credits_of(ask.film))}
        return answered(body, generation, chosen(ask.faults, CREATED, turn))

    async def _look(self, request: Request) -> Response:
        generation = self._backstage.find(DIALECT, request.query_params.get("generation_id", ""))
        if generation is None:
            return http_error(request, 404, "Generation not found")

        async def told(phase: Phase, fault: Fault | None) -> Response:
            return answered(self._standing(generation, phase, fault), generation)

        return await self._backstage.look(generation, told, partial(refusal, request))

    def _standing(self, generation: Generation, phase: Phase, fault: Fault | None) -> Json:
        said = wording(generation)
        blank: Json = {"id": generation.id, "video": None, "error": None}
        under_way = blank | {"meta": usage(credits_of(generation.ask.film))}
        if fault and fault.effect is Effect.UNKNOWN_WORD:
            return under_way | {"status": "rehearsing"}
        match phase:
            case Phase.QUEUED:
                return under_way | {"status": said.queued}
            case Phase.RENDERING:
                return under_way | {"status": said.rendering}
        match generation.outcome:
            case Outcome.FILMED:
                video = None if fault and fault.effect is Effect.NO_VIDEO else self._video(generation)
                return blank | {"status": said.filmed, "video": video}
            case Outcome.CANCELLED:
                return blank | {"status": "cancelled", "error": told_error(generation)}
        return blank | {"status": said.failed, "error": told_error(generation)}

    def _video(self, generation: Generation) -> Json:
        return {"url": self._backstage.links.make(generation)}


def valid_client_id(request: Request) -> str | None:
    """None also for one that the provider drops without a word."""
    given = request.headers.get(CLIENT_ID, "")
    return given if VALID_CLIENT_ID.fullmatch(given) else None


def credits_of(film: Film) -> int:
    return int(dollars(film, RATE) * CREDITS_A_DOLLAR)


def answered(body: Json, generation: Generation, status: int = 200) -> Response:
    credited = credits_of(generation.ask.film)
    spent = {"x-aimlapi-credits-used": str(credited), "x-aimlapi-usd-spent": str(Decimal(credited) / CREDITS_A_DOLLAR)}
    return JSONResponse(body, status, {"x-inference-id": generation.id, **spent})
