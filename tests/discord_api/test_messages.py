"""Messages in channels, threads and conversations, within Discord's limits."""

from typing import Any

import httpx
import pytest

from tests.discord_api.conftest import Ask
from tests.discord_api.people import Channel, Guild, Member
from tests.discord_api.server import DiscordServer
from tests.telegram_api.clock import HeldClock

Json = dict[str, Any]
V2 = 1 << 15


@pytest.fixture
def path(server: DiscordServer, channel: Channel) -> str:
    server.unlimit("create_message")
    server.unlimit("edit_message")
    return f"/channels/{channel.id}/messages"


def button(**changed: object) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changed


def row(*inside: Json) -> Json:
    return {"type": 1, "components": list(inside)}


def buttons(count: int) -> Json:
    return row(*(button(custom_id=f"go:{number}") for number in range(count)))


def text(words: str) -> Json:
    return {"type": 10, "content": words}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"content": "x" * 2001}, {"content": "BASE_TYPE_MAX_LENGTH"}),
        ({"content": 7}, {"content": "BASE_TYPE_BAD_TYPE"}),
        ({"embeds": [{}] * 11}, {"embeds": "BASE_TYPE_BAD_LENGTH"}),
        ({"embeds": [{"title": "x" * 257}]}, {"embeds.0.title": "BASE_TYPE_MAX_LENGTH"}),
        ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, {"embeds.0.fields.0.name": "BASE_TYPE_BAD_LENGTH"}),
        ({"embeds": [{"description": "x" * 4000}] * 2}, {"embeds": "MAX_EMBED_SIZE_EXCEEDED"}),
        ({"components": [row(button())] * 6}, {"components": "BASE_TYPE_BAD_LENGTH"}),
        ({"components": [buttons(6)]}, {"components.0.components": "BASE_TYPE_BAD_LENGTH"}),
        ({"components": [row()]}, {"components.0.components": "BASE_TYPE_BAD_LENGTH"}),
        ({"components": [button()]}, {"components.0.type": "BASE_TYPE_CHOICES"}),
        ({"components": [text("x")]}, {"components.0.type": "BASE_TYPE_CHOICES"}),
        (
            {"components": [row(button(custom_id="x" * 101))]},
            {"components.0.components.0.custom_id": "BASE_TYPE_BAD_LENGTH"},
        ),
        ({"components": [row(button(label="x" * 81))]}, {"components.0.components.0.label": "BASE_TYPE_MAX_LENGTH"}),
        ({"components": [row(button(style=9))]}, {"components.0.components.0.style": "BASE_TYPE_CHOICES"}),
        (
            {"components": [row(button()), row(button())]},
            {"components.1.components.0.custom_id": "COMPONENT_CUSTOM_ID_DUPLICATED"},
        ),
        (
            {"components": [row(button(label=""))]},
            {"components.0.components.0.label": "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI"},
        ),
        (
            {"components": [row(button(style=5, url="https://x.org"))]},
            {"components.0.components.0.custom_id": "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
        ),
        (
            {"components": [row({"type": 2, "style": 5, "label": "x", "url": "ftp://x.org"})]},
            {"components.0.components.0.url": "URL_TYPE_INVALID_SCHEME"},
        ),
        (
            {"components": [row({"type": 3, "custom_id": "x", "options": [{"label": "x", "value": "x"}] * 26})]},
            {"components.0.components.0.options": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            {"flags": V2, "components": [text("x")]},
            {"content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
        ),
        (
            {"content": "", "flags": V2, "components": [text("x" * 2001), text("x" * 2000)]},
            {"components": "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"},
        ),
        (
            {"content": "", "flags": V2, "components": [text("x")] * 41},
            {"components": "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"},
        ),
        (
            {"content": "", "flags": V2, "components": [{"type": 13, "file": {"url": "attachment://x.mp4"}}]},
            {"components.0.file": "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"},
        ),
        ({"nonce": "x" * 26}, {"nonce": "NONCE_TYPE_TOO_LONG"}),
        ({"attachments": [{"id": 0}]}, {"attachments.0.id": "ATTACHMENT_NOT_FOUND"}),
        ({"allowed_mentions": {"parse": ["here"]}}, {"allowed_mentions.parse": "BASE_TYPE_CHOICES"}),
        (
            {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            {"allowed_mentions.users": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
        ),
        ({"message_reference": {"message_id": "1"}}, {"message_reference": "REPLIES_UNKNOWN_MESSAGE"}),
    ],
)
async def test_a_message_that_discord_would_not_take(
    server: DiscordServer, ask: Ask, path: str, fields: Json, wrong: dict[str, str]
) -> None:
    assert (await ask("POST", path, **{"content": "x"} | fields)).wrong == wrong
    assert server.world.messages == []


async def test_a_message_has_something_to_show(ask: Ask, path: str) -> None:
    assert (await ask("POST", path, content="")).code == 50006
    sent = await ask("POST", path, content="x")
    assert (await ask("PATCH", f"{path}/{sent.body['id']}", content=None)).code == 50006


async def test_the_same_nonce_is_the_same_message_for_five_minutes(
    server: DiscordServer, ask: Ask, channel: Channel, path: str, clock: HeldClock
) -> None:
    once = {"content": "Done", "nonce": "job-1", "enforce_nonce": True}
    first, second = await ask("POST", path, **once), await ask("POST", path, **once)
    assert first.body == second.body
    await ask("POST", path, **once | {"enforce_nonce": False})
    clock.advance(301)
    await ask("POST", path, **once)
    assert len(server.messages(channel)) == 3


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, (["Ann", "Zoe"], ["Crew"], True)),
        ({"parse": []}, ([], [], False)),
        ({"parse": ["users"]}, (["Ann"], [], False)),
        ({"parse": ["everyone"], "replied_user": True}, (["Zoe"], [], True)),
        ({"roles": ["CREW"]}, ([], ["Crew"], False)),
    ],
)
async def test_who_is_pinged_is_for_the_bot_to_say(
    server: DiscordServer, ask: Ask, guild: Guild, allowed: Json | None, pinged: object
) -> None:
    channel = server.channel(guild, "general")
    crew = server.role(guild, "Crew", is_mentionable=True)
    server.permit(channel, mention_everyone=True)
    zoe, ann, _ = guild.members.values()
    theirs = await server.says(zoe, channel, "hello")
    if allowed and "roles" in allowed:
        allowed = {"roles": [str(crew.id)]}
    reference = {"message_id": str(theirs.id)}
    content = f"<@{ann.id}> <@&{crew.id}> @everyone"
    more = {} if allowed is None else {"allowed_mentions": allowed}
    path = f"/channels/{channel.id}/messages"
    await ask("POST", path, content=content, message_reference=reference, **more)
    pings = server.replies(channel)[0].pings
    assert ([who.name for who in pings.members], [role.name for role in pings.roles], pings.everyone) == pinged


@pytest.mark.parametrize(
    ("permission", "code"), [("view_channel", 50001), ("send_messages", 50013), ("read_message_history", 160002)]
)
async def test_what_the_bot_may_not_do_is_refused(
    server: DiscordServer, ask: Ask, guild: Guild, permission: str, code: int
) -> None:
    channel = server.channel(guild, "general")
    path, theirs = f"/channels/{channel.id}/messages", await server.says(guild.owner, channel, "hello")
    reference = {"message_id": str(theirs.id)}
    server.permit(channel, None, **{permission: False})
    refused = await ask("POST", path, content="x", message_reference=reference)
    assert (refused.status, refused.code) == (403, code)
    server.permit(channel, None, **{permission: True})
    assert (await ask("POST", path, content="x", message_reference=reference)).status == 200


async def test_files_and_embeds_need_leave_too(
    server: DiscordServer, client: httpx.AsyncClient, ask: Ask, channel: Channel, path: str
) -> None:
    server.permit(channel, attach_files=False, embed_links=False)
    refused = await client.post(f"{server.api_url}{path}", files={"files[0]": ("x.mp4", b"x")})
    assert refused.json()["code"] == 50013
    embeds = [{"title": "x"}]
    assert (await ask("POST", path, content="x", embeds=embeds)).body["embeds"] == []
    assert (await ask("POST", path, embeds=embeds)).code == 50013


async def test_a_role_allows_what_everyone_may_not(
    server: DiscordServer, ask: Ask, guild: Guild, channel: Channel, path: str
) -> None:
    server.permit(channel, guild.roles[0], send_messages=False)
    assert (await ask("POST", path, content="x")).code == 50013
    crew = server.role(guild, "Crew")
    server.grant(guild, server.bot, crew)
    server.permit(channel, crew, send_messages=True)
    assert (await ask("POST", path, content="x")).status == 200
    server.permit(channel, server.bot, send_messages=False)
    assert (await ask("POST", path, content="x")).code == 50013
    server.grant(guild, server.bot, server.role(guild, "Boss", administrator=True))
    assert (await ask("POST", path, content="x")).status == 200


async def test_threads_are_open_archived_locked_or_gone(
    server: DiscordServer, ask: Ask, guild: Guild, channel: Channel
) -> None:
    thread, post = server.thread(channel, "Cats"), server.thread(server.forum(guild, "Films"), "My film")
    path = f"/channels/{thread.id}/messages"
    sent = await ask("POST", path, content="x")
    server.archive(thread)
    assert (await ask("PATCH", f"{path}/{sent.body['id']}", content="y")).code == 50083
    assert (await ask("POST", path, content="y")).status == 200
    assert not thread.is_archived
    server.archive(thread, locked=True)
    assert (await ask("POST", path, content="y")).code == 50083
    server.delete_thread(thread)
    assert (await ask("POST", path, content="y")).code == 10003
    server.permit(channel, send_messages_in_threads=False)
    assert (await ask("POST", f"/channels/{server.thread(channel, 'Dogs').id}/messages", content="x")).code == 50013
    assert (await ask("POST", f"/channels/{post.id}/messages", content="x")).status == 200
    assert post.parent is not None
    assert (await ask("POST", f"/channels/{post.parent.id}/messages", content="x")).code == 50008


async def test_a_conversation_is_opened_even_with_who_does_not_listen(
    server: DiscordServer, ask: Ask, ann: Member
) -> None:
    opened = await ask("POST", "/users/@me/channels", recipient_id=str(ann.id))
    path = f"/channels/{opened.body['id']}/messages"
    assert (await ask("POST", path, content="x")).status == 200
    ann.accepts_messages = False
    refused = await ask("POST", path, content="x")
    assert (refused.status, refused.code) == (403, 50007)
    assert (await ask("POST", "/users/@me/channels", recipient_id="1")).code == 50033
    assert [message.text for message in server.replies(server.dm(ann))] == ["x"]


async def test_a_message_of_its_own_is_edited_and_deleted(
    server: DiscordServer, ask: Ask, guild: Guild, path: str, clock: HeldClock
) -> None:
    [channel] = guild.channels
    theirs = await server.says(guild.owner, channel, "hello")
    assert (await ask("PATCH", f"{path}/{theirs.id}", content="x")).code == 50005
    assert (await ask("DELETE", f"{path}/{theirs.id}")).code == 50013
    sent = await ask("POST", path, content="x", components=[buttons(5)])
    assert sent.body["edited_timestamp"] is None
    mine = f"{path}/{sent.body['id']}"
    clock.advance(10)
    edited = await ask("PATCH", mine, content="y")
    assert (edited.body["content"], len(edited.body["components"][0]["components"])) == ("y", 5)
    assert edited.body["edited_timestamp"]
    assert (await ask("PATCH", mine, components=[])).body["components"] == []
    assert (await ask("GET", mine)).body["content"] == "y"
    assert (await ask("DELETE", mine)).status == 204
    assert (await ask("GET", mine)).code == 10008
    assert [message.is_deleted for message in server.history(channel)] == [False, True]


async def test_a_message_becomes_a_layout_when_its_words_go(ask: Ask, path: str) -> None:
    mine = f"{path}/{(await ask('POST', path, content='x')).body['id']}"
    layout: Json = {"flags": V2, "components": [{"type": 17, "components": [text("Done"), row(button())]}]}
    refused = await ask("PATCH", mine, **layout)
    assert refused.wrong == {"content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"}
    edited = await ask("PATCH", mine, content=None, **layout)
    assert edited.body["flags"] == V2
    assert edited.body["components"][0]["components"][1]["components"][0]["id"] == 4
    assert (await ask("PATCH", mine, content="x")).wrong == refused.wrong


async def test_a_channel_tells_what_it_is_and_takes_notice_of_typing(
    server: DiscordServer, ask: Ask, channel: Channel
) -> None:
    told = await ask("GET", f"/channels/{channel.id}")
    assert (told.body["name"], told.body["type"]) == ("general", 0)
    assert (await ask("POST", f"/channels/{channel.id}/typing")).status == 204
    server.delete_channel(channel)
    assert (await ask("GET", f"/channels/{channel.id}")).code == 10003
    assert (await ask("GET", "/nowhere")).status == 404
