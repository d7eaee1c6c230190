"""Being called by Telegram."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from adapters.chat.telegram import ingress
from tests.adapters.telegram.lot import Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Message

HERE = "https://bot.example"


@pytest.fixture
async def called(closed: Lot) -> Lot:
    """The webhook is set."""
    closed.begin(closed.chat(public_url=f"{HERE}/"))
    await closed.until(lambda: closed.server.world.webhook.url)
    return closed


@pytest.fixture
async def telegram(called: Lot) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever calls us."""
    transport = httpx.ASGITransport(Starlette(routes=called.telegram.routes()))
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        yield client


def secret(lot: Lot) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": lot.server.world.webhook.secret}


def update_of(lot: Lot, message: Message) -> dict[str, object]:
    return {"update_id": message.update_id or lot.server.world.updates.last_id, "message": message.as_json()}


async def test_telegram_is_told_where_to_call_and_with_which_secret(called: Lot) -> None:
    (call,) = called.server.called("setWebhook")
    assert call.parameters["url"] == "https://bot.example/telegram"
    assert call.parameters["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert len(called.server.world.webhook.secret) == 64
    assert called.server.token not in called.server.world.webhook.secret
    assert not called.server.called("getUpdates")


async def test_a_call_with_the_secret_is_obeyed_before_it_is_answered(called: Lot, telegram: httpx.AsyncClient) -> None:
    command = await called.says("/video a fox")
    answer = await telegram.post("/telegram", json=update_of(called, command), headers=secret(called))
    assert answer.status_code == 200
    assert len(await called.jobs()) == 1
    assert (await called.reply_to(command)).text


async def test_a_call_that_comes_again_is_no_second_job(called: Lot, telegram: httpx.AsyncClient) -> None:
    command = await called.says("/video a fox")
    for _ in range(2):
        await telegram.post("/telegram", json=update_of(called, command), headers=secret(called))
    assert len(await called.jobs()) == 1


@pytest.mark.parametrize("given", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}])
async def test_who_does_not_know_the_secret_is_not_obeyed(
    called: Lot, telegram: httpx.AsyncClient, given: dict[str, str]
) -> None:
    command = await called.says("/video a fox")
    answer = await telegram.post("/telegram", json=update_of(called, command), headers=given)
    assert (answer.status_code, answer.text) == (403, "This is not Telegram.")
    assert not await called.jobs()


async def test_nobody_may_call_where_telegram_is_asked(lot: Lot) -> None:
    transport = httpx.ASGITransport(Starlette(routes=lot.telegram.routes()))
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": ""}
        assert (await client.post("/telegram", json={"update_id": 1}, headers=headers)).status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"message": {}}', b'{"update_id": "7"}', b"\xff\xfe"])
async def test_a_body_that_is_no_update_is_refused(called: Lot, telegram: httpx.AsyncClient, body: bytes) -> None:
    answer = await telegram.post("/telegram", content=body, headers=secret(called))
    assert (answer.status_code, answer.text) == (400, "This is no update.")


async def test_a_body_that_is_too_large_is_not_read(called: Lot, telegram: httpx.AsyncClient) -> None:
    pieces = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal pieces
        for _ in range(1000):
            pieces += 1
            yield b" " * (ingress.MOST_BYTES // 8)

    answer = await telegram.post("/telegram", content=endless(), headers=secret(called))
    assert answer.status_code == 400
    assert pieces == 9


async def test_a_caller_who_hangs_up_is_no_mishap(called: Lot, caplog: pytest.LogCaptureFixture) -> None:
    (route,) = called.telegram.routes()
    sent: list[object] = []
    headers = [(b"x-telegram-bot-api-secret-token", called.server.world.webhook.secret.encode())]
    scope = {"type": "http", "method": "POST", "path": "/telegram", "headers": headers, "query_string": b""}

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    await route.app(scope, receive, send)
    assert sent
    assert not caplog.records


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "message": {"chat": {"type": "private"}}},
        {"update_id": 1, "message": "what"},
        {"update_id": 1, "callback_query": {"id": "1"}},
    ],
)
async def test_an_update_that_makes_no_sense_does_not_come_again(
    called: Lot, telegram: httpx.AsyncClient, update: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    answer = await telegram.post("/telegram", json=update, headers=secret(called))
    assert answer.status_code == 200
    assert "update 1 could not be handled" in caplog.text


async def test_while_stopping_telegram_is_told_to_call_again(called: Lot, telegram: httpx.AsyncClient) -> None:
    command = await called.says("/video a fox")
    called.telegram.stop_listening()
    answer = await telegram.post("/telegram", json=update_of(called, command), headers=secret(called))
    assert (answer.status_code, answer.text) == (503, "Stopping; tell it again.")
    assert not await called.jobs()


async def test_the_secret_is_the_same_after_a_restart(called: Lot) -> None:
    before = called.server.world.webhook.secret
    await called.close()
    called.server.world.webhook.secret = ""
    called.begin(called.chat(public_url=HERE))
    await called.until(lambda: called.server.world.webhook.secret)
    assert called.server.world.webhook.secret == before


async def test_the_webhook_is_removed_where_telegram_is_asked_again(called: Lot) -> None:
    await called.close()
    await called.open(called.chat())
    assert not called.server.world.webhook.url
    assert await called.serves()


async def test_where_telegram_does_not_call_it_is_asked(closed: Lot, caplog: pytest.LogCaptureFixture) -> None:
    closed.server.fault("setWebhook", Fault(status=400, description="Bad Request: bad webhook: failed to resolve host"))
    await closed.open(closed.chat(public_url=HERE))
    assert await closed.serves()
    assert "Telegram does not call https://bot.example, so it is asked" in caplog.text


async def test_a_flood_of_calls_from_chats_that_are_none_of_ours_is_passed_over(
    called: Lot, telegram: httpx.AsyncClient
) -> None:
    """No object is built of them, or this one would be a mishap."""
    chatter = {"update_id": 1, "message": {"chat": {"type": "supergroup"}, "text": "hello", "date": "never"}}
    answer = await telegram.post("/telegram", json=chatter, headers=secret(called))
    assert answer.status_code == 200
