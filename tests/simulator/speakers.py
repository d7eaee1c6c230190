"""One client for each dialect that tells status and result in one answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx

from simulator.fault_table import Point

Body: TypeAlias = dict[str, Any]

LONG_ENOUGH = 1000  # seconds
PIXVERSE = "/pixverse/openapi/v2"


@dataclass(frozen=True, kw_only=True)
class Speaker:
    dialect: str
    create: str
    ask: Callable[[str], Body]
    headers: Mapping[str, str]
    id_of: Callable[[Body], str]
    look: Callable[[str], str]
    state: Callable[[Body], object]
    url: Callable[[Body], str | None]
    ended: Mapping[str, object] = field(repr=False)  # the state by the fault that leads to it; "": filmed
    under_way: tuple[object, ...]
    unknown: object

    def __str__(self) -> str:
        return self.dialect


class Member:
    """Goes the way of one generation."""

    def __init__(self, api: httpx.AsyncClient, speaker: Speaker) -> None:
        self._api, self._speaker = api, speaker
        self.id = ""
        self._traces = 0

    async def create(self, prompt: str = "a boat") -> httpx.Response:
        headers = dict(self._speaker.headers)
        if "ai-trace-id" in headers:
            self._traces += 1
            headers["ai-trace-id"] = f"trace-{self._traces}"
        return await self._api.post(self._speaker.create, json=self._speaker.ask(prompt), headers=headers)

    async def created(self, prompt: str = "a boat") -> str:
        answer = await self.create(prompt)
        assert answer.is_success, answer.text
        self.id = self._speaker.id_of(answer.json())
        return self.id

    async def look(self) -> httpx.Response:
        return await self._api.get(self._speaker.look(self.id), headers=self._speaker.headers)

    async def looked(self) -> Body:
        body: Body = (await self.look()).json()
        return body

    async def state(self) -> object:
        return self._speaker.state(await self.looked())

    async def call(self, point: Point) -> httpx.Response:
        return await (self.create() if point is Point.CREATE else self.look())

    async def arm(self, fault: str) -> None:
        answer = await self._api.post("/control/faults", json={"fault": fault})
        assert answer.status_code == 201


AIMLAPI = Speaker(
    dialect="aimlapi",
    create="/aimlapi/v2/video/generations",
    ask=lambda prompt: {
        "model": "pixverse/v5-5-text-to-video",
        "prompt": prompt,
        "resolution": "360p",
        "seed": 1,
    },
    headers={"authorization": "Bearer k"},
    id_of=lambda body: body.get("id") or body["generation_id"],
    look=lambda id_: f"/aimlapi/v2/video/generations?generation_id={quote(id_, safe='')}",
    state=lambda body: body["status"],
    url=lambda body: body["video"] and body["video"]["url"],
    ended={"": "completed", "failed": "error", "crashed": "error", "moderated": "error", "withdrawn": "cancelled"},
    under_way=("queued", "generating"),
    unknown="rehearsing",
)
SHORTAPI = Speaker(
    dialect="shortapi",
    create="/shortapi/api/v1/job/create",
    ask=lambda prompt: {
        "model": "pixverse/pixverse-5.5/text-to-video",
        "args": {"prompt": prompt, "resolution": "540p"},
    },
    headers={"authorization": "Bearer k"},
    id_of=lambda body: body["data"]["job_id"],
    look=lambda id_: f"/shortapi/api/v1/job/query?id={id_}",
    state=lambda body: body["data"]["status"],
    url=lambda body: next((video["url"] for video in body["data"]["result"]["videos"]), None),
    ended={"": 2, "failed": 3, "crashed": 3, "moderated": 3, "withdrawn": 4},
    under_way=(0, 1),
    unknown="rehearsing",
)
PLATFORM = Speaker(
    dialect="pixverse",
    create=f"{PIXVERSE}/video/text/generate",
    ask=lambda prompt: {
        "model": "v5.5",
        "prompt": prompt,
        "aspect_ratio": "16:9",
        "quality": "360p",
        "duration": 5,
        "seed": 1,
    },
    headers={"api-key": "k", "ai-trace-id": "trace"},
    id_of=lambda body: str(body["Resp"]["video_id"]),
    look=lambda id_: f"{PIXVERSE}/video/result/{id_}",
    state=lambda body: body["Resp"]["status"],
    url=lambda body: body["Resp"]["url"] or None,
    ended={"": 1, "failed": 8, "crashed": 8, "moderated": 7, "withdrawn": 6},
    under_way=(5, 5),
    unknown=42,
)
SPEAKERS = (AIMLAPI, SHORTAPI, PLATFORM)
