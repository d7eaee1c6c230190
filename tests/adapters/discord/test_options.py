"""What is typed into the prompt and what is chosen beside it."""

from typing import Any

import pytest

from bot.catalogue import PROVIDERS
from bot.request import Ratio, Resolution
from tests.adapters.discord.club import Club
from tests.discord_api.interactions import Choice
from tests.discord_api.options import Value

PICKED: dict[str, Value] = {"ar": "9:16", "res": "1080p", "dur": "8", "no": "blur", "style": "clay", "seed": 7}
PICKED |= {"think": "off", "model": "v5.5", "provider": "fal"}
TYPED = "a fox --ar 9:16 --res 1080p --dur 8 --no blur --style clay --seed 7 --think off --model v5.5 --provider fal"


async def suggested(club: Club, option: str, typed: str, **others: Value) -> list[str]:
    choices = await club.server.types(club.ann, club.channel, "video", option=option, value=typed, **others)
    assert all(choice == Choice(choice.name, str(choice.value)) for choice in choices)
    return [str(choice.value) for choice in choices]


async def test_what_is_typed_and_what_is_chosen_mean_the_same(club: Club) -> None:
    typed = await club.film(TYPED)
    chosen = await club.filming(await club.commands("video", prompt="a fox", **PICKED))
    assert typed.job.request == chosen.job.request
    assert (chosen.job.request.ratio, chosen.job.request.resolution) == (Ratio.TALL, Resolution.P1080)


@pytest.mark.parametrize(("chosen", "typed"), [(True, "--audio"), (False, "--silent")])
async def test_a_switch_is_on_or_off(club: Club, typed: str, *, chosen: bool) -> None:
    first = await club.film(f"a fox {typed}")
    second = await club.filming(await club.commands("video", prompt="a fox", audio=chosen))
    assert first.job.request == second.job.request
    assert second.job.request.audio is chosen


async def test_what_is_chosen_wins_over_what_is_typed_and_that_is_said(club: Club) -> None:
    filming = await club.filming(await club.commands("video", prompt="a fox --ar 1:1", ar="9:16"))
    assert filming.job.request.ratio is Ratio.TALL
    assert filming.job.notes
    assert all(note in filming.status.text.replace("\\", "") for note in filming.job.notes)


async def test_own_prompts_are_suggested_latest_first(club: Club) -> None:
    for prompt in ("a red fox", "a hare", "a grey fox", "a red fox"):
        await club.film(prompt)
    assert await suggested(club, "prompt", "FOX") == ["a red fox", "a grey fox"]
    assert await suggested(club, "prompt", "") == ["a red fox", "a grey fox", "a hare"]


async def test_nobody_is_suggested_what_others_had_filmed(club: Club) -> None:
    await club.film("a secret", by=club.bob)
    assert await suggested(club, "prompt", "") == []


async def test_a_prompt_longer_than_a_suggestion_may_be_is_none(club: Club) -> None:
    await club.film("x" * 101)
    await club.film("y" * 100)
    assert await suggested(club, "prompt", "") == ["y" * 100]


async def test_providers_are_suggested_that_have_the_chosen_model(club: Club) -> None:
    assert await suggested(club, "provider", "") == ["fal"]
    assert await suggested(club, "provider", "F", model="v5.5") == ["fal"]
    assert await suggested(club, "provider", "pix") == []


async def test_providers_are_suggested_by_their_names(club: Club) -> None:
    [choice] = await club.server.types(club.ann, club.channel, "video", option="provider", value="", ar="1:1")
    assert choice == Choice(PROVIDERS["fal"], "fal")


async def test_a_model_that_nobody_knows_narrows_nothing(club: Club) -> None:
    """Somebody's client may know models of a former version."""
    [model] = [option for option in video(club)["options"] if option["name"] == "model"]
    model["choices"].append({"name": "v1", "value": "v1"})
    assert await suggested(club, "provider", "", model="v1") == ["fal"]


def video(club: Club) -> Any:  # noqa: ANN401 - JSON
    return club.server.world.commands.find("video", None)
