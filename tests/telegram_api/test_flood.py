import math

import pytest

from tests.telegram_api.clock import Clock, HeldClock
from tests.telegram_api.conftest import Ask
from tests.telegram_api.flood import Flood, Rule, Rules
from tests.telegram_api.people import Chat
from tests.telegram_api.refusal import Refused
from tests.telegram_api.server import TelegramServer


async def test_twenty_sends_and_edits_a_minute_are_what_a_group_takes(
    server: TelegramServer, ask: Ask, clock: HeldClock
) -> None:
    group = server.group("Film club", server.member("Ann"))
    sent = await ask("sendMessage", chat_id=group.id, text="0")
    edit = {"chat_id": group.id, "message_id": sent["message_id"]}
    for number in range(1, 20):
        assert "text" in await ask("editMessageText", **edit, text=str(number))
    clock.advance(20)
    assert await ask("editMessageText", **edit, text="20") == "Too Many Requests: retry after 40"
    assert await ask("sendChatAction", chat_id=group.id, action="upload_video") is True
    clock.advance(40)
    assert (await ask("editMessageText", **edit, text="20"))["text"] == "20"
    assert server.throttled == {"editMessageText": 1}


async def test_a_private_chat_takes_one_a_second_after_a_burst(
    server: TelegramServer, ask: Ask, clock: HeldClock
) -> None:
    chat = server.private(server.member("Ann"))
    for _ in range(5):
        assert "text" in await ask("sendMessage", chat_id=chat.id, text="x")
    clock.advance(4)
    assert await ask("sendMessage", chat_id=chat.id, text="x") == "Too Many Requests: retry after 1"


async def test_all_chats_together_have_a_limit(server: TelegramServer, ask: Ask) -> None:
    chats = [server.private(server.member("Ann")) for _ in range(31)]
    answers = [await ask("sendMessage", chat_id=chat.id, text="x") for chat in chats]
    assert answers[-1] == "Too Many Requests: retry after 1"
    server.unlimit(chats[-1])
    assert "text" in await ask("sendMessage", chat_id=chats[-1].id, text="x")


def test_a_hurried_minute_is_waited_for_in_real_seconds() -> None:
    flood = Flood(Clock(speed=20), Rules(group=Rule(1, 60)))
    group = Chat(id=-1, kind="group", title="Film club")
    flood.admit(group)
    with pytest.raises(Refused) as refused:
        flood.admit(group)
    assert refused.value.parameters == {"retry_after": math.ceil(60 / 20)}
