"""What is refused for what it asks to see, what that says, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.access import Presence
from bot.card import Card, Order, Press, Verb
from bot.decision import Banned
from bot.grammar import render
from bot.job import Failure, FailureKind, JobId, Phase, Place
from bot.moderation import COVERED, ForAdults, NotChecked, NotFilmed
from bot.moment import Timed
from bot.ports import Broken
from bot.refusal import Paused, Refusal, Restarting, StaysAsItWas
from bot.strike import CoolingDown
from bot.taboo import Kind, Outside, Taboo, Taboos
from bot.trouble import OutOfService, Passing, Undeliverable
from bot.wording import refused
from tests.ledger import ledger_of
from tests.stage import ANN, BOB, LOBBY, HandModerator, Stage, job_card, staged

TABOOS = Taboos(each=(Taboo(spelling="gore", kind=Kind.BLOCK), Taboo(spelling="nude*", kind=Kind.ADULT)))
COVERING = replace(TABOOS, outside=Outside.SPOILER)

FOR_ADULTS = Presence(is_age_restricted=True)

Staged = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture
def on(tmp_path: Path) -> Staged:
    return partial(staged, tmp_path)


@pytest.fixture
async def strict(on: Staged) -> AsyncIterator[Stage]:
    async with on(taboos=TABOOS) as stage:
        yield stage


async def adult_order(stage: Stage, text: str = "nudes", event: str = "adult") -> JobId:
    order = Order(identity=ANN, place=LOBBY, event=event, text=text, presence=FOR_ADULTS)
    return job_card(await stage.studio.order(order)).job


async def amend(stage: Stage, text: str, event: str = "e") -> Card:
    return await stage.studio.amend(Order(identity=ANN, place=LOBBY, event=event, text=text))


async def told(stage: Stage, text: str, event: str = "", error: type[Refusal] = NotFilmed) -> tuple[str, ...]:
    with pytest.raises(error) as caught:
        await stage.order(text, event=event)
    return refused(caught.value).lines


async def test_a_refusal_says_what_to_change_and_that_nothing_was_charged(strict: Stage) -> None:
    assert await told(strict, "a lot of gore") == (
        "“gore” is not filmed here.",
        "Say it without that, and order again.",
        "Nothing was charged.",
    )
    assert not await strict.store.unfinished()


async def test_what_is_for_adults_is_refused_elsewhere_with_where_it_can_be_ordered(strict: Stage) -> None:
    reason, remedy, *_ = await told(strict, "two nudes")
    assert reason == "“nude” is filmed only for adults."
    assert remedy.startswith("Order it in a place that is marked age-restricted")


async def test_what_is_for_adults_is_filmed_where_the_platform_says_so_and_stands_open_there(strict: Stage) -> None:
    job = await strict.job(await adult_order(strict))
    assert (job.adult, job.spoiler, job.notes) == (True, False, ())


async def test_what_is_for_adults_is_filmed_where_an_admin_says_so(strict: Stage) -> None:
    await strict.say("/video_admin adult on")
    assert (await strict.job((await strict.order("nudes")).job)).adult


async def test_where_the_operator_says_so_it_is_covered_elsewhere(on: Staged) -> None:
    async with on(taboos=COVERING) as stage:
        card = await stage.order("nudes")
        job = await stage.finish(card.job)
        assert (job.adult, job.spoiler, job.notes) == (True, True, (COVERED,))
        assert card.spoiler
        assert stage.provider.takes[0].request.spoiler is None


async def test_nothing_makes_up_for_what_is_never_filmed(on: Staged) -> None:
    async with on(taboos=COVERING) as stage:
        with pytest.raises(NotFilmed):
            await adult_order(stage, "nudes and gore")


async def test_what_should_not_be_seen_breaks_no_rule(strict: Stage) -> None:
    await strict.order("a fox --no gore")


async def test_the_price_can_be_asked_of_anything(strict: Stage) -> None:
    await strict.studio.order(Order(identity=ANN, place=LOBBY, event="e", text="gore --cost"))
    await strict.order()


async def test_members_can_cover_a_clip_themselves_and_it_stays_so_when_it_is_filmed_again(stage: Stage) -> None:
    card = await stage.order("a fox --spoiler")
    job = await stage.finish(card.job)
    assert (job.spoiler, job.adult, job.notes) == (True, False, ())
    again = await stage.press(Verb.AGAIN, card.job)
    assert again.spoiler
    assert again.command == "/video a fox --spoiler"


async def test_rules_hold_for_every_button_that_orders(on: Staged) -> None:
    async with on() as stage:
        card = await stage.order("gore --res 360p")
        await stage.finish(card.job)
        await stage.say("/video_admin forbid gore")
        for verb in (Verb.AGAIN, Verb.SAME_SEED, Verb.HD):
            with pytest.raises(NotFilmed):
                await stage.press(verb, card.job, by=BOB)
            await stage.say("/video_admin everywhere unban", about=BOB)


async def test_what_was_filmed_for_adults_is_filmed_again_only_there(strict: Stage) -> None:
    job = await adult_order(strict)
    await strict.finish(job)
    with pytest.raises(NotFilmed):
        await strict.press(Verb.AGAIN, job)
    press = Press(identity=ANN, place=LOBBY, event="p", verb=Verb.AGAIN, job=job, presence=FOR_ADULTS)
    assert (await strict.job(job_card(await strict.studio.act(press)).job)).adult


async def test_an_order_cannot_be_changed_into_what_is_not_filmed(strict: Stage) -> None:
    card = await strict.order("a fox", event="e")
    with pytest.raises(StaysAsItWas) as caught:
        await amend(strict, "gore")
    assert "Your order stays as it was." in str(caught.value)
    assert (await strict.job(card.job)).request.prompt == "a fox"
    await strict.finish(card.job)
    assert [take.request.prompt for take in strict.provider.takes] == ["a fox"]


async def test_a_change_is_covered_and_uncovered_with_its_words(on: Staged) -> None:
    async with on(taboos=COVERING) as stage:
        card = await stage.order("a fox", event="e")
        for words, spoiler, notes in (("nudes", True, (COVERED,)), ("a hare", False, ())):
            await amend(stage, words)
            job = await stage.job(card.job)
            assert (job.adult, job.spoiler, job.notes) == (spoiler, spoiler, notes)


async def test_a_clip_for_adults_goes_to_no_other_place(strict: Stage) -> None:
    job = await adult_order(strict)
    await strict.finish(job)
    cellar = Place(platform="web", chat="lobby", thread="cellar")
    press = Press(identity=ANN, place=cellar, event="p", verb=Verb.SEND_AGAIN, job=job)
    with pytest.raises(ForAdults) as caught:
        await strict.studio.act(press)
    assert "Nothing was charged." not in refused(caught.value).lines
    await strict.studio.act(replace(press, presence=FOR_ADULTS))
    await strict.studio.act(replace(press, place=LOBBY))
    assert [sent.spoiler for sent in strict.chat.sent] == [False, False, False]


async def test_a_clip_for_adults_goes_covered_to_another_place_where_the_operator_says_so(on: Staged) -> None:
    async with on(taboos=COVERING) as stage:
        job = await adult_order(stage)
        stage.chat.receipts.will(Undeliverable("no"), "message 1")
        await stage.finish(job)
        elsewhere = replace(LOBBY, chat="cellar")
        await stage.studio.act(Press(identity=ANN, place=elsewhere, event="p", verb=Verb.SEND_AGAIN, job=job))
        await stage.finish(job)
        assert [sent.spoiler for sent in stage.chat.sent] == [False, True]


async def test_a_moderator_is_asked_for_the_prompt_alone_and_its_words_are_told(on: Staged) -> None:
    moderator = HandModerator()
    async with on(moderator=moderator) as stage:
        await stage.order("a fox --no gore --ar 1:1")
        assert moderator.asked == ["a fox"]
        moderator.flags.will(("violence/graphic", "violence", "hate", "self-harm", "illicit"))
        assert (await told(stage, "a hare"))[0] == "The check of prompts found in it: violence, hate, self-harm."


async def test_what_a_moderator_finds_only_sexual_is_for_adults(on: Staged) -> None:
    moderator = HandModerator()
    async with on(moderator=moderator) as stage:
        moderator.flags.will(("sexual",))
        assert (await told(stage, "x"))[0].endswith("found it sexual, which is filmed only for adults.")
        assert (await stage.job(await adult_order(stage, "x"))).adult
        moderator.flags.will(("sexual", "sexual/minors"))
        with pytest.raises(NotFilmed):
            await adult_order(stage, "x", event="f")


async def test_a_moderator_may_find_worse_what_a_rule_finds_for_adults(on: Staged) -> None:
    moderator = HandModerator()
    async with on(taboos=TABOOS, moderator=moderator) as stage:
        assert (await stage.job(await adult_order(stage))).adult
        moderator.flags.will(("violence",))
        with pytest.raises(NotFilmed):
            await adult_order(stage, event="f")


async def test_what_breaks_a_rule_is_shown_to_nobody(on: Staged) -> None:
    moderator = HandModerator()
    async with on(taboos=TABOOS, moderator=moderator) as stage:
        await told(stage, "gore")
    assert moderator.asked == []


@pytest.mark.parametrize("trouble", [Passing("HTTP 503"), OutOfService("HTTP 401")])
async def test_nothing_is_filmed_unchecked(on: Staged, trouble: Exception) -> None:
    moderator = HandModerator()
    moderator.flags.will(trouble)
    async with on(moderator=moderator) as stage:
        assert await told(stage, "a fox", error=NotChecked) == (
            "What you ask for cannot be checked right now.",
            "Try again in a minute.",
            "Nothing was charged.",
        )
        assert not await stage.store.unfinished()


async def test_a_change_is_checked_as_well_and_leaves_the_order_as_it_was_where_it_cannot_be(on: Staged) -> None:
    moderator = HandModerator()
    async with on(moderator=moderator) as stage:
        card = await stage.order("a fox", event="e")
        moderator.flags.will(Passing("HTTP 503"))
        with pytest.raises(NotChecked):
            await amend(stage, "a hare")
        assert (await stage.job(card.job)).request.prompt == "a fox"
        moderator.flags.will(())
        await amend(stage, "a hare")
        assert moderator.asked == ["a fox", "a hare", "a hare"]


async def test_whoever_may_not_order_is_told_so_and_nobody_is_asked(on: Staged) -> None:
    moderator = HandModerator()
    async with on(moderator=moderator) as stage:
        await stage.say("/video_admin ban too loud", about=ANN)
        await told(stage, "a fox", error=Banned)
        await stage.say("/video_admin pause cleaning")
        await told(stage, "a fox", error=Paused)
    assert moderator.asked == []


async def test_an_order_that_is_told_twice_is_judged_once(on: Staged) -> None:
    moderator = HandModerator()
    async with on(moderator=moderator) as stage:
        first = await stage.order("gore", event="e")
        await stage.say("/video_admin everywhere forbid gore")
        moderator.flags.will(("violence",))
        assert (await stage.order("gore", event="e")).job == first.job
        assert (await stage.order("blood", event="e")).job == first.job
        assert moderator.asked == ["gore"]


async def test_what_takes_long_to_be_checked_is_not_taken_in_at_a_stop(on: Staged) -> None:
    moderator = HandModerator()
    async with on(moderator=moderator) as stage:
        stage.engine.stop()
        await told(stage, "a fox", error=Restarting)
    assert moderator.asked == ["a fox"]


async def test_the_second_refusal_warns_and_each_from_the_third_on_closes_for_longer(strict: Stage) -> None:
    assert (await told(strict, "gore"))[1] == "Say it without that, and order again."
    warned = await told(strict, "gore")
    assert warned[0] == "“gore” is not filmed here. Say it without that, and order again."
    assert warned[1] == "One more such order within 24 hours, and you cannot order for 10 minutes."
    for minutes, until in ((10, "at 12:10"), (60, "at 13:10"), (24 * 60, "at 13:10"), (24 * 60, "at 13:10")):
        reason, remedy, *_ = await told(strict, "gore")
        assert reason == "“gore” is not filmed here."
        assert remedy == (
            f"You had too many such orders in 24 hours, and may order again {until}. An admin can end this earlier."
        )
        closed = await told(strict, "a fox", error=CoolingDown)
        assert closed[1] == f"You may order again {until}. An admin can end this earlier."
        assert isinstance(closed[1], Timed)
        assert closed[1].at == strict.clock.now() + timedelta(minutes=minutes)
        strict.clock.forward(minutes * 60)
        await strict.order("a fox")
        if minutes == 24 * 60:
            break


async def test_what_is_tried_during_a_pause_makes_it_no_longer(strict: Stage) -> None:
    for _ in range(3):
        await told(strict, "gore")
    assert "at 12:10" in (await told(strict, "gore"))[1]
    strict.clock.forward(600)
    await strict.order("a fox")


async def test_of_many_orders_at_once_none_slips_through_the_pause(strict: Stage) -> None:
    outcomes = await asyncio.gather(*(strict.order("gore") for _ in range(10)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [NotFilmed] * 10
    assert "at 12:10" in str(outcomes[-1])
    outcomes = await asyncio.gather(*(strict.order("a fox") for _ in range(10)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [CoolingDown] * 10


async def test_a_refusal_that_is_told_twice_is_one_strike_and_other_words_are_another(strict: Stage) -> None:
    for _ in range(9):
        assert len(await told(strict, "gore", event="e")) == 3
    with pytest.raises(NotFilmed, match="One more"):
        await amend(strict, "more gore")
    with pytest.raises(NotFilmed, match="may order again at 12:10"):
        await amend(strict, "even more gore")


async def test_strikes_are_forgotten_after_a_day(strict: Stage) -> None:
    await told(strict, "gore")
    await told(strict, "gore")
    strict.clock.forward(24 * 3600)
    assert (await told(strict, "gore"))[1] == "Say it without that, and order again."


async def test_a_provider_s_verdict_is_a_strike_refunded_and_told_with_its_reason(stage: Stage) -> None:
    stage.provider.sights.will(Broken(Failure(FailureKind.MODERATED, "no dragons")))
    for _ in range(3):
        card = await stage.order("a dragon")
        job = await stage.finish(card.job)
        assert job.phase is Phase.FAILED
        assert ledger_of(stage, job) == [("reserve", 200_000), ("refund", 0)]
    shown = stage.chat.cards[-1]
    assert shown.lines == (
        "The moderation of fal refused this: no dragons",
        "Say it differently and order again.",
        "Nothing was charged.",
    )
    assert [button.verb for button in shown.buttons] == [Verb.EDIT]
    await told(stage, "a fox", error=CoolingDown)
    await stage.order("a fox", by=BOB)


async def test_other_failures_are_no_strikes(stage: Stage) -> None:
    stage.provider.sights.will(Broken(Failure(FailureKind.PROVIDER)))
    for _ in range(5):
        await stage.finish((await stage.order()).job)


async def test_the_card_of_a_job_gives_back_the_command_without_what_was_not_chosen(on: Staged) -> None:
    async with on(taboos=COVERING) as stage:
        card = await stage.order("nudes")
        assert card.command == render((await stage.job(card.job)).request) == "/video nudes"


async def test_people_read_who_is_shown_their_prompts(on: Staged) -> None:
    order = Order(identity=ANN, place=LOBBY, event="e", text="/privacy")
    told_of = "Sent to the service that checks prompts: the prompt, and nothing about you."
    async with on(moderator=HandModerator()) as stage:
        assert told_of in (await stage.studio.say(order)).lines


async def test_nobody_is_said_to_be_shown_prompts_where_nobody_is(stage: Stage) -> None:
    card = await stage.studio.say(Order(identity=ANN, place=LOBBY, event="e", text="/privacy"))
    assert not any("checks prompts" in line for line in card.lines)
