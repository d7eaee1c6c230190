"""The queue API of fal.ai, for its PixVerse models."""

import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from simulator.backstage import Backstage, masked
from simulator.dialects.fal_answers import (
    ENDINGS,
    Json,
    answered,
    complaints,
    flat_error,
    model_error,
    platform_error,
)
from simulator.faults import Call, Effect, Fault, Point, spoken
from simulator.film import Film, Style
from simulator.generations import Ask, Generation, Outcome, Phase

Serve: TypeAlias = Callable[[Request, Generation], Awaitable[Response]]

DIALECT = "fal"
REQUESTS = "/fal-ai/pixverse/requests/{id}"
LONGEST_PROMPT = 2048  # characters
BETWEEN_EVENTS = 0.2  # seconds
WORTH_KEEPING = (
    "user-agent",
    "x-fal-request-timeout",
    "x-fal-queue-priority",
    "x-fal-no-retry",
    "x-app-fal-disable-fallback",
)


class TextToVideo(BaseModel):
    """Types are strict, fields that fal does not know are ignored."""

    model_config = ConfigDict(strict=True)

    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
    aspect_ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16"] = "16:9"
    resolution: Literal["360p", "540p", "720p", "1080p"] = "720p"
    duration: str = "5"
    negative_prompt: str = ""
    style: Style | None = None
    seed: int | None = None

    def film(self, drawn_seed: int) -> Film:
        return Film(
            prompt=self.prompt,
            seed=drawn_seed if self.seed is None else self.seed,
            aspect_ratio=self.aspect_ratio,
            resolution=self.resolution,
            seconds=int(self.duration),
            negative_prompt=self.negative_prompt,
            style=self.style,
        )


class V5(TextToVideo):
    duration: Literal["5", "8"] = "5"


class V55(TextToVideo):
    duration: Literal["5", "8", "10"] = "5"
    generate_audio_switch: bool = False
    generate_multi_clip_switch: bool = False
    thinking_type: Literal["enabled", "disabled", "auto"] | None = None

    @field_validator("duration")
    @staticmethod
    def _is_short_at_1080p(duration: str, info: ValidationInfo) -> str:
        if duration == "10" and info.data.get("resolution") == "1080p":
            raise PydanticCustomError("value_error", "1080p videos are limited to 5 or 8 seconds")
        return duration

    def film(self, drawn_seed: int) -> Film:
        plain = super().film(drawn_seed)
        return replace(plain, audio=self.generate_audio_switch, multi_clip=self.generate_multi_clip_switch)


MODELS: Mapping[str, type[TextToVideo]] = {"v5.5": V55, "v5": V5}


class Fal:
    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._generations = backstage.generations

    def routes(self) -> list[Route]:
        return [
            Route("/fal-ai/pixverse/{version}/text-to-video", self._create, methods=["POST"]),
            Route(f"{REQUESTS}/status", self._about(self._status)),
            Route(f"{REQUESTS}/status/stream", self._about(self._stream)),
            Route(f"{REQUESTS}/cancel", self._about(self._cancel), methods=["PUT"]),
            Route(REQUESTS, self._about(self._result)),
            Route(f"{REQUESTS}/response", self._about(self._result)),
            Route("/{path:path}", no_such_application, methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    def _about(self, serve: Serve) -> Callable[[Request], Awaitable[Response]]:
        """Make an endpoint that concerns one request which is in the book."""

        async def endpoint(request: Request) -> Response:
            if not self._is_admitted(request):
                return platform_error(401)
            generation = self._generations.find(request.path_params["id"])
            if generation is None or generation.ask.dialect != DIALECT:
                return answered({"detail": "Request not found", "status": "NOT_FOUND"}, None, 404)
            return await serve(request, generation)

        return endpoint

    def _is_admitted(self, request: Request) -> bool:
        key, only = key_of(request), self._backstage.key
        return bool(key) and only in (None, key)

    async def _create(self, request: Request) -> Response:
        if not self._is_admitted(request):
            return platform_error(401)
        model = MODELS.get(request.path_params["version"])
        if model is None:
            return await no_such_application(request)
        try:
            body = model.model_validate_json(await request.body())
        except ValidationError as invalid:
            return model_error(422, complaints(invalid))

        async def honest(_: Fault | None) -> Response:
            return self._accepted(request, body)

        words = spoken(body.prompt)
        call = Call(point=Point.CREATE, dialect=DIALECT, subject=body.prompt, spoken=words)
        return await self._backstage.answer(call, honest, platform_error)

    def _accepted(self, request: Request, body: TextToVideo) -> Response:
        ask = Ask(
            dialect=DIALECT,
            model=f"fal-ai/pixverse/{request.path_params['version']}/text-to-video",
            film=body.film(self._generations.draw_seed()),
            key=masked(key_of(request)),
            headers={name: request.headers[name] for name in WORTH_KEEPING if name in request.headers},
            callback_url=request.query_params.get("fal_webhook"),
        )
        generation = self._backstage.accept(ask, request_id)
        ahead = self._generations.ahead(generation)
        queued = {"status": "IN_QUEUE", "queue_position": ahead, "gateway_request_id": generation.id}
        return answered(queued | addresses(request, generation), generation)

    async def _status(self, request: Request, generation: Generation) -> Response:
        self._generations.polls[generation.id] += 1

        async def honest(fault: Fault | None) -> Response:
            status = self._standing(request, generation.id)
            code = 200 if status["status"] == "COMPLETED" else 202
            if fault and fault.effect is Effect.UNKNOWN_WORD:
                status["status"] = "REHEARSING"
            return answered(status, generation, code)

        return await self._backstage.answer(call_for(generation, Point.STATUS), honest, platform_error)

    async def _stream(self, request: Request, generation: Generation) -> Response:
        return StreamingResponse(self._events(request, generation.id), media_type="text/event-stream")

    async def _events(self, request: Request, generation_id: str) -> AsyncIterator[str]:
        """Tell the status whenever it is another one, until the end."""
        last: Json = {}
        while last.get("status") != "COMPLETED":
            status = self._standing(request, generation_id)
            if status != last:
                yield f"data: {json.dumps(status)}\n\n"
            last = status
            await self._backstage.clock.sleep(BETWEEN_EVENTS)

    def _standing(self, request: Request, generation_id: str) -> Json:
        generation = self._generations[generation_id]
        urls = addresses(request, generation)
        logs = log_lines(generation) if request.query_params.get("logs") in ("1", "true") else None
        match self._backstage.observe(generation):
            case Phase.QUEUED:
                ahead = self._generations.ahead(generation)
                return {"status": "IN_QUEUE", "queue_position": ahead, **urls}
            case Phase.RENDERING:
                return {"status": "IN_PROGRESS", "logs": logs, **urls}
        metrics = {"inference_time": round(generation.rendering_seconds, 3)}
        ended = {"status": "COMPLETED", "logs": logs, "metrics": metrics, **urls}
        return ended | ENDINGS[generation.outcome].told

    async def _result(self, _: Request, generation: Generation) -> Response:
        async def honest(fault: Fault | None) -> Response:
            if self._backstage.observe(generation) is not Phase.ENDED:
                return answered({"detail": "Request is still in progress"}, generation, 400)
            if generation.outcome is not Outcome.FILMED:
                return ENDINGS[generation.outcome].answer(generation)
            if fault and fault.effect is Effect.NO_VIDEO:
                return answered({"video": None}, generation)
            return answered({"video": await self._video(generation)}, generation)

        return await self._backstage.answer(call_for(generation, Point.RESULT), honest, platform_error)

    async def _video(self, generation: Generation) -> Json:
        file = await self._backstage.clips.path(generation.ask.film)
        return {
            "url": self._backstage.links.make(generation),
            "content_type": "video/mp4",
            "file_name": "output.mp4",
            "file_size": file.stat().st_size,
        }

    async def _cancel(self, _: Request, generation: Generation) -> Response:
        if self._generations.cancel(generation):
            return answered({"status": "CANCELLATION_REQUESTED"}, generation, 202)
        return answered({"status": "ALREADY_COMPLETED"}, generation, 400)


def request_id(chance: Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def key_of(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "key" else ""


def call_for(generation: Generation, point: Point) -> Call:
    return Call(point=point, dialect=DIALECT, subject=generation.id, spoken=generation.ask.faults)


def addresses(request: Request, generation: Generation) -> Json:
    """Beneath whatever host and path this request came to."""
    root = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
    url = root + REQUESTS.format(id=generation.id)
    return {
        "request_id": generation.id,
        "response_url": url,
        "status_url": f"{url}/status",
        "cancel_url": f"{url}/cancel",
    }


def log_lines(generation: Generation) -> list[Json]:
    began = datetime.fromtimestamp(generation.starts_at, UTC).isoformat()
    message = f"Rendering {generation.ask.film.seconds} s at {generation.ask.film.resolution}"
    return [{"timestamp": began, "level": "INFO", "message": message, "source": "runner"}]


async def no_such_application(request: Request) -> Response:
    return flat_error(404, f"Application '{request.path_params.get('path', 'fal-ai/pixverse')}' not found")
