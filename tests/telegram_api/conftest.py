import io
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.telegram_api.clock import HeldClock
from tests.telegram_api.server import TelegramServer, telegram

# What a method answers is JSON of many shapes.
Ask = Callable[..., Coroutine[None, None, Any]]


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot warns of a change to come, with every flood."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def server(tmp_path: Path, clock: HeldClock) -> AsyncIterator[TelegramServer]:
    """Where time stands still."""
    async with telegram(tmp_path, clock=clock) as served:
        yield served


@pytest.fixture
def jpeg() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (32, 18)).save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10) as opened:
        yield opened


@pytest.fixture
def ask(server: TelegramServer, client: httpx.AsyncClient) -> Ask:
    """Call a method with JSON: the result, or the description of the refusal."""

    async def asked(method: str, **parameters: object) -> object:
        answer = await client.post(f"{server.base_url}{server.token}/{method}", json=parameters)
        body = answer.json()
        assert body.get("error_code", 200) == answer.status_code
        return body["result"] if body["ok"] else body["description"]

    return asked
