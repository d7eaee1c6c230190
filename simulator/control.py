"""Arming faults, and looking at what arrived."""

from dataclasses import asdict, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.callbacks import Callbacks
from simulator.fault_table import TABLE
from simulator.faults import Armed, Faults
from simulator.generations import Generation, Generations
from simulator.media import Media


class Arming(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fault: str
    count: Annotated[int, Field(ge=1)] = 1
    dialect: str | None = None
    retry_after: int | None = None
    seconds: float | None = None


class Control:
    def __init__(self, *, generations: Generations, faults: Faults, media: Media, callbacks: Callbacks) -> None:
        self._generations, self._faults = generations, faults
        self._media, self._callbacks = media, callbacks

    def routes(self) -> list[Route]:
        return [
            Route("/faults", self._arm, methods=["POST"]),
            Route("/faults", self._armed, methods=["GET"]),
            Route("/faults", self._clear, methods=["DELETE"]),
            Route("/creates", self._creates),
            Route("/polls", self._polls),
            Route("/violations", self._violations),
            Route("/callbacks", self._called_back),
        ]

    async def _arm(self, request: Request) -> Response:
        try:
            arming = Arming.model_validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"error": error.errors(include_url=False, include_context=False)}, 422)
        fault = TABLE.get(arming.fault)
        if fault is None:
            return JSONResponse({"error": f"No fault is called {arming.fault!r}", "known": list(TABLE)}, 404)
        if arming.retry_after is not None:
            fault = replace(fault, retry_after=arming.retry_after)
        if arming.seconds is not None:
            fault = replace(fault, seconds=arming.seconds)
        self._faults.arm(fault, arming.count, arming.dialect)
        return JSONResponse([as_armed(each) for each in self._faults.armed], 201)

    async def _armed(self, _: Request) -> Response:
        known = {fault.name: fault.help for fault in TABLE.values()}
        return JSONResponse({"armed": [as_armed(each) for each in self._faults.armed], "known": known})

    async def _clear(self, _: Request) -> Response:
        self._faults.clear()
        return Response(status_code=204)

    async def _creates(self, _: Request) -> Response:
        return JSONResponse([as_create(generation) for generation in self._generations])

    async def _polls(self, _: Request) -> Response:
        return JSONResponse(dict(self._generations.polls))

    async def _violations(self, _: Request) -> Response:
        return JSONResponse([asdict(violation) for violation in self._media.violations])

    async def _called_back(self, _: Request) -> Response:
        return JSONResponse([asdict(delivery) for delivery in self._callbacks.deliveries])


def as_armed(armed: Armed) -> dict[str, str | int | None]:
    return {"fault": armed.fault.name, "left": armed.left, "dialect": armed.dialect}


def as_create(generation: Generation) -> dict[str, object]:
    ask = generation.ask
    return {
        "id": generation.id,
        "dialect": ask.dialect,
        "model": ask.model,
        "prompt": ask.film.prompt,
        "at": generation.asked_at,
        "key": ask.key,
        "headers": ask.headers,
        "mark": ask.mark,
        "callback_url": ask.callback_url,
    }
