"""Asking AIMLAPI, and reading what it says."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

import httpx

Opened: TypeAlias = Callable[..., AbstractContextManager[httpx.AsyncClient]]

ROOT = "/aimlapi"
PATH = f"{ROOT}/v2/video/generations"
LEGACY = f"{ROOT}/v2/generate/video/pixverse/generation"
DASHED, DOTTED = "pixverse/v5-5-text-to-video", "pixverse/v5.5/text-to-video"
V5 = "pixverse/v5/text-to-video"
SMALL = {"model": DASHED, "prompt": "a boat", "resolution": "360p", "seed": 1}


async def create(api: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await api.post(PATH, json=SMALL | fields)


def id_of(answer: httpx.Response) -> str:
    assert answer.is_success, answer.text
    body = answer.json()
    found: str = body.get("id") or body["generation_id"]
    return found


async def look(api: httpx.AsyncClient, generation_id: str, path: str = PATH) -> dict[str, Any]:
    body: dict[str, Any] = (await api.get(path, params={"generation_id": generation_id})).json()
    return body


async def logged(api: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    answer = await api.get(f"{ROOT}/v2/logs", params={"period": "1d", **params})
    rows: list[dict[str, Any]] = answer.json()["data"]
    return rows
