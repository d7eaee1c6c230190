"""The queue API of fal.ai, for its PixVerse models."""

import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Literal, TypeAlias

from pydantic import ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator.backstage import Backstage, Json, call_for, kept, key_of, masked
from simulator.callbacks import Notice
from simulator.dialects.fal_answers import (
    ENDINGS,
    answered,
    complaints,
    flat_error,
    model_error,
    platform_error,
    refusal,
)
from simulator.dialects.fal_webhook import Seal, told
from simulator.dialects.wish import Resolution, Thinking, Wish
from simulator.fault_table import Effect, Fault, Point
from simulator.faults import Call, spoken
from simulator.film import Film
from simulator.generations import Ask, Generation, Outcome, Phase

Serve: TypeAlias = Callable[[Request, Generation], Awaitable[Response]]

DIALECT = "fal"
SCHEME = "key"
REQUESTS = "/fal-ai/pixverse/requests/{id}"
BETWEEN_EVENTS = 0.2  # seconds
NAMELESS: Json = {"request_id": "", "status": "IN_QUEUE", "queue_position": 0}
WORTH_KEEPING = (
    "user-agent",
    "x-fal-request-timeout",
    "x-fal-queue-priority",
    "x-fal-no-retry",
    "x-app-fal-disable-fallback",
)


class TextToVideo(Wish):
    resolution: Resolution = "720p"
    duration: str = "5"

    def film(self, drawn_seed: int) -> Film:
        return self.filmed(drawn_seed, self.resolution, int(self.duration))


class V5(TextToVideo):
    duration: Literal["5", "8"] = "5"


class V55(TextToVideo):
    duration: Literal["5", "8", "10"] = "5"
    generate_audio_switch: bool = False
    generate_multi_clip_switch: bool = False
    thinking_type: Thinking | None = None

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
        backstage.callbacks.word(DIALECT, self._notice)

    def routes(self) -> list[Route]:
        return [
            Route("/fal-ai/pixverse/{version}/text-to-video", self._create, methods=["POST"]),
            Route(f"{REQUESTS}/status", self._about(self._status)),
            Route(f"{REQUESTS}/status/stream", self._about(self._stream)),
            Route(f"{REQUESTS}/cancel", self._about(self._cancel), methods=["PUT"]),
            Route(REQUESTS, self._about(self._result)),
            Route(f"{REQUESTS}/response", self._about(self._result)),
            Route("/.well-known/jwks.json", self._keys),
            Route("/{path:path}", no_such_application, methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    def _about(self, serve: Serve) -> Callable[[Request], Awaitable[Response]]:
        """Make an endpoint that concerns one request which is in the book."""

        async def endpoint(request: Request) -> Response:
            if not self._backstage.admits(key_of(request, SCHEME)):
                return platform_error(401)
            generation = self._backstage.find(DIALECT, request.path_params["id"])
            if generation is None:
                return answered({"detail": "Request not found", "status": "NOT_FOUND"}, None, 404)
            return await serve(request, generation)

        return endpoint

    async def _create(self, request: Request) -> Response:
        if not self._backstage.admits(key_of(request, SCHEME)):
            return platform_error(401)
        model = MODELS.get(request.path_params["version"])
        if model is None:
            return await no_such_application(request)
        try:
            body = model.model_validate_json(await request.body())
        except ValidationError as invalid:
            return model_error(422, complaints(invalid))

        async def honest(fault: Fault | None) -> Response:
            accepted = self._accepted(request, body)
            return answered(NAMELESS, None) if fault and fault.effect is Effect.NO_ID else accepted

        words = spoken(body.prompt)
        call = Call(points=(Point.CREATE,), dialect=DIALECT, subject=body.prompt, spoken=words)
        return await self._backstage.answer(call, honest, refusal)

    def _accepted(self, request: Request, body: TextToVideo) -> Response:
        ask = Ask(
            dialect=DIALECT,
            model=f"fal-ai/pixverse/{request.path_params['version']}/text-to-video",
            film=body.film(self._generations.draw_seed()),
            key=masked(key_of(request, SCHEME)),
            headers=kept(request, WORTH_KEEPING),
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

        return await self._backstage.answer(call_for(generation, Point.STATUS), honest, refusal)

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
            if fault and fault.effect is Effect.NO_VIDEO and generation.outcome is Outcome.FILMED:
                return answered({"video": None}, generation)
            return await self._ending(generation)

        return await self._backstage.answer(call_for(generation, Point.RESULT), honest, refusal)

    async def _ending(self, generation: Generation) -> Response:
        if generation.outcome is Outcome.FILMED:
            return answered({"video": await self._video(generation)}, generation)
        return ENDINGS[generation.outcome].answer(generation)

    async def _video(self, generation: Generation) -> Json:
        file = await self._backstage.clips.path(generation.ask.film)
        return {
            "url": self._backstage.links.make(generation),
            "content_type": "video/mp4",
            "file_name": "output.mp4",
            "file_size": file.stat().st_size,
        }

    async def _cancel(self, _: Request, generation: Generation) -> Response:
        if self._backstage.cancel(generation):
            return answered({"status": "CANCELLATION_REQUESTED"}, generation, 202)
        return answered({"status": "ALREADY_COMPLETED"}, generation, 400)

    async def _notice(self, generation: Generation, fault: Fault | None) -> Notice:
        body = told(generation, json.loads(bytes((await self._ending(generation)).body)))
        return Notice(body=body, headers=self._seal.headers(generation.id, body, self._backstage.clock.now(), fault))

    async def _keys(self, _: Request) -> Response:
        return JSONResponse(self._seal.published())

    @cached_property
    def _seal(self) -> Seal:
        return Seal()


def request_id(chance: Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


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
