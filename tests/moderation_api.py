"""A moderation endpoint of OpenAI's shape, on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "sk-moderation-secret"

CATEGORIES = ("harassment", "hate", "illicit", "self-harm", "sexual", "sexual/minors", "violence", "violence/graphic")


@dataclass
class ModerationApi:
    """Finds in a prompt the categories whose names stand in it."""

    url: str
    asked: list[Mapping[str, object]] = field(default_factory=list)
    answer: Response | None = None
    """In place of a verdict."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Open, unless a test closes it."""

    async def moderate(self, request: Request) -> Response:
        asked = await request.json()
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": {"message": f"Incorrect API key provided: {KEY}"}}, 401)
        self.asked.append(asked)
        await self.gate.wait()
        return self.answer or JSONResponse(verdict(asked["input"], asked["model"]))


def verdict(prompt: str, model: str) -> dict[str, object]:
    found = {name: name in prompt for name in CATEGORIES}
    scores = {name: 0.99 if is_so else 0.0001 for name, is_so in found.items()}
    result = {"flagged": any(found.values()), "categories": found, "category_scores": scores}
    return {"id": "modr-1", "model": model, "results": [result]}


@asynccontextmanager
async def moderation_api() -> AsyncIterator[ModerationApi]:
    listener = socket.create_server(("127.0.0.1", 0))
    api = ModerationApi(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    api.gate.set()
    app = Starlette(routes=[Route("/v1/moderations", api.moderate, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve([listener]), name="moderation")
    try:
        yield api
    finally:
        api.gate.set()
        server.should_exit = True
        await serving
        listener.close()
