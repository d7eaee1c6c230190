import json

import httpx
import pytest

from tests.discord_api.conftest import Ask
from tests.discord_api.people import Channel, Member
from tests.discord_api.server import DiscordServer
from tests.telegram_api.clock import HeldClock

MOST = 10 * 1024 * 1024


@pytest.fixture
def url(server: DiscordServer, channel: Channel) -> str:
    return f"{server.api_url}/channels/{channel.id}/messages"


async def sent(
    client: httpx.AsyncClient, url: str, *contents: bytes, verb: str = "POST", **fields: object
) -> httpx.Response:
    files = {f"files[{n}]": (f"film {n}.mp4", content) for n, content in enumerate(contents)}
    return await client.request(verb, url, data={"payload_json": json.dumps(fields)}, files=files)


async def test_a_file_has_a_limit_of_its_own_and_no_byte_more(
    server: DiscordServer, client: httpx.AsyncClient, channel: Channel, url: str
) -> None:
    assert (await sent(client, url, bytes(MOST), bytes(MOST))).status_code == 200
    refused = await sent(client, url, b"x", bytes(MOST + 1))
    assert (refused.status_code, refused.json()["code"]) == (413, 40005)
    assert [attachment.size for attachment in server.messages(channel)[0].attachments] == [MOST, MOST]
    assert [call.uploaded for call in server.called("create_message")] == [2 * MOST, MOST + 2]


async def test_a_boosted_guild_and_a_paying_member_send_more(
    server: DiscordServer, client: httpx.AsyncClient, ask: Ask
) -> None:
    server.world.rules.upload_limit = 10
    rich, ann = server.member("Rich", upload_limit=20), server.member("Ann")
    plain, boosted = server.guild("Plain", rich, ann), server.guild("Boosted", rich, tier=2)
    assert (plain.upload_limit, boosted.upload_limit) == (10, 50 * 1024 * 1024)
    await ask("PUT", f"/applications/{server.bot.id}/commands", [{"name": "video", "description": "x"}])
    channel = server.channel(plain, "general")
    for member, limit in ((rich, 20), (ann, 10)):
        asked = await server.commands(member, channel, "video")
        assert asked.upload_limit == limit
        url = f"{server.api_url}/interactions/{asked.id}/{asked.token}/callback"
        over = await sent(client, url, bytes(limit + 1), type=4, data={})
        assert over.json()["code"] == 40005
        assert (await sent(client, url, bytes(limit), type=4, data={})).status_code == 204


async def test_an_edit_keeps_the_files_that_it_lists(
    server: DiscordServer, client: httpx.AsyncClient, channel: Channel, url: str
) -> None:
    named = [{"id": 1, "filename": "two.mp4", "description": "Second"}, {"id": 0}]
    first = (await sent(client, url, b"one", b"two", attachments=named)).json()
    assert [found["filename"] for found in first["attachments"]] == ["film_0.mp4", "two.mp4"]
    assert first["attachments"][1]["description"] == "Second"
    mine = f"{url}/{first['id']}"
    kept = {"id": first["attachments"][1]["id"]}
    await sent(client, mine, b"three", verb="PATCH", attachments=[kept, {"id": 0}])
    [message] = server.messages(channel)
    assert [attachment.read() for attachment in message.attachments] == [b"two", b"three"]
    await client.patch(mine, json={"content": "x"})
    assert len(message.attachments) == 2
    await client.patch(mine, json={"attachments": []})
    assert not message.attachments


async def test_an_address_is_good_for_a_day(
    server: DiscordServer, client: httpx.AsyncClient, url: str, clock: HeldClock
) -> None:
    message = (await sent(client, url, b"film")).json()
    address = message["attachments"][0]["url"]
    assert address.startswith(f"{server.url}/attachments/")
    assert (await client.get(address)).content == b"film"
    assert (await client.get(address.replace("ex=", "ex=f"))).status_code == 404
    clock.advance(24 * 3600 + 2)
    assert (await client.get(address)).status_code == 404
    fresh = (await client.get(f"{url}/{message['id']}")).json()["attachments"][0]["url"]
    assert (await client.get(fresh)).content == b"film"


async def test_no_more_than_ten(client: httpx.AsyncClient, url: str, ann: Member) -> None:
    assert ann.upload_limit == 0
    refused = await sent(client, url, *([b"x"] * 11))
    assert "attachments" in refused.json()["errors"]
