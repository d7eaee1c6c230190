"""Answers to interactions: in time, once, and for a quarter of an hour."""

import pytest

from tests.discord_api.conftest import Ask
from tests.discord_api.interactions import Interaction
from tests.discord_api.people import Channel, Guild, Member
from tests.discord_api.server import DiscordServer
from tests.telegram_api.clock import HeldClock

BUTTON = {"type": 1, "components": [{"type": 2, "style": 4, "label": "Cancel", "custom_id": "cancel:1"}]}
INPUT = {"type": 4, "custom_id": "prompt", "style": 1, "label": "Prompt"}
FORM = {"custom_id": "form", "title": "Retry", "components": [{"type": 1, "components": [INPUT]}]}
VIDEO = {"name": "video", "description": "Make a video", "integration_types": [0, 1]}


@pytest.fixture
async def asked(server: DiscordServer, ask: Ask, ann: Member, channel: Channel) -> Interaction:
    """Ann's command, of which nobody has heard."""
    await ask("PUT", f"/applications/{server.bot.id}/commands", [VIDEO])
    return await server.commands(ann, channel, "video")


def callback(interaction: Interaction, suffix: str = "") -> str:
    return f"/interactions/{interaction.id}/{interaction.token}/callback{suffix}"


def hook(server: DiscordServer, interaction: Interaction, message: object = "@original") -> str:
    return f"/webhooks/{server.bot.id}/{interaction.token}/messages/{message}"


def followups(server: DiscordServer, interaction: Interaction) -> str:
    return f"/webhooks/{server.bot.id}/{interaction.token}"


async def test_there_are_three_seconds_to_acknowledge(
    server: DiscordServer, ask: Ask, asked: Interaction, clock: HeldClock
) -> None:
    clock.advance(3.1)
    assert (await ask("POST", callback(asked), type=5)).code == 10062
    assert (await ask("PATCH", hook(server, asked), content="x")).code == 10015
    assert server.unacknowledged == [asked]


async def test_an_acknowledgement_has_a_latency_and_is_the_only_one(
    server: DiscordServer, ask: Ask, asked: Interaction, clock: HeldClock
) -> None:
    clock.advance(2.5)
    assert (await ask("POST", callback(asked), type=5)).status == 204
    assert (round(asked.latency, 1), asked.is_thinking) == (2.5, True)
    assert (await ask("POST", callback(asked), type=4, data={"content": "x"})).code == 40060
    assert server.messages(asked.channel) == [asked.original]


async def test_a_stranger_s_token_is_unknown(ask: Ask, asked: Interaction) -> None:
    path = callback(asked).replace(asked.token, "stranger")
    assert (await ask("POST", path, type=5)).code == 10062


async def test_the_token_lives_a_quarter_of_an_hour(
    server: DiscordServer, ask: Ask, asked: Interaction, clock: HeldClock
) -> None:
    await ask("POST", callback(asked), type=5)
    clock.advance(899)
    assert (await ask("PATCH", hook(server, asked), content="Rendering")).body["content"] == "Rendering"
    clock.advance(2)
    late = await ask("PATCH", hook(server, asked), content="Done")
    assert (late.status, late.code) == (401, 50027)
    by_channel = f"/channels/{asked.channel.id}/messages/{server.messages(asked.channel)[0].id}"
    assert (await ask("PATCH", by_channel, content="Done")).body["content"] == "Done"


async def test_a_response_can_be_asked_back(ask: Ask, asked: Interaction) -> None:
    answer = await ask("POST", callback(asked, "?with_response=1"), type=4, data={"content": "Hi", "flags": 64})
    assert answer.body["interaction"] | {"id": 0, "response_message_id": 0} == {
        "id": 0,
        "type": 2,
        "response_message_id": 0,
        "response_message_loading": False,
        "response_message_ephemeral": True,
    }
    assert answer.body["resource"]["message"]["content"] == "Hi"
    assert answer.headers["content-type"] == "application/json"


async def test_an_ephemeral_deferral_stays_ephemeral_and_out_of_the_channel(
    server: DiscordServer, ask: Ask, asked: Interaction
) -> None:
    answer = await ask("POST", callback(asked, "?with_response=1"), type=5, data={"flags": 64})
    assert answer.body["interaction"]["response_message_loading"]
    assert "message" not in answer.body["resource"]
    assert (await ask("PATCH", hook(server, asked), content="Done")).body["flags"] == 64
    [message] = server.messages(asked.channel)
    assert (message.only_for, message.is_thinking) == (asked.member, False)
    by_channel = f"/channels/{asked.channel.id}/messages/{message.id}"
    assert (await ask("PATCH", by_channel, content="Later")).code == 10008
    await server.removes(message)
    assert (await ask("PATCH", hook(server, asked), content="Later")).code == 10008


async def test_the_first_followup_takes_the_place_of_the_deferral(
    server: DiscordServer, ask: Ask, asked: Interaction
) -> None:
    await ask("POST", callback(asked), type=5)
    first = await ask("POST", followups(server, asked), content="Done")
    second = await ask("POST", followups(server, asked), content="More", flags=64)
    assert asked.original is not None
    assert first.body["id"] == str(asked.original.id)
    assert [message.text for message in asked.messages] == ["Done", "More"]
    edited = await ask("PATCH", hook(server, asked, second.body["id"]), content="Less")
    assert (edited.body["content"], edited.body["flags"]) == ("Less", 64)
    assert (await ask("GET", hook(server, asked, second.body["id"]))).body["content"] == "Less"
    assert (await ask("DELETE", hook(server, asked, second.body["id"]))).status == 204
    assert (await ask("DELETE", hook(server, asked))).status == 204
    assert (await ask("GET", hook(server, asked))).code == 10008
    assert [message.is_deleted for message in server.history(asked.channel)] == [True, True]


async def test_where_the_bot_is_but_a_guest_five_followups_are_all(
    server: DiscordServer, ask: Ask, asked: Interaction
) -> None:
    server.unlimit("follow_up")
    bob = server.member("Bob", has_installed=True)
    elsewhere = server.channel(server.guild("Elsewhere", bob, has_bot=False), "general")
    guest = await server.commands(bob, elsewhere, "video")
    assert asked is not guest
    await ask("POST", callback(guest), type=4, data={"content": "Hi"})
    for _ in range(5):
        assert (await ask("POST", followups(server, guest), content="x")).status == 200
    assert (await ask("POST", followups(server, guest), content="x")).code == 40094
    assert (await ask("PATCH", hook(server, guest), content="x")).status == 200
    by_channel = f"/channels/{elsewhere.id}/messages/{server.messages(elsewhere)[0].id}"
    assert (await ask("PATCH", by_channel, content="x")).code == 50001


async def test_a_pressed_button_changes_its_message(
    server: DiscordServer, ask: Ask, asked: Interaction, clock: HeldClock
) -> None:
    await ask("POST", callback(asked), type=4, data={"content": "Queued", "components": [BUTTON]})
    [message] = server.messages(asked.channel)
    with pytest.raises(AssertionError, match="no button with 'cancel:2'"):
        await server.presses(asked.member, message, "cancel:2")
    clock.advance(60)
    pressed = await server.presses(asked.member, message, "cancel:1")
    update = {"content": "Cancelled", "components": []}
    answer = await ask("POST", callback(pressed, "?with_response=1"), type=7, data=update)
    assert answer.body["resource"]["message"]["id"] == str(message.id)
    assert [version.text for version in message.versions] == ["Queued", "Cancelled"]
    assert round(message.now.at - message.at) == 60
    again = await server.presses(asked.member, message, "cancel:1")
    await ask("POST", callback(again), type=6)
    assert (await ask("PATCH", hook(server, again), content="Gone")).body["id"] == str(message.id)


async def test_nobody_presses_what_another_alone_can_see(server: DiscordServer, ask: Ask, asked: Interaction) -> None:
    await ask("POST", callback(asked), type=4, data={"content": "x", "components": [BUTTON], "flags": 64})
    with pytest.raises(AssertionError, match="Bob cannot see it"):
        await server.presses(server.member("Bob"), server.messages(asked.channel)[0], "cancel:1")


@pytest.mark.parametrize(("kind", "data"), [(6, {}), (7, {"content": "x"}), (8, {"choices": []}), (10, {})])
async def test_a_command_is_not_answered_in_any_way(ask: Ask, asked: Interaction, kind: int, data: object) -> None:
    assert (await ask("POST", callback(asked), type=kind, data=data)).wrong == {"type": "BASE_TYPE_CHOICES"}
    assert not asked.is_acknowledged


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"title": "x" * 46}, {"data.title": "BASE_TYPE_BAD_LENGTH"}),
        ({"custom_id": ""}, {"data.custom_id": "BASE_TYPE_BAD_LENGTH"}),
        ({"components": []}, {"data.components": "BASE_TYPE_BAD_LENGTH"}),
        ({"components": [BUTTON]}, {"data.components.0.components.0.type": "BASE_TYPE_CHOICES"}),
        (
            {"components": [{"type": 18, "label": "x", "component": INPUT | {"max_length": 4001}}]},
            {"data.components.0.component.max_length": "NUMBER_TYPE_RANGE"},
        ),
        (
            {"components": [{"type": 18, "label": "x" * 46, "component": INPUT}]},
            {"data.components.0.label": "BASE_TYPE_BAD_LENGTH"},
        ),
    ],
)
async def test_a_modal_that_discord_would_not_show(
    ask: Ask, asked: Interaction, form: dict[str, object], wrong: dict[str, str]
) -> None:
    assert (await ask("POST", callback(asked), type=9, data=FORM | form)).wrong == wrong
    assert asked.modal is None


async def test_a_modal_is_answered_like_a_command_but_with_no_other(
    server: DiscordServer, ask: Ask, asked: Interaction
) -> None:
    await ask("POST", callback(asked), type=9, data=FORM)
    assert (await ask("GET", hook(server, asked))).code == 10008
    assert asked.modal is not None
    submitted = await server.submits(asked.member, asked.modal, prompt="a cat")
    assert submitted.data["components"] == [
        {"type": 1, "id": 0, "components": [{"type": 4, "id": 0, "custom_id": "prompt", "value": "a cat"}]}
    ]
    assert (await ask("POST", callback(submitted), type=9, data=FORM)).wrong == {"type": "BASE_TYPE_CHOICES"}
    assert (await ask("POST", callback(submitted), type=4, data={"content": "x"})).status == 204


async def test_nothing_is_written_in_a_guild_that_the_bot_was_thrown_out_of(
    server: DiscordServer, ask: Ask, asked: Interaction, guild: Guild
) -> None:
    server.kick(guild)
    assert (await ask("POST", f"/channels/{asked.channel.id}/messages", content="x")).code == 50001
