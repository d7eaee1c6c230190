import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import pytest

from tests.simulator.receiver import Receiver, listening
from tests.telegram_api.clock import HeldClock
from tests.telegram_api.conftest import Ask
from tests.telegram_api.messages import Message
from tests.telegram_api.server import TelegramServer

Say = Callable[[str], Awaitable[Message]]


@pytest.fixture
async def bot() -> AsyncIterator[Receiver]:
    async with listening() as receiver:
        yield receiver


@pytest.fixture
def say(server: TelegramServer) -> Say:
    """Of Ann, in private."""
    ann = server.member("Ann")
    return partial(server.says, ann, server.private(ann))


async def test_an_update_is_posted_with_the_secret(server: TelegramServer, ask: Ask, bot: Receiver, say: Say) -> None:
    await say("before")
    await ask("setWebhook", url=bot.url, secret_token="s-1")  # noqa: S106  # of this test alone
    await say("after")
    received = [await bot.next(), await bot.next()]
    assert [b"before" in received[0].body, b"after" in received[1].body] == [True, True]
    assert received[0].headers["x-telegram-bot-api-secret-token"] == "s-1"
    await server.until(lambda: not server.world.updates.pending)
    assert await ask("getWebhookInfo") == {
        "url": bot.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
    }


async def test_an_update_comes_again_until_it_is_taken_and_the_next_one_waits(
    server: TelegramServer, ask: Ask, bot: Receiver, say: Say, clock: HeldClock
) -> None:
    bot.answers = [500, 500, 200]
    await ask("setWebhook", url=bot.url)
    first = (await say("first")).update_id
    second = (await say("second")).update_id
    await server.until(lambda: len(server.world.webhook.attempts) == 2)
    assert "500 Internal Server Error" in (await ask("getWebhookInfo"))["last_error_message"]
    clock.advance(2)
    await server.until(lambda: not server.world.updates.pending)
    assert server.world.webhook.attempts == [(first, 500), (first, 500), (first, 200), (second, 200)]


async def test_chats_do_not_wait_for_each_other(server: TelegramServer, ask: Ask, bot: Receiver, say: Say) -> None:
    bob = server.member("Bob")
    bot.answers = [500, 500]
    await ask("setWebhook", url=bot.url)
    stuck = await say("first")
    await server.until(lambda: len(server.world.webhook.attempts) == 2)
    await server.says(bob, server.private(bob), "second")
    await server.until(lambda: [update.id for update in server.world.updates.pending] == [stuck.update_id])


async def test_a_taken_update_can_be_delivered_again(server: TelegramServer, ask: Ask, bot: Receiver, say: Say) -> None:
    await ask("setWebhook", url=bot.url)
    message = await say("/video a cat")
    first = await bot.next()
    server.redeliver(message.update_id)
    async with asyncio.timeout(30):
        assert (await bot.next()).body == first.body


async def test_nobody_there_is_an_error_to_read(server: TelegramServer, ask: Ask, say: Say) -> None:
    await ask("setWebhook", url="http://127.0.0.1:1/hook")
    await say("hello")
    await server.until(lambda: len(server.world.webhook.attempts) == 2)
    assert (await ask("getWebhookInfo"))["last_error_message"] == "Connection refused"


@pytest.mark.parametrize("url", ["http://example.org/hook", "https://example.org:8080/hook"])
async def test_a_webhook_needs_https_on_one_of_four_ports(ask: Ask, url: str) -> None:
    assert (await ask("setWebhook", url=url)).startswith("Bad Request: bad webhook")


async def test_a_secret_has_few_characters_to_choose_from(ask: Ask) -> None:
    refusal = await ask("setWebhook", url="https://example.org/hook", secret_token="a b")  # noqa: S106  # of no use
    assert refusal == "Bad Request: secret token contains unallowed characters"
