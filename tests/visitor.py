"""Somebody who uses the web chat without a browser."""

import asyncio
import json
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from adapters.network import tls
from bot.job import Phase


class Visitor:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def order(self, text: str, event: str | None = None) -> str:
        """The id of the job."""
        answer = await self._client.post("/orders", json={"text": text, "event": event or str(uuid.uuid4())})
        assert answer.status_code == 200, answer.text
        job: str = answer.json()["job"]
        return job

    async def say(self, text: str) -> list[str]:
        """The lines of the answer to something that is no order."""
        answer = await self._client.post("/orders", json={"text": text, "event": str(uuid.uuid4())})
        lines: list[str] = answer.json()["lines"]
        return lines

    async def press(self, job: str, verb: str) -> httpx.Response:
        return await self._client.post(f"/jobs/{job}/{verb}", json={"event": str(uuid.uuid4())})

    async def clip(self, job: str) -> bytes:
        answer = await self._client.get(f"/clips/{job}.mp4")
        assert answer.status_code == 200, answer
        return answer.content

    async def until(self, job: str, *phases: Phase) -> str:
        """The job's HTML once it is in one of these phases."""
        async with asyncio.timeout(30), self._client.stream("GET", "/events") as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    for card in json.loads(line[6:])["cards"]:
                        html: str = card["html"]
                        shown = re.search(r'data-phase="(\w+)"', html)
                        if card["job"] == job and shown and shown[1] in phases:
                            return html
        raise AssertionError(phases)


@asynccontextmanager
async def visiting(url: str) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(verify=tls(), base_url=url, headers={"Origin": url}, timeout=30) as client:
        await client.get("/")
        yield Visitor(client)
