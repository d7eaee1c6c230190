import asyncio

import httpx
import pytest

from tests.telegram_api.conftest import Ask
from tests.telegram_api.faults import Fault
from tests.telegram_api.people import Chat
from tests.telegram_api.server import TelegramServer


@pytest.fixture
def chat(server: TelegramServer) -> Chat:
    return server.private(server.member("Ann"))


async def test_as_many_calls_fail_as_were_asked_for(server: TelegramServer, ask: Ask, chat: Chat) -> None:
    server.fault("sendMessage", Fault(status=502, description="Bad Gateway"), times=2)
    assert [await ask("sendMessage", chat_id=chat.id, text="x") for _ in range(2)] == ["Bad Gateway"] * 2
    assert (await ask("sendMessage", chat_id=chat.id, text="x"))["text"] == "x"
    assert [call.status for call in server.calls] == [502, 502, 200]
    assert len(server.replies(chat)) == 1


async def test_a_flood_can_be_made_up(server: TelegramServer, ask: Ask, chat: Chat) -> None:
    server.fault("*", Fault(status=429, description="Too Many Requests: retry after 7", retry_after=7))
    assert await ask("getUpdates") == []
    assert (await ask("sendMessage", chat_id=chat.id, text="x")).endswith("7")
    assert server.throttled == {"sendMessage": 1}


async def test_a_fault_may_concern_one_chat(server: TelegramServer, ask: Ask, chat: Chat) -> None:
    other = server.private(server.member("Bob"))
    server.fault("sendMessage", Fault(status=500, description="Oops"), chat_id=chat.id)
    assert (await ask("sendMessage", chat_id=other.id, text="x"))["text"] == "x"
    assert await ask("sendMessage", chat_id=chat.id, text="x") == "Oops"


async def test_the_connection_may_be_cut_after_the_message_is_there(
    server: TelegramServer, ask: Ask, chat: Chat
) -> None:
    server.fault("sendMessage", Fault(cut=True, after=True))
    with pytest.raises(httpx.RemoteProtocolError):
        await ask("sendMessage", chat_id=chat.id, text="x")
    assert [reply.text for reply in server.replies(chat)] == ["x"]


async def test_a_held_call_has_its_effect_when_it_is_let_go(server: TelegramServer, ask: Ask, chat: Chat) -> None:
    gate = server.hold("sendMessage")
    async with asyncio.TaskGroup() as group:
        call = group.create_task(ask("sendMessage", chat_id=chat.id, text="x"))
        await server.until(lambda: server.called("sendMessage"))
        assert not server.replies(chat)
        gate.set()
    assert call.result()["text"] == "x"


async def test_a_restart_cuts_everybody_off_and_forgets_nothing(server: TelegramServer, ask: Ask, chat: Chat) -> None:
    await ask("sendMessage", chat_id=chat.id, text="x")
    url = server.url
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(cut_off(ask))
        await server.until(lambda: server.world.updates.is_polled)
        await server.restart()
    assert poll.result()
    assert server.url == url
    sent = server.replies(chat)[0]
    assert (await ask("editMessageText", chat_id=chat.id, message_id=sent.id, text="y"))["text"] == "y"


async def test_nobody_waits_for_ever(server: TelegramServer) -> None:
    with pytest.raises(TimeoutError):
        await server.until(lambda: server.calls, seconds=0.01)


async def cut_off(ask: Ask) -> bool:
    try:
        await ask("getUpdates", timeout=50)
    except httpx.RemoteProtocolError:
        return True
    return False
