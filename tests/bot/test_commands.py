"""What can be said besides `/video`."""

from dataclasses import replace
from itertools import count

import pytest

from bot.card import Card, Order
from bot.commands import SUMMARIES, UnknownCommand, Word, word_of
from bot.grammar import parse
from bot.job import Phase
from bot.refusal import NothingRuns
from tests.stage import ANN, BOB, LOBBY, Stage

EVENTS = count()


async def say(stage: Stage, text: str) -> Card:
    return await stage.studio.say(Order(identity=ANN, place=LOBBY, event=f"said {next(EVENTS)}", text=text))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("a red fox", Word.VIDEO),
        ("/VIDEO a fox", Word.VIDEO),
        ("/usage", Word.USAGE),
        (" /help@rushes_bot", Word.HELP),
        ("/path/to/a/fox", Word.VIDEO),
        ("", Word.VIDEO),
    ],
)
def test_which_command_a_text_is(text: str, command: Word) -> None:
    assert word_of(text) is command


def test_another_command_is_named_and_not_filmed() -> None:
    with pytest.raises(UnknownCommand, match="/dance"):
        word_of("/dance a fox")


def test_every_command_that_is_listed_exists() -> None:
    assert set(SUMMARIES) == set(Word) - {Word.START, Word.ADMIN}


async def test_a_prompt_is_filmed(stage: Stage) -> None:
    await say(stage, "a fox")
    assert len(await stage.store.unfinished()) == 1


async def test_help_needs_no_order(stage: Stage) -> None:
    assert any("--ar" in line for line in (await say(stage, "/help")).lines)


async def test_whoever_starts_reads_examples_that_work(stage: Stage) -> None:
    lines = (await say(stage, "/start")).lines
    for example in (line for line in lines if line.startswith("/video ")):
        assert parse(example).request.prompt


async def test_privacy_says_what_is_kept(stage: Stage) -> None:
    assert "prompt" in " ".join((await say(stage, "/privacy")).lines)


async def test_somebody_who_never_ordered_has_used_nothing(stage: Stage) -> None:
    assert (await say(stage, "/usage")).lines == ("0 clips filmed for $0.00.", "None under way.")
    assert (await say(stage, "/history")).lines == ("None yet.",)


async def test_usage_tells_what_was_filmed_and_what_is_held(stage: Stage) -> None:
    await stage.finish((await stage.order("a fox --res 1080p")).job)
    await stage.order("a hare")
    await stage.order("a crow", by=BOB)
    assert (await say(stage, "/usage")).lines == (
        "1 clip filmed for $0.40.",
        "1 under way, $0.20 reserved.",
        "$0.20 reserved: “a hare”",
        "−$0.40 “a fox” filmed",
    )


async def test_history_tells_the_latest_first_and_what_each_cost(stage: Stage) -> None:
    await stage.finish((await stage.order("a fox")).job)
    await stage.order("a hare")
    await stage.order("a crow", by=BOB)
    assert (await say(stage, "/history")).lines == (
        "1. Waiting: a hare (nothing charged)",
        "2. Ready: a fox ($0.20)",
    )


async def test_cancel_means_the_latest_order_that_can_be_cancelled(stage: Stage) -> None:
    first = await stage.order("a fox")
    second = await stage.order("a hare")
    other = await stage.order("a crow", by=BOB)
    await say(stage, "/cancel")
    assert (await stage.job(second.job)).phase is Phase.CANCELLED
    await say(stage, "/cancel")
    assert (await stage.job(first.job)).phase is Phase.CANCELLED
    with pytest.raises(NothingRuns):
        await say(stage, "/cancel")
    assert (await stage.job(other.job)).phase is Phase.ACCEPTED


async def test_a_cancel_that_is_told_twice_cancels_one_order(stage: Stage) -> None:
    first, second = await stage.order("one"), await stage.order("two")
    order = Order(identity=ANN, place=LOBBY, event="c", text="/cancel")
    for _ in range(2):
        await stage.studio.say(order)
    phases = [(await stage.job(card.job)).phase for card in (first, second)]
    assert phases == [Phase.ACCEPTED, Phase.CANCELLED]


async def test_impatience_does_not_cancel_the_next_order_too(stage: Stage) -> None:
    await stage.order("one")
    second = await stage.order("two")
    await stage.until(second.job, Phase.RENDERING)
    for event in "ab":
        await stage.studio.say(Order(identity=ANN, place=LOBBY, event=event, text="/cancel"))
    assert [job.cancel_asked for job in await stage.store.unfinished()] == [False, True]


async def test_where_others_read_along_history_tells_what_was_ordered_there(stage: Stage) -> None:
    await stage.order("a secret")
    elsewhere = replace(LOBBY, chat="group")
    await stage.studio.say(Order(identity=ANN, place=elsewhere, event="o", text="a fox"))
    order = Order(identity=ANN, place=elsewhere, event="h", text="/history")
    assert [line[:14] for line in (await stage.studio.say(order)).lines] == ["1. Waiting: a "]
    assert len((await stage.studio.say(replace(order, is_private=True))).lines) == 2
