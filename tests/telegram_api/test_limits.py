import pytest

from tests.telegram_api.clock import HeldClock
from tests.telegram_api.conftest import Ask
from tests.telegram_api.people import Chat, Member
from tests.telegram_api.server import TelegramServer

UNMATCHED = 'Bad Request: can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'


@pytest.fixture
def ann(server: TelegramServer) -> Member:
    return server.member("Ann")


@pytest.fixture
def chat(server: TelegramServer, ann: Member) -> Chat:
    chat = server.private(ann)
    server.unlimit(chat)
    return chat


def keyboard(**button: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Go"} | button]]}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "Bad Request: message text is empty"),
        (" \n", "Bad Request: message text is empty"),
        ("x" * 4097, "Bad Request: message is too long"),
        ("<b>x", "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("a < b", "Bad Request: can't parse entities: Unsupported start tag \"\" at byte offset 2"),
        ("é<x>", "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 2"),
        ("<b><i>x</b>", UNMATCHED),
        ("x</b>", "Bad Request: can't parse entities: Unexpected end tag at byte offset 1"),
    ],
)  # fmt: skip
async def test_a_text_that_telegram_would_not_take(ask: Ask, chat: Chat, text: str, refusal: str) -> None:
    assert await ask("sendMessage", chat_id=chat.id, text=text, parse_mode="HTML") == refusal


async def test_the_length_counts_after_the_tags_are_gone(server: TelegramServer, ask: Ask, chat: Chat) -> None:
    text = f"<b>{'x' * 4095}</b>&amp;"
    assert (await ask("sendMessage", chat_id=chat.id, text=text, parse_mode="HTML"))["text"].endswith("x&")
    assert server.replies(chat)[0].now.entities == ({"type": "bold", "offset": 0, "length": 4095},)


async def test_offsets_are_in_utf_16(ask: Ask, chat: Chat) -> None:
    text = ' 🎬 <a href="https://example.org">clip</a> '
    message = await ask("sendMessage", chat_id=chat.id, text=text, parse_mode="HTML")
    assert message["text"] == "🎬 clip"
    assert message["entities"] == [{"type": "text_link", "url": "https://example.org", "offset": 3, "length": 4}]


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"callback_data": "é" * 33}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"callback_data": ""}, "Bad Request: BUTTON_DATA_INVALID"),
        ({}, "Bad Request: text buttons are unallowed in the inline keyboard"),
        (
            {"url": "http://localhost/x"},
            "Bad Request: inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_a_button_that_telegram_would_not_take(
    ask: Ask, chat: Chat, button: dict[str, object], refusal: str
) -> None:
    assert await ask("sendMessage", chat_id=chat.id, text="x", reply_markup=keyboard(**button)) == refusal


async def test_an_edit_must_change_something(ask: Ask, chat: Chat) -> None:
    kept = {"chat_id": chat.id, "text": "x", "reply_markup": keyboard(callback_data="é" * 32)}
    sent = await ask("sendMessage", **kept)
    assert "message is not modified" in await ask("editMessageText", message_id=sent["message_id"], **kept)
    edited = await ask("editMessageReplyMarkup", chat_id=chat.id, message_id=sent["message_id"])
    assert "reply_markup" not in edited


async def test_only_a_message_of_its_own_that_is_there_can_be_edited(
    server: TelegramServer, ask: Ask, ann: Member, chat: Chat
) -> None:
    theirs = await server.says(ann, chat, "hello")
    edit = {"chat_id": chat.id, "text": "x"}
    assert await ask("editMessageText", message_id=theirs.id, **edit) == "Bad Request: message can't be edited"
    sent = await ask("sendMessage", **edit)
    assert await ask("deleteMessage", chat_id=chat.id, message_id=sent["message_id"]) is True
    gone = await ask("editMessageText", message_id=sent["message_id"], **edit)
    assert gone == "Bad Request: message to edit not found"
    assert [(message.text, message.is_deleted) for message in server.history(chat)] == [("hello", False), ("x", True)]


async def test_a_pressed_button_is_answered_in_time(
    server: TelegramServer, ask: Ask, ann: Member, chat: Chat, clock: HeldClock
) -> None:
    await ask("sendMessage", chat_id=chat.id, text="x", reply_markup=keyboard(callback_data="go:1"))
    press = await server.presses(ann, server.replies(chat)[0], "go:1")
    long = await ask("answerCallbackQuery", callback_query_id=press.id, text="x" * 201)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    clock.advance(16)
    late = await ask("answerCallbackQuery", callback_query_id=press.id)
    assert late.startswith("Bad Request: query is too old")
    assert press.answer is None


async def test_topics_are_open_closed_or_gone(server: TelegramServer, ask: Ask, ann: Member) -> None:
    forum = server.supergroup("Film club", ann, is_forum=True)
    topic = server.topic(forum, "Rushes")
    into = {"chat_id": forum.id, "text": "x", "message_thread_id": topic.id}
    sent = await ask("sendMessage", **into)
    assert sent["message_thread_id"] == topic.id
    assert await ask("sendMessage", **into | {"message_thread_id": 1}) == "Bad Request: message thread not found"
    server.close_topic(topic)
    assert await ask("sendMessage", **into) == "Bad Request: TOPIC_CLOSED"
    server.delete_topic(forum, topic)
    assert await ask("sendMessage", **into) == "Bad Request: message thread not found"
    assert server.replies(forum) == []


async def test_commands_are_kept_by_scope_and_language(server: TelegramServer, ask: Ask, chat: Chat) -> None:
    commands = [{"command": "video", "description": "Make a video"}]
    scope = {"type": "chat", "chat_id": chat.id}
    assert await ask("setMyCommands", commands=commands, scope=scope, language_code="de") is True
    assert server.profile.commands("de", type="chat", chat_id=chat.id) == {"video": "Make a video"}
    assert await ask("getMyCommands", scope=scope, language_code="de") == commands
    assert await ask("getMyCommands") == []
    wrong = [{"command": "Video", "description": "x"}]
    assert await ask("setMyCommands", commands=wrong) == "Bad Request: BOT_COMMAND_INVALID"


async def test_descriptions_fall_back_to_the_one_for_all_languages(ask: Ask) -> None:
    assert await ask("setMyShortDescription", short_description="Films") is True
    assert await ask("getMyShortDescription", language_code="de") == {"short_description": "Films"}
    assert "too long" in await ask("setMyDescription", description="x" * 513)


async def test_an_unknown_method_or_chat_is_not_found(ask: Ask) -> None:
    assert await ask("sendHologram") == "Not Found: method not found"
    assert await ask("sendMessage", chat_id=1, text="x") == "Bad Request: chat not found"
    assert await ask("sendMessage", text="x") == "Bad Request: chat_id is empty"
