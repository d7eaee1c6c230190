import asyncio

import httpx
import pytest

from tests.discord_api.conftest import Ask
from tests.discord_api.faults import Fault
from tests.discord_api.people import Channel, Guild
from tests.discord_api.server import DiscordServer


@pytest.fixture
def path(channel: Channel) -> str:
    return f"/channels/{channel.id}/messages"


async def test_as_many_calls_fail_as_were_asked_for(
    server: DiscordServer, ask: Ask, channel: Channel, path: str
) -> None:
    server.fault("create_message", Fault(status=503), times=2)
    answers = [await ask("POST", path, content="x") for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].body == {"message": "503: Service Unavailable", "code": 0}
    assert [call.status for call in server.called("create_message")] == [503, 503, 200]
    assert len(server.messages(channel)) == 1


async def test_a_fault_may_concern_one_channel(server: DiscordServer, ask: Ask, guild: Guild, path: str) -> None:
    other = server.channel(guild, "other")
    server.fault("*", Fault(status=500, code=7, message="Oops"), channel=other.id)
    assert (await ask("POST", path, content="x")).status == 200
    assert (await ask("POST", f"/channels/{other.id}/messages", content="x")).body == {"message": "Oops", "code": 7}


async def test_the_connection_may_be_cut_before_the_message_is_there_or_after(
    server: DiscordServer, ask: Ask, channel: Channel, path: str
) -> None:
    for after in (False, True):
        server.fault("create_message", Fault(cut=True, after=after))
        with pytest.raises(httpx.TransportError):
            await ask("POST", path, content="x")
        assert len(server.messages(channel)) == after
    assert [call.status for call in server.called("create_message")] == [0, 0]


async def test_an_answer_may_never_come(
    server: DiscordServer, client: httpx.AsyncClient, channel: Channel, path: str
) -> None:
    server.fault("create_message", Fault(silent=True, after=True))
    with pytest.raises(httpx.ReadTimeout):
        await client.post(f"{server.api_url}{path}", json={"content": "x"}, timeout=0.05)
    assert [message.text for message in server.messages(channel)] == ["x"]


async def test_a_held_call_has_its_effect_when_it_is_let_go(
    server: DiscordServer, ask: Ask, channel: Channel, path: str
) -> None:
    gate = server.hold("create_message")
    async with asyncio.TaskGroup() as group:
        call = group.create_task(ask("POST", path, content="x"))
        await server.until(lambda: server.called("create_message"))
        assert not server.messages(channel)
        gate.set()
    assert call.result().body["content"] == "x"


async def test_a_restart_cuts_everybody_off_and_forgets_nothing(server: DiscordServer, ask: Ask, path: str) -> None:
    sent = await ask("POST", path, content="x")
    url = server.url
    server.hold("get_channel")
    async with asyncio.TaskGroup() as group:
        held = group.create_task(cut_off(ask, path.removesuffix("/messages")))
        await server.until(lambda: server.called("get_channel"))
        await server.restart()
    assert held.result()
    assert server.url == url
    assert (await ask("GET", f"{path}/{sent.body['id']}")).body["content"] == "x"


async def test_a_wrong_token_or_a_body_that_is_no_json_is_refused(
    server: DiscordServer, client: httpx.AsyncClient, path: str
) -> None:
    url = f"{server.api_url}{path}"
    assert (await client.post(url, json={}, headers={"Authorization": "Bot stranger"})).status_code == 401
    broken = await client.post(url, content=b"{", headers={"Content-Type": "application/json"})
    assert broken.json()["code"] == 50109
    assert (await client.post(url, json=[])).json()["code"] == 50109


async def test_nobody_waits_for_ever(server: DiscordServer) -> None:
    with pytest.raises(TimeoutError):
        await server.until(lambda: server.calls, seconds=0.01)


async def cut_off(ask: Ask, path: str) -> bool:
    try:
        await ask("GET", path)
    except httpx.TransportError:
        return True
    return False
