"""Commands, as they are registered and then shown to members."""

from typing import Any

import pytest

from tests.discord_api.conftest import Ask
from tests.discord_api.people import Channel, Guild, Member
from tests.discord_api.server import DiscordServer

Json = dict[str, Any]
WORDS = {"description": "Words"}
PROMPT: Json = {"type": 3, "name": "prompt", "required": True} | WORDS


@pytest.fixture
def path(server: DiscordServer) -> str:
    return f"/applications/{server.bot.id}/commands"


def video(**changed: Any) -> Json:  # noqa: ANN401  # JSON of many shapes
    return {"name": "video", "description": "Make a video", "options": [PROMPT]} | changed


def option(**changed: Any) -> Json:  # noqa: ANN401  # JSON of many shapes
    return video(options=[PROMPT | changed])


def choices(*values: object) -> list[Json]:
    return [{"name": f"Choice {number}", "value": value} for number, value in enumerate(values)]


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (video(name="Video"), {"0.name": "APPLICATION_COMMAND_INVALID_NAME"}),
        (video(name="make video"), {"0.name": "APPLICATION_COMMAND_INVALID_NAME"}),
        (video(name="x" * 33), {"0.name": "BASE_TYPE_BAD_LENGTH"}),
        (video(description=""), {"0.description": "BASE_TYPE_BAD_LENGTH"}),
        (video(description="x" * 101), {"0.description": "BASE_TYPE_BAD_LENGTH"}),
        (video(name_localizations={"xx": "video"}), {"0.name_localizations": "MODEL_TYPE_CONVERT"}),
        (video(name_localizations={"de": "Film"}), {"0.name_localizations.de": "APPLICATION_COMMAND_INVALID_NAME"}),
        (
            video(description_localizations={"de": "x" * 101}),
            {"0.description_localizations.de": "BASE_TYPE_BAD_LENGTH"},
        ),
        (video(contexts=[3]), {"0.contexts": "BASE_TYPE_CHOICES"}),
        (video(integration_types=[]), {"0.integration_types": "BASE_TYPE_BAD_LENGTH"}),
        (video(options=[PROMPT] * 26), {"0.options": "BASE_TYPE_BAD_LENGTH"}),
        (video(options=[PROMPT, PROMPT]), {"0.options.0.name": "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"}),
        (
            video(options=[PROMPT | {"required": False}, PROMPT | {"name": "seed"}]),
            {"0.options.1.required": "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
        ),
        (option(type=12), {"0.options.0.type": "BASE_TYPE_CHOICES"}),
        (option(choices=choices(*"x" * 26)), {"0.options.0.choices": "BASE_TYPE_BAD_LENGTH"}),
        (option(choices=choices("a", "a")), {"0.options.0.choices": "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_EXISTS"}),
        (option(choices=choices(1)), {"0.options.0.choices.0.value": "BASE_TYPE_BAD_TYPE"}),
        (option(choices=choices("x" * 101)), {"0.options.0.choices.0.value": "BASE_TYPE_BAD_TYPE"}),
        (
            option(choices=choices("a"), autocomplete=True),
            {"0.options.0.autocomplete": "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID"},
        ),
        (option(min_value=1), {"0.options.0.min_value": "NUMBER_TYPE_COERCE"}),
        (option(max_length=6001), {"0.options.0.max_length": "NUMBER_TYPE_RANGE"}),
        (
            video(
                options=[
                    {"type": 3, "name": f"o{n}", "choices": choices(*(f"{k:0100}" for k in range(25)))} | WORDS
                    for n in range(4)
                ]
            ),
            {"0.name": "APPLICATION_COMMAND_TOO_LARGE"},
        ),
    ],
)
async def test_a_command_that_discord_would_not_take(
    server: DiscordServer, ask: Ask, path: str, command: Json, wrong: dict[str, str]
) -> None:
    assert (await ask("PUT", path, [command])).wrong == wrong
    assert server.world.commands.all() == []
    assert not server.world.commands.syncs


async def test_a_sync_takes_the_place_of_all_commands_but_keeps_their_numbers(
    server: DiscordServer, ask: Ask, path: str
) -> None:
    first = (await ask("PUT", path, [video(), video(name="help")])).body
    second = (await ask("PUT", path, [video(description="Film")])).body
    assert [command["id"] for command in second] == [first[0]["id"]]
    assert (await ask("GET", path)).body == second
    assert second[0]["description"] == "Film"
    assert server.world.commands.syncs == {None: 2}
    twice = await ask("PUT", path, [video(), video()])
    assert twice.wrong == {"0.name": "APPLICATION_COMMANDS_DUPLICATE_NAME"}


async def test_a_guild_has_commands_of_its_own(
    server: DiscordServer, ask: Ask, path: str, ann: Member, guild: Guild
) -> None:
    channel = server.channel(guild, "general")
    mine = path.replace("/commands", f"/guilds/{guild.id}/commands")
    await ask("PUT", mine, [video(name="here")])
    asked = await server.commands(ann, channel, "here", prompt="a cat")
    assert asked.data["guild_id"] == str(guild.id)
    with pytest.raises(AssertionError, match="no command 'here'"):
        await server.commands(ann, server.dm(ann), "here", prompt="a cat")
    server.kick(guild)
    assert (await ask("GET", mine)).code == 50001


async def test_a_command_is_shown_where_it_may_be_used(
    server: DiscordServer, ask: Ask, path: str, ann: Member, channel: Channel
) -> None:
    bob, friend = server.member("Bob", has_installed=True), server.member("Eve")
    elsewhere = server.channel(server.guild("Elsewhere", bob, ann, has_bot=False), "general")
    await ask("PUT", path, [video(integration_types=[0, 1], contexts=[0, 2]), video(name="late", nsfw=True)])
    asked = await server.commands(bob, elsewhere, "video", prompt="a cat")
    assert (asked.context, asked.owners) == (0, {"1": str(bob.id)})
    assert (await server.commands(bob, server.group(bob, friend), "video", prompt="a cat")).context == 2
    with pytest.raises(AssertionError, match="neither here nor with Ann"):
        await server.commands(ann, elsewhere, "video", prompt="a cat")
    with pytest.raises(AssertionError, match="not for here"):
        await server.commands(ann, server.dm(ann), "video", prompt="a cat")
    server.permit(channel, ann, use_application_commands=False)
    with pytest.raises(AssertionError, match="Ann may not use video here"):
        await server.commands(ann, channel, "video", prompt="a cat")
    server.permit(channel, ann, use_application_commands=True)
    with pytest.raises(AssertionError, match="of age"):
        await server.commands(ann, channel, "late", prompt="a cat")
    await server.commands(
        ann, server.channel(channel.guild or server.guild("x"), "late", nsfw=True), "late", prompt="x"
    )


async def test_people_places_and_files_are_options_too(
    server: DiscordServer, ask: Ask, path: str, ann: Member, guild: Guild
) -> None:
    channel = server.channel(guild, "general")
    kinds = {"who": 6, "where": 7, "crew": 8, "photo": 11}
    options = [{"type": kind, "name": name} | WORDS for name, kind in kinds.items()]
    nested = {"type": 1, "name": "order", "options": options} | WORDS
    await ask("PUT", path, [video(options=[nested])])
    crew = server.role(guild, "Crew")
    asked = await server.commands(
        ann, channel, "video order", who=ann, where=channel, crew=crew, photo=("a.gif", b"GIF89a")
    )
    sent: Any = asked.data["options"]
    resolved: Any = asked.data["resolved"]
    assert [option["value"] for option in sent[0]["options"][:3]] == [str(ann.id), str(channel.id), str(crew.id)]
    assert set(resolved) == {"users", "members", "channels", "roles", "attachments"}
    [photo] = resolved["attachments"].values()
    assert (photo["filename"], photo["content_type"], photo["size"]) == ("a.gif", "image/gif", 6)
    with pytest.raises(AssertionError, match="not of the type of who"):
        await server.commands(ann, channel, "video order", who=channel)


async def test_an_interaction_tells_who_and_where_and_what_may_be_done(
    server: DiscordServer, ask: Ask, path: str, guild: Guild, channel: Channel
) -> None:
    rich = server.member("Rich", locale="de", upload_limit=500_000_000)
    guild.members[rich.id] = rich
    crew = server.role(guild, "Crew", manage_messages=True)
    server.grant(guild, rich, crew)
    server.permit(channel, send_messages=False)
    await ask("PUT", path, [video()])
    asked = await server.commands(rich, channel, "video", prompt="a cat")
    told: Any = asked.as_json(server.bot, server.world.files)
    assert (told["locale"], told["guild_locale"], told["context"]) == ("de", "en-US", 0)
    assert (told["channel"]["id"], told["guild_id"]) == (str(channel.id), str(guild.id))
    assert (told["attachment_size_limit"], told["entitlements"]) == (500_000_000, [])
    assert told["member"]["roles"] == [str(crew.id)]
    assert int(told["member"]["permissions"]) & (1 << 13)
    assert not int(told["app_permissions"]) & (1 << 11)
    assert told["authorizing_integration_owners"] == {"0": str(guild.id)}
    alone: Any = (await server.commands(rich, server.dm(rich), "video", prompt="x")).as_json(
        server.bot, server.world.files
    )
    assert (alone["user"]["id"], alone["context"], alone["channel"]["type"]) == (str(rich.id), 1, 1)
    assert not {"member", "guild_id"} & set(alone)
