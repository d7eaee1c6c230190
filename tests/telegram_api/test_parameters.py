import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.telegram_api.server import TelegramServer

Encode = Callable[[dict[str, object]], dict[str, Any]]  # what httpx is given
BUTTONS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go:1"}]]}


def as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize(
    ("verb", "encoded"),
    [
        ("POST", lambda values: {"json": values}),
        ("POST", lambda values: {"json": values | {"reply_markup": json.dumps(BUTTONS)}}),
        ("POST", lambda values: {"data": values | {"reply_markup": json.dumps(BUTTONS)}}),
        ("GET", lambda values: {"params": values | {"reply_markup": json.dumps(BUTTONS)}}),
        ("POST", lambda values: {"files": {name: (None, as_text(value)) for name, value in values.items()}}),
    ],
    ids=["json", "json in json", "form", "query", "multipart"],
)
async def test_parameters_arrive_however_they_are_encoded(
    server: TelegramServer, client: httpx.AsyncClient, verb: str, encoded: Encode
) -> None:
    chat = server.private(server.member("Ann"))
    values = {"chat_id": chat.id, "text": "[1]", "reply_markup": BUTTONS}
    url = f"{server.base_url}{server.token}/sendmessage"
    assert (await client.request(verb, url, **encoded(values))).status_code == 200
    assert server.called("sendMessage")[0].parameters == values
    assert server.replies(chat)[0].button("Go").data == "go:1"


async def test_what_cannot_be_read_is_refused(server: TelegramServer, client: httpx.AsyncClient) -> None:
    url = f"{server.base_url}{server.token}/sendMessage"
    answer = await client.post(url, content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["description"]) == (400, "Bad Request: can't parse JSON object")
    assert (await client.post(url, json={"chat_id": "x"})).json()["error_code"] == 400
