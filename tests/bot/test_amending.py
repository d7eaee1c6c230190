"""A command that its author changes after having sent it."""

import asyncio

import pytest

from bot.card import Card, Order
from bot.grammar import render
from bot.job import Phase
from bot.refusal import Refusal, StaysAsItWas, TooLate
from bot.request import EmptyPrompt
from tests.ledger import ledger_of
from tests.stage import ANN, LOBBY, Stage


async def amend(stage: Stage, text: str) -> Card:
    return await stage.studio.amend(Order(identity=ANN, place=LOBBY, event="e", text=text))


async def test_an_order_that_waits_becomes_what_it_was_changed_to(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    card = await amend(stage, "/video a hare --dur 8 --dur 8")
    job = await stage.job(before.job)
    assert render(job.request) == "/video a hare --dur 8"
    assert job.notes == ("You gave --dur more than once; the last one counts: --dur 8",)
    assert stage.chat.cards[-1] == card
    assert ledger_of(stage, job) == [("reserve", 200_000), ("adjust", job.price)]
    assert (await stage.finish(job.id)).phase is Phase.DELIVERED
    assert [take.request.prompt for take in stage.provider.takes] == ["a hare"]


async def test_a_change_that_costs_the_same_leaves_no_line(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    await amend(stage, "a hare")
    assert ledger_of(stage, await stage.job(before.job)) == [("reserve", 200_000)]


async def test_a_changed_order_is_filmed_by_the_engine_as_changed(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    await amend(stage, "a hare")
    running = asyncio.create_task(stage.engine.run())
    await stage.chat.until(lambda card: card.job == before.job and card.phase is Phase.RENDERING)
    stage.engine.stop()
    await running
    assert [take.request.prompt for take in stage.provider.takes] == ["a hare"]


async def test_the_same_words_again_change_nothing(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    revision = (await stage.job(before.job)).revision
    await amend(stage, "/video  a   fox")
    assert (await stage.job(before.job)).revision == revision


async def test_what_was_refused_before_is_an_order_once_it_is_right(stage: Stage) -> None:
    with pytest.raises(Refusal):
        await stage.order("a fox --ar 5:4", event="e")
    card = await amend(stage, "a fox --ar 4:3")
    assert card.title == "Waiting"


async def test_a_change_that_makes_no_sense_leaves_the_order_as_it_is(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    with pytest.raises(StaysAsItWas) as refused:
        await amend(stage, "/video")
    assert refused.value.title == EmptyPrompt.title
    assert refused.value.remedy.endswith("Your order stays as it was.")
    assert (await stage.job(before.job)).request.prompt == "a fox"


@pytest.mark.parametrize("text", ["a hare", "a hare --cost"])
async def test_what_is_on_its_way_is_filmed_as_it_was(stage: Stage, text: str) -> None:
    before = await stage.order("a fox", event="e")
    stage.engine.recall(await stage.job(before.job))
    with pytest.raises(TooLate):
        await amend(stage, text)
    assert (await stage.job(before.job)).request.prompt == "a fox"


@pytest.mark.parametrize("phase", [Phase.RENDERING, Phase.CANCELLED])
async def test_a_change_that_is_overtaken_changes_nothing(stage: Stage, phase: Phase) -> None:
    before = await stage.order("a fox", event="e")
    stale = await stage.job(before.job)
    if phase is Phase.CANCELLED:
        await stage.core.record.refund(stale, Phase.CANCELLED, "cancelled")
    else:
        await stage.until(before.job, phase)
    stage.engine.admit(stale)
    with pytest.raises(TooLate):
        await amend(stage, "a hare")
    job = await stage.job(before.job)
    assert (job.phase, job.request.prompt) == (phase, "a fox")


async def test_a_change_may_choose_another_model(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    await amend(stage, "a fox --model v5")
    assert (await stage.job(before.job)).offer_id == "fal/pixverse-v5"


async def test_asking_for_help_changes_no_order(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    await amend(stage, "/video help")
    assert (await stage.job(before.job)).request.prompt == "a fox"


async def test_what_is_over_is_ordered_anew_and_not_changed(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    await stage.finish(before.job)
    with pytest.raises(TooLate, match="over"):
        await amend(stage, "a hare")


async def test_the_price_alone_is_not_a_change(stage: Stage) -> None:
    before = await stage.order("a fox", event="e")
    with pytest.raises(TooLate, match="price"):
        await amend(stage, "a hare --cost")
    assert (await stage.job(before.job)).request.prompt == "a fox"
