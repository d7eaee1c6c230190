import asyncio

import pytest

from tests.telegram_api.conftest import Ask
from tests.telegram_api.people import Chat, Member
from tests.telegram_api.server import TelegramServer


@pytest.fixture
def ann(server: TelegramServer) -> Member:
    return server.member("Ann")


@pytest.fixture
def chat(server: TelegramServer, ann: Member) -> Chat:
    return server.private(ann)


async def polled(server: TelegramServer) -> None:
    await server.until(lambda: server.world.updates.is_polled)


async def test_an_update_is_repeated_until_its_number_is_confirmed(
    server: TelegramServer, ask: Ask, ann: Member, chat: Chat
) -> None:
    first, second = [(await server.says(ann, chat, text)).update_id for text in ("one", "two")]
    assert [update["update_id"] for update in await ask("getUpdates")] == [first, second]
    assert [update["update_id"] for update in await ask("getUpdates", limit=1)] == [first]
    assert [update["update_id"] for update in await ask("getUpdates", offset=second)] == [second]
    assert [update["update_id"] for update in await ask("getUpdates")] == [second]
    assert await ask("getUpdates", offset=(second or 0) + 1) == []


async def test_a_negative_offset_keeps_only_the_last(server: TelegramServer, ask: Ask, ann: Member, chat: Chat) -> None:
    for text in ("one", "two", "three"):
        await server.says(ann, chat, text)
    assert [update["message"]["text"] for update in await ask("getUpdates", offset=-1)] == ["three"]
    assert len(await ask("getUpdates")) == 1


async def test_a_poll_waits_for_news(server: TelegramServer, ask: Ask, ann: Member, chat: Chat) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(ask("getUpdates", timeout=50))
        await polled(server)
        await server.says(ann, chat, "/video@rushes_bot a cat")
    [update] = poll.result()
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 17}]


async def test_the_older_of_two_pollers_is_sent_away(server: TelegramServer, ask: Ask, ann: Member, chat: Chat) -> None:
    async with asyncio.TaskGroup() as group:
        older = group.create_task(ask("getUpdates", timeout=50))
        await polled(server)
        newer = group.create_task(ask("getUpdates", timeout=50))
        assert "terminated by other getUpdates request" in await older
        await server.says(ann, chat, "hello")
    assert len(newer.result()) == 1


async def test_who_has_hung_up_is_in_nobody_s_way(server: TelegramServer, ask: Ask) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=50))
    await polled(server)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await server.until(lambda: not server.world.updates.is_polled)
    assert await ask("getUpdates") == []
    assert [call.status for call in server.called("getUpdates")] == [0, 200]


async def test_a_webhook_ends_polling(server: TelegramServer, ask: Ask) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(ask("getUpdates", timeout=50))
        await polled(server)
        assert await ask("setWebhook", url="https://example.org/hook") is True
    assert poll.result() == "Conflict: terminated by setWebhook request"
    assert "while webhook is active" in await ask("getUpdates")
    assert await ask("deleteWebhook") is True
    assert await ask("getUpdates") == []


async def test_only_the_updates_asked_for_arrive(server: TelegramServer, ask: Ask, ann: Member, chat: Chat) -> None:
    assert await ask("getUpdates", allowed_updates=["edited_message"]) == []
    message = await server.says(ann, chat, "hello")
    assert message.update_id is None
    await server.edits(message, "hello there")
    [update] = await ask("getUpdates")
    assert update["edited_message"]["text"] == "hello there"
    assert await ask("getUpdates", offset=update["update_id"] + 1, allowed_updates=[]) == []
    await server.says(ann, chat, "again")
    assert len(await ask("getUpdates")) == 1


async def test_the_bot_is_told_of_its_own_membership(server: TelegramServer, ask: Ask, ann: Member) -> None:
    group = server.group("Film club", ann)
    server.kick(group)
    server.migrate(server.group("Other club", ann))
    kicked, left, joined = await ask("getUpdates")
    assert kicked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert left["message"]["migrate_to_chat_id"] == joined["message"]["chat"]["id"]


async def test_a_photo_comes_with_its_caption_and_can_be_fetched(
    server: TelegramServer, ask: Ask, ann: Member, chat: Chat, jpeg: bytes
) -> None:
    await server.says(ann, chat, "/video a cat", photo=jpeg)
    [update] = await ask("getUpdates")
    assert update["message"]["caption"] == "/video a cat"
    [photo] = update["message"]["photo"]
    file = await ask("getFile", file_id=photo["file_id"])
    kept = server.world.files.at(file["file_path"])
    assert kept is not None
    assert kept.read() == jpeg
