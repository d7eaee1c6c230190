"""The guided form, and commands that are put together step by step."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.card import FormCard, Order
from bot.choosing import NoOffer
from bot.flags import UnknownFlag
from bot.grammar import changed, draft, parse
from bot.request import EmptyPrompt, Ratio, VideoRequest
from bot.values import BadValue
from tests.stage import ANN, BOB, LOBBY, Stage, staged


def chosen(form: FormCard) -> list[str]:
    return [pick.label for row in form.picks for pick in row if pick.is_chosen]


def labels(form: FormCard, row: int) -> list[str]:
    return [pick.label for pick in form.picks[row]]


def test_an_empty_command_becomes_a_form_with_the_defaults_and_their_price(stage: Stage) -> None:
    form = stage.studio.form("/video")
    assert (form.title, form.command, form.has_prompt) == ("What shall be filmed?", "/video", False)
    assert form.lines[0] == "16:9, 720p, 5 s: $0.20 at fal."
    assert chosen(form) == ["16:9", "720p", "5 s"]


def test_a_form_with_words_can_be_filmed(stage: Stage) -> None:
    form = stage.studio.form("/video a fox --ar 9:16")
    assert (form.title, form.has_prompt) == ("Film this?", True)
    assert form.command == "/video a fox --ar 9:16"
    assert chosen(form)[0] == "9:16"


def test_a_pick_is_typed_like_any_option_and_changes_the_price(stage: Stage) -> None:
    form = stage.studio.form("/video a fox")
    [longer] = [pick for pick in form.picks[2] if pick.label == "8 s"]
    other = stage.studio.form(changed(form.command, longer.typed))
    assert other.command == "/video a fox --dur 8"
    assert other.lines[0] != form.lines[0]
    assert chosen(other)[2] == "8 s"


def test_only_what_goes_together_can_be_picked(stage: Stage) -> None:
    assert "1080p" in labels(stage.studio.form("/video a fox"), 1)
    assert "1080p" not in labels(stage.studio.form("/video a fox --dur 10"), 1)


def test_a_draft_with_nonsense_is_refused_like_a_command(stage: Stage) -> None:
    with pytest.raises(UnknownFlag):
        stage.studio.form("/video --nonsense 3")


def test_a_draft_may_lack_its_prompt() -> None:
    assert draft("/video --ar tall \u200b") == VideoRequest(prompt="", ratio=Ratio.TALL)


@pytest.mark.parametrize(
    ("command", "said", "after"),
    [
        ("/video", "a fox", "/video a fox"),
        ("/video a fox --ar 9:16", "a hare", "/video a hare --ar 9:16"),
        ("/video a fox --ar 9:16", "--ar 1:1", "/video a fox --ar 1:1"),
        ("/video a fox --style clay", "--style none", "/video a fox"),
        ("/video a fox --dur 8", "a hare --dur 5 --cost", "/video --cost a hare --dur 5"),
        ("/video --ar 9:16 -- a --b c", "--dur 8", "/video --ar 9:16 --dur 8 -- a --b c"),
    ],
)
def test_what_is_said_to_a_draft_replaces_only_what_it_names(command: str, said: str, after: str) -> None:
    assert changed(command, said) == after


def test_what_was_picked_means_the_same_as_what_is_typed() -> None:
    assert parse("a fox", [("ar", "9:16"), ("audio", "off"), ("no", "blur, text")]) == parse(
        'a fox --ar 9:16 --silent --no "blur, text"'
    )


def test_what_was_picked_counts_more_than_what_is_typed_and_that_is_said() -> None:
    command = parse("a fox --ar 1:1 --ar 4:3 --dur 8 -- the end", [("ar", "9:16")])
    assert (command.request.ratio, command.request.seconds) == (Ratio.TALL, 8)
    [said] = map(str, command.remarks)
    assert said == "You chose ar and wrote it in the prompt too; the choice counts: --ar 9:16"


def test_what_cannot_be_picked_is_refused_like_what_is_typed() -> None:
    with pytest.raises(BadValue):
        parse("a fox", [("seed", "-1")])


async def test_an_order_may_come_with_picked_options(stage: Stage) -> None:
    order = Order(identity=ANN, place=LOBBY, event="o", text="a fox", picked=(("dur", "8"),))
    stage.studio.check(order)
    await stage.studio.say(order)
    assert (await stage.store.unfinished())[0].request.seconds == 8


def test_what_cannot_be_an_order_is_seen_without_waiting(stage: Stage) -> None:
    order = Order(identity=ANN, place=LOBBY, event="o", text="help")
    stage.studio.check(order)
    with pytest.raises(EmptyPrompt):
        stage.studio.check(replace(order, text="--ar 9:16"))
    with pytest.raises(NoOffer):
        stage.studio.check(replace(order, text="a fox --dur 10 --res 1080p"))


async def test_recent_prompts_are_each_told_once_the_latest_first(stage: Stage) -> None:
    for text in ("a red fox", "a hare", "a red fox --ar 9:16", "a Red crow"):
        await stage.order(text)
    await stage.order("a red secret", by=BOB)
    assert await stage.studio.recent_prompts(ANN, "RED", 5) == ["a Red crow", "a red fox"]
    assert await stage.studio.recent_prompts(ANN, "", 1) == ["a Red crow"]


async def test_providers_are_those_that_have_the_model(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("aimlapi", "fal")) as stage:
        assert stage.studio.providers(None) == ["aimlapi", "fal"]
        assert "fal" in stage.studio.providers("pixverse-v5")
        assert stage.studio.providers("no such model") == []


def test_help_and_prices_are_told_and_not_filmed(stage: Stage) -> None:
    order = Order(identity=ANN, place=LOBBY, event="o", text="a fox")
    assert stage.studio.check(order)
    assert not stage.studio.check(replace(order, text="help"))
    assert not stage.studio.check(replace(order, picked=(("cost", "on"),)))
