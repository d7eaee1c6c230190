"""What Discord is told that can be typed, and that each of it is answered."""

import asyncio
import logging
from typing import Any

import pytest

from bot.commands import SUMMARIES, Word
from bot.flags import FLAGS
from bot.request import SEED_LIMIT, TEXT_LIMIT
from bot.values import OneOf
from tests.adapters.discord.club import Club
from tests.discord_api.faults import Fault
from tests.discord_api.fields import Fields

STRING, INTEGER, BOOLEAN = 3, 4, 5


def known(club: Club) -> dict[str, Any]:
    return {str(command["name"]): command for command in club.server.world.commands.all()}


def options(club: Club) -> dict[str, Any]:
    return {option["name"]: option for option in known(club)["video"]["options"]}


def imagine() -> dict[str, object]:
    return {"name": "imagine", "description": "Draw", "type": 1}


def hint() -> dict[str, object]:
    return {"type": STRING, "name": "what", "description": "What to draw"}


async def test_descriptions_come_in_the_languages_that_there_are(club: Club) -> None:
    video = known(club)["video"]
    described = video["description_localizations"]
    assert isinstance(described, dict)
    assert described["de"] == "Filmt, was du beschreibst"
    assert described["pt-BR"] == "Filma o que você descreve"
    assert "ja" not in described
    options = {option["name"]: option for option in video["options"]}
    assert options["res"]["description_localizations"]["fr"] == "Résolution de l'image (720p)"


async def test_every_word_is_a_command_with_its_summary_everywhere(club: Club) -> None:
    found = known(club)
    admin = found.pop(Word.ADMIN)
    assert {name: command["description"] for name, command in found.items()} == SUMMARIES
    for command in found.values():
        assert (command["contexts"], command["integration_types"]) == ([0, 1, 2], [0, 1])
    assert (admin["contexts"], admin["integration_types"]) == ([0, 1], [0])


async def test_every_flag_is_an_option_of_video_after_the_prompt(club: Club) -> None:
    assert list(options(club)) == ["prompt", *(flag.name for flag in FLAGS)]
    for flag in FLAGS:
        option = options(club)[flag.name]
        assert str(option["description"]).startswith(flag.summary)
        assert not option.get("required")


async def test_the_prompt_is_required_and_as_long_as_a_prompt_may_be(club: Club) -> None:
    prompt = options(club)["prompt"]
    assert (prompt["required"], prompt["min_length"], prompt["max_length"]) == (True, 1, TEXT_LIMIT)
    assert prompt["autocomplete"]


async def test_values_that_are_few_are_choices(club: Club) -> None:
    for flag in FLAGS:
        option = options(club)[flag.name]
        if isinstance(flag.values, OneOf) and flag.name != "provider":
            assert [choice["value"] for choice in option["choices"]] == list(flag.values.values)
        else:
            assert not option.get("choices")


async def test_numbers_have_a_range_and_switches_are_switches(club: Club) -> None:
    seed = options(club)["seed"]
    assert (seed["type"], seed["min_value"], seed["max_value"]) == (INTEGER, 0, SEED_LIMIT)
    switches = {name for name, option in options(club).items() if option["type"] == BOOLEAN}
    assert switches == {"audio", "multi", "spoiler", "cost"}


async def test_providers_are_suggested_because_they_depend_on_the_model(club: Club) -> None:
    provider = options(club)["provider"]
    assert (provider["type"], provider["autocomplete"]) == (STRING, True)


async def test_discord_is_told_the_commands_once(club: Club) -> None:
    await club.restart()
    assert club.server.world.commands.syncs[None] == 1


@pytest.mark.parametrize("change", [{"name": "film"}, {"description": "Otherwise"}, {"options": []}, {"contexts": [0]}])
async def test_discord_is_told_again_where_it_has_other_commands(club: Club, change: dict[str, object]) -> None:
    await club.close()
    commands = club.server.world.commands
    commands.overwrite([Fields(c | change if c["name"] == "video" else c) for c in commands.all()], club.server.bot.id)
    await club.restart()
    assert commands.syncs[None] == 3
    assert known(club)["video"]["description"] == SUMMARIES[next(iter(SUMMARIES))]


async def test_a_command_or_a_choice_that_is_there_no_more_is_taken_away(club: Club) -> None:
    commands = club.server.world.commands
    choice: list[dict[str, object]] = [{"name": "a fox", "value": "a fox"}]
    for number, stale in enumerate((imagine(), known(club)["usage"] | {"options": [hint() | {"choices": choice}]})):
        await club.close()
        rest = [command for command in commands.all() if command["name"] != stale["name"]]
        commands.overwrite([*map(Fields, rest), Fields(stale)], club.server.bot.id)
        await club.restart()
        assert commands.syncs[None] == 3 + 2 * number
    assert "imagine" not in known(club)
    assert not known(club)["usage"].get("options")


async def test_what_discord_adds_of_its_own_is_left_alone(club: Club) -> None:
    known(club)["video"].update(id="1", handler=1, surprise=True)
    launch: dict[str, object] = {"name": "launch", "description": "Play", "type": 4}
    club.server.world.commands.all().append(launch)
    await club.restart()
    assert club.server.world.commands.syncs[None] == 1


async def test_members_are_served_although_discord_takes_no_more_commands_today(
    closed: Club, caplog: pytest.LogCaptureFixture
) -> None:
    await closed.open()
    await closed.close()
    commands = closed.server.world.commands
    commands.overwrite([Fields(commands.all()[0])], closed.server.bot.id)
    closed.server.fault("set_commands", Fault(status=400, code=30034, message="Max number of daily creates reached"))
    await closed.open()
    await closed.film()
    assert "Discord did not take the commands: 400 30034" in caplog.text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("usage", "**Your usage**\n0 clips filmed for $0.00."),
        ("history", "**Your latest orders**\nNone yet."),
        ("cancel", "⚠️ **Nothing to cancel**\nNone of your orders is under way.\n`/history shows what you ordered.`"),
        ("help", "`/video a red fox in snow --ar 9:16 --dur 8`\n`--ar 9:16` — shape of the picture"),
        ("privacy", "**Privacy**\nKept here: who ordered"),
        ("link", "/link "),
    ],
)
async def test_a_command_is_answered_to_whoever_gave_it_alone(club: Club, name: str, words: str) -> None:
    assert words in await club.told(name)


async def test_each_command_is_answered(club: Club) -> None:
    for name in set(SUMMARIES) - {"video"}:
        await club.told(name)
    assert club.server.unacknowledged == []


async def test_a_code_for_a_link_is_passed_on(club: Club) -> None:
    assert "⚠️" in await club.told("link", code="nonsense")


@pytest.mark.parametrize("prompt", ["--help", "-h"])
async def test_help_in_the_prompt_is_for_one_alone(club: Club, prompt: str) -> None:
    assert "options in any place" in await club.told("video", prompt=prompt)


async def test_the_price_is_for_one_alone_and_orders_nothing(club: Club) -> None:
    assert "$0.20 for this clip" in await club.told("video", prompt="a fox", cost=True)
    assert not await club.jobs()


async def test_a_command_of_a_former_version_is_answered(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    commands = club.server.world.commands
    commands.overwrite([Fields(imagine())], club.server.bot.id)
    caplog.set_level(logging.WARNING)
    assert "This command has changed" in await club.told("imagine")
    assert "a command was not understood" in caplog.text


async def test_an_option_of_a_former_version_suggests_nothing(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    command = imagine() | {"options": [hint() | {"autocomplete": True}]}
    commands = club.server.world.commands
    commands.overwrite([*map(Fields, commands.all()), Fields(command)], club.server.bot.id)
    types = club.server.types(club.ann, club.channel, "imagine", option="what", value="a f")
    typing = asyncio.create_task(types)
    await club.fence()
    typing.cancel()
    assert len(club.server.called("respond")) == 1
    assert "a command was not understood" in caplog.text
