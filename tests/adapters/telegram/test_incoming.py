"""What is for us, seen before anything is built of it."""

import pytest
from telegram import Bot, Message

from adapters.chat.telegram.incoming import Raw, Said, command_for, plainly_said, said_in
from adapters.chat.telegram.ingress import concerns
from adapters.chat.telegram.keyboard import OnForm, OnJob, meaning
from bot.card import Verb
from bot.job import JobId

BOT = 110
GROUP, PRIVATE = {"type": "supergroup"}, {"type": "private"}


@pytest.mark.parametrize(
    ("update", "is_ours"),
    [
        ({"callback_query": {}}, True),
        ({"message": {"chat": GROUP, "text": "/video a fox"}}, True),
        ({"message": {"chat": GROUP, "caption": "/video a fox"}}, True),
        ({"edited_message": {"chat": GROUP, "text": "/video a fox"}}, True),
        ({"message": {"chat": PRIVATE, "text": "hello"}}, True),
        ({"message": {"chat": GROUP, "text": "words", "reply_to_message": {"from": {"id": BOT}}}}, True),
        ({"message": {"chat": GROUP, "migrate_to_chat_id": -100}}, True),
        ({"message": {"chat": GROUP, "text": "hello"}}, False),
        ({"message": {"chat": GROUP, "text": "words", "reply_to_message": {"from": {"id": 7}}}}, False),
        ({"message": {"chat": GROUP, "text": "words", "reply_to_message": {"sender_chat": {}}}}, False),
        ({"message": {"chat": GROUP, "new_chat_members": []}}, False),
        ({"edited_message": {"chat": GROUP, "text": None}}, False),
        ({"my_chat_member": {"chat": GROUP}}, True),
        ({}, False),
    ],
)
def test_what_is_none_of_our_business_is_seen_at_a_glance(update: dict[str, object], *, is_ours: bool) -> None:
    assert concerns(update, BOT) is is_ours


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/video a fox", "/video a fox"),
        ("/Video@Rushes_Bot   a fox ", "/video a fox"),
        ("/video\na fox", "/video a fox"),
        ("/video", "/video"),
        ("/video@other_bot a fox", None),
        ("/videos a fox", None),
        ("/video@rushes_bot_2 a fox", None),
        ("/weather", None),
        ("/weather@rushes_bot", "/weather"),
        ("a /video", None),
        ("/ video", None),
        ("", None),
    ],
)
def test_a_command_in_a_group_is_read(text: str, command: str | None) -> None:
    assert command_for(text, "rushes_bot", is_private=False) == command


def test_in_private_every_command_is_for_us() -> None:
    assert command_for("/weather", "rushes_bot", is_private=True) == "/weather"
    assert command_for("/weather@other_bot", "rushes_bot", is_private=True) is None


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("again:7", OnJob(Verb.AGAIN, JobId("7"))),
        ("form:--ar 1:1", OnForm("--ar 1:1")),
        ("again", None),
        ("again:", None),
        ("explode:7", None),
        ("", None),
    ],
)
def test_a_button_means_what_it_says(data: str, what: object) -> None:
    assert meaning(data) == what


ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "last_name": "Lee", "username": "ann", "language_code": "de"}
BOB = {"id": 8, "is_bot": False, "first_name": "Bob" * 40}
HOME, CLUB = {"id": 7, "type": "private", "first_name": "Ann"}, {"id": -1001, "type": "supergroup", "title": "Films"}


def told(**parts: object) -> Raw:
    return {"message_id": 5, "date": 1_790_000_000, "from": ANN, "chat": HOME, "text": "/video a fox", **parts}


def facts(said: Said | None) -> tuple[object, ...]:
    assert said is not None
    return said.by, said.by.handle, said.place, said.place.is_private, said.text, said.event, said.told


@pytest.mark.parametrize(
    "raw",
    [
        told(),
        told(**{"from": BOB, "chat": CLUB}),
        told(chat=CLUB, message_thread_id=3, is_topic_message=True),
        told(chat=CLUB, message_thread_id=3),
        told(entities=[{"offset": 0, "length": 6, "type": "bot_command"}]),
    ],
)
def test_a_bare_command_means_the_same_whether_it_is_read_plainly_or_whole(raw: Raw) -> None:
    bot = Bot("1:token")
    plain, whole = plainly_said(raw, bot), said_in(Message.de_json(raw, bot))
    assert facts(plain) == facts(whole)
    assert plain is not None
    assert whole is not None
    assert plain.message == whole.message
    assert (plain.has_attachment, whole.has_attachment) == (False, False)


@pytest.mark.parametrize(
    "raw",
    [
        told(text="hello"),
        told(reply_to_message=told()),
        told(sender_chat=CLUB),
        told(forward_origin={}),
        {**told(), "from": {**ANN, "is_bot": True}},
        {name: value for name, value in told(photo=[], caption="/video a fox").items() if name != "text"},
        {name: value for name, value in told().items() if name != "from"},
    ],
)
def test_what_is_more_than_a_bare_command_is_read_whole(raw: Raw) -> None:
    assert plainly_said(raw, Bot("1:token")) is None
