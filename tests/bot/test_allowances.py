"""Nobody has more filmed than they may, and everybody is told why, until when, and what to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.card import Card, JobCard, Order, Verb
from bot.job import Failure, FailureKind, Identity, Phase, Place
from bot.moment import Timed
from bot.phrase import limit_of
from bot.ports import LinkAttempt
from bot.rules import Rule, Rules, Scope, indexed
from bot.shortage import LimitReached, NoRoomToChange
from bot.trouble import Rejected, Throttled
from bot.wording import refused
from tests.stage import ANN, BOB, LOBBY, NOON, Stage, staged

CELLAR = Place(platform="web", chat="cellar")
DISCORD_ANN = Identity(platform="discord", user="77", name="ann#1")
BERLIN = ZoneInfo("Europe/Berlin")


def each(*words: str, scope: Scope = Scope.BOT, subject: str = "") -> list[Rule]:
    return [Rule(scope=scope, subject=subject, limit=limit_of(each)) for each in words]


def cap(*words: str, scope: Scope = Scope.BOT, subject: str = "") -> list[Rule]:
    return [replace(rule, is_cap=True) for rule in each(*words, scope=scope, subject=subject)]


@asynccontextmanager
async def limited(
    folder: Path, *rules: list[Rule], zone: ZoneInfo | None = None, providers: tuple[str, ...] = ("fal",)
) -> AsyncIterator[Stage]:
    laid_down = Rules(limits=indexed(rule for group in rules for rule in group), zone=zone or ZoneInfo("UTC"))
    async with staged(folder, rules=laid_down, providers=providers) as stage:
        yield stage


async def refusal(stage: Stage, text: str = "a fox", by: Identity = ANN) -> LimitReached:
    with pytest.raises(LimitReached) as caught:
        await stage.order(text, by=by)
    return caught.value


async def order_in(stage: Stage, place: Place, by: Identity = ANN) -> JobCard:
    order = Order(identity=by, place=place, event=f"{place.chat} {datetime.now().timestamp()}", text="a fox")  # noqa: DTZ005 - any words that are new
    card = await stage.studio.order(order)
    assert isinstance(card, JobCard)
    return card


async def usage(stage: Stage, by: Identity = ANN) -> Card:
    return await stage.studio.say(Order(identity=by, place=LOBBY, event="u", text="/usage"))


async def test_the_first_beyond_the_allowance_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    async with limited(tmp_path, each("2 videos a day"), zone=BERLIN) as stage:
        for _ in range(2):
            await stage.order()
        refused_order = await refusal(stage)
        assert len(await stage.store.unfinished()) == 2
        assert refused(refused_order).lines == (
            "2 of 2 videos used today.",
            "The next one is free at 00:00. An admin can allow more.",
            "Nothing was charged.",
        )


async def test_the_moment_is_carried_beside_the_words(tmp_path: Path) -> None:
    async with limited(tmp_path, each("1 video a day"), zone=BERLIN) as stage:
        await stage.order()
        remedy = (await refusal(stage)).remedy
        assert isinstance(remedy, Timed)
        assert remedy.at == NOON + timedelta(hours=11)


async def test_a_new_day_of_the_zone_brings_a_new_allowance(tmp_path: Path) -> None:
    async with limited(tmp_path, each("1 video a day"), zone=BERLIN) as stage:
        await stage.order()
        stage.clock.forward(11 * 3600 - 1)
        await refusal(stage)
        stage.clock.forward(1)
        await stage.order()


async def test_a_rolling_window_has_room_when_the_oldest_use_leaves(tmp_path: Path) -> None:
    async with limited(tmp_path, each("2 videos in 24 hours")) as stage:
        await stage.order()
        stage.clock.forward(3600)
        await stage.order()
        reached = await refusal(stage)
        assert (str(reached.reason), reached.until) == (
            "2 of 2 videos used in the last 24 hours.",
            NOON + timedelta(hours=24),
        )
        stage.clock.forward(23 * 3600 - 1)
        await refusal(stage)
        stage.clock.forward(1)
        await stage.order()


async def test_room_for_a_dear_clip_comes_when_enough_has_left(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.50 in 2 hours")) as stage:
        await stage.order()
        stage.clock.forward(60)
        await stage.order()
        reached = await refusal(stage, "a fox --res 1080p")
        assert reached.until == NOON + timedelta(hours=2, seconds=60)
        assert reached.reason == "$0.40 of $0.50 used in the last 2 hours, and this clip costs $0.40."


async def test_what_can_never_be_afforded_is_said_to_be_so(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.30 a month", "9 videos a day")) as stage:
        reached = await refusal(stage, "a fox --res 1080p")
        assert reached.until is None
        assert reached.remedy == "It never has room for this. An admin can allow more."


async def test_money_counts_at_the_price_that_is_reserved(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.60 a month")) as stage:
        for _ in range(3):
            await stage.order()
        reached = await refusal(stage)
        assert reached.reason == "$0.60 of $0.60 used this month."
        assert str(reached.remedy) == ("There is room for it again on 1 February at 00:00. An admin can allow more.")


async def test_what_is_refunded_is_free_at_once(tmp_path: Path) -> None:
    async with limited(tmp_path, each("1 video a day", "$0.20 a month", "1 running")) as stage:
        stage.provider.submits.will(Rejected(Failure(FailureKind.INVALID)))
        for _ in range(3):
            await stage.finish((await stage.order()).job)
        await stage.press(Verb.CANCEL, (await stage.order()).job)
        await stage.order()


async def test_a_job_runs_until_its_clip_is_here(tmp_path: Path) -> None:
    async with limited(tmp_path, each("1 running")) as stage:
        card = await stage.order()
        for phase in (Phase.RENDERING, Phase.FETCHING):
            await stage.until(card.job, phase)
            assert refused(await refusal(stage)).lines[:2] == (
                "1 of 1 running at once.",
                "Wait for one to end, or /cancel one. An admin can allow more.",
            )
        await stage.until(card.job, Phase.DELIVERING)
        await stage.order()


async def test_buttons_that_order_are_bound_as_well(tmp_path: Path) -> None:
    async with limited(tmp_path, each("1 video a day")) as stage:
        done = await stage.finish((await stage.order()).job)
        with pytest.raises(LimitReached):
            await stage.press(Verb.AGAIN, done.id)
        await stage.press(Verb.AGAIN, done.id, by=BOB)


async def test_a_limit_of_a_chat_counts_in_that_chat_and_one_of_the_bot_everywhere(tmp_path: Path) -> None:
    here = each("1 video a day", scope=Scope.CHAT, subject="web:lobby")
    async with limited(tmp_path, here, each("2 videos a day")) as stage:
        await stage.order()
        assert (await refusal(stage)).reason == "1 of 1 video used today in this chat."
        await order_in(stage, CELLAR)
        with pytest.raises(LimitReached, match=r"2 of 2 videos used today\. "):
            await order_in(stage, CELLAR)


async def test_a_clip_that_is_sent_elsewhere_still_counts_where_it_was_ordered(tmp_path: Path) -> None:
    async with limited(tmp_path, each("1 video a day", scope=Scope.CHAT, subject="web:lobby")) as stage:
        done = await stage.finish((await stage.order()).job)
        await stage.store.save(replace(done, place=CELLAR))
        await refusal(stage)


async def test_a_cap_of_a_chat_holds_for_all_together(tmp_path: Path) -> None:
    async with limited(tmp_path, cap("2 videos a day", "9 running", scope=Scope.CHAT, subject="web:lobby")) as stage:
        await stage.order(by=ANN)
        await stage.order(by=BOB)
        assert (await refusal(stage, by=BOB)).reason == "2 of 2 videos used today by everybody in this chat."
        await order_in(stage, CELLAR)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("$0.20 an hour", "This hour's budget of this bot is used up."),
        ("$0.20 a day", "Today's budget of this bot is used up."),
        ("1 video in 90 minutes", "The budget of this bot for 90 minutes is used up."),
        ("1 running", "This bot films as many clips at once as it may."),
    ],
)
async def test_a_cap_of_the_bot_closes_it_for_everybody(tmp_path: Path, words: str, reason: str) -> None:
    async with limited(tmp_path, cap(words)) as stage:
        await stage.order(by=ANN)
        assert (await refusal(stage, by=BOB)).reason == reason


async def test_nothing_is_accepted_while_the_sums_cannot_be_read(tmp_path: Path) -> None:
    async with limited(tmp_path, cap("$20 a day")) as stage:
        await stage.store._database.write(lambda c: c.execute("ALTER TABLE use_of_all RENAME TO lost"))  # noqa: SLF001 - a broken disk
        with pytest.raises(Exception, match="use_of_all"):
            await stage.order()
        assert await stage.store.unfinished() == []


async def test_of_several_limits_in_the_way_the_one_that_lasts_longest_is_named(tmp_path: Path) -> None:
    async with limited(tmp_path, each("1 running", "1 video a month", "1 video a day")) as stage:
        await stage.order()
        assert (await refusal(stage)).reason == "1 of 1 video used this month."


async def test_joined_accounts_have_one_allowance(tmp_path: Path) -> None:
    async with limited(tmp_path, each("2 videos a day")) as stage:
        await stage.order(by=ANN)
        await stage.order(by=DISCORD_ANN)
        await stage.store.offer_link(ANN, "code", NOON, NOON + timedelta(minutes=1))
        joined = await stage.store.redeem_link(DISCORD_ANN, "code", NOON, since=NOON, most_tries=5)
        assert joined is LinkAttempt.JOINED
        for identity in (ANN, DISCORD_ANN):
            await refusal(stage, by=identity)


async def test_two_hundred_orders_at_once_of_one_person_are_as_many_as_allowed(tmp_path: Path) -> None:
    async with limited(tmp_path, each("5 videos a day")) as stage:
        await stage.store.offer_link(ANN, "code", NOON, NOON + timedelta(minutes=1))
        await stage.store.redeem_link(DISCORD_ANN, "code", NOON, since=NOON, most_tries=5)
        orders = (stage.order(by=(ANN, DISCORD_ANN)[number % 2]) for number in range(200))
        outcomes = await asyncio.gather(*orders, return_exceptions=True)
        assert sum(isinstance(outcome, JobCard) for outcome in outcomes) == 5
        assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 195
        assert len(await stage.store.unfinished()) == 5


async def test_an_order_cannot_be_changed_into_one_that_is_too_dear(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.30 a day")) as stage:
        before = await stage.order("a fox", event="e")
        dear = Order(identity=ANN, place=LOBBY, event="e", text="a fox --res 1080p")
        with pytest.raises(NoRoomToChange, match="The order stays as it was"):
            await stage.studio.amend(dear)
        job = await stage.job(before.job)
        assert (job.price, job.request.resolution) == (200_000, None)
        await stage.studio.amend(replace(dear, text="a fox --res 360p"))
        assert (await stage.job(before.job)).price == 150_000
        assert (await stage.finish(before.job)).phase is Phase.DELIVERED


async def test_a_change_counts_in_the_window_of_the_order(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.50 a day")) as stage:
        await stage.order("a hare")
        await stage.order("a fox", event="e")
        stage.clock.forward(24 * 3600)
        with pytest.raises(NoRoomToChange):
            await stage.studio.amend(Order(identity=ANN, place=LOBBY, event="e", text="a fox --res 1080p"))


async def test_a_provider_that_is_too_dear_is_passed_over_while_a_cheaper_one_may_have_room(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.20 a day"), providers=("fal", "pixverse")) as stage:
        card = await stage.order()
        await stage.core.submission.submit(await stage.job(card.job), "pixverse")
        job = await stage.job(card.job)
        assert (job.phase, job.price, job.refused_by) == (Phase.ACCEPTED, 200_000, ("pixverse",))
        assert (await stage.finish(card.job)).phase is Phase.DELIVERED


async def test_a_job_that_only_dearer_providers_would_film_ends_and_is_refunded(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.20 a day"), providers=("fal", "pixverse")) as stage:
        card = await stage.order()
        stage.provider.submits.will(Rejected(Failure(FailureKind.INVALID, "odd")))
        await stage.step(card.job)
        await stage.core.submission.submit(await stage.job(card.job), "pixverse")
        assert (await stage.job(card.job)).failure == Failure(FailureKind.OVER_LIMIT)
        assert "“a fox” refunded: it would have cost more than was left" in (await usage(stage)).lines
        await stage.order()


async def test_a_job_that_is_cancelled_while_it_is_too_dear_stays_cancelled(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.20 a day"), providers=("fal", "pixverse")) as stage:
        card = await stage.order()
        stale = await stage.job(card.job)
        await stage.press(Verb.CANCEL, card.job)
        with pytest.raises(Exception, match="cannot go"):
            await stage.core.submission._without(stale, "pixverse")  # noqa: SLF001 - the moment between read and write


async def test_a_cheaper_provider_is_never_in_the_way(tmp_path: Path) -> None:
    async with limited(tmp_path, each("$0.60 a day"), providers=("pixverse", "fal")) as stage:
        card = await stage.order()
        stage.providers["pixverse"].submits.will(Throttled("busy"))
        await stage.step(card.job)
        stage.core.terms.rules = Rules(limits=indexed(each("$0.10 a day")))
        await stage.core.submission.submit(await stage.job(card.job), "fal")
        assert (await stage.job(card.job)).price == 200_000


async def test_the_card_says_what_is_left_when_it_is_ordered_and_when_it_is_there(tmp_path: Path) -> None:
    async with limited(tmp_path, each("3 videos a day", "$1 a month", "2 running")) as stage:
        card = await stage.order()
        left = "2 of 3 videos left today, $0.80 of $1.00 left this month."
        assert card.lines[-1] == left
        await stage.order()
        await stage.finish(card.job)
        assert stage.chat.cards[-1].phase is Phase.DELIVERED
        assert stage.chat.cards[-1].lines[-1] == "1 of 3 videos left today, $0.60 of $1.00 left this month."


async def test_usage_tells_of_every_allowance_what_is_used_what_is_left_and_when_there_is_more(tmp_path: Path) -> None:
    rules = (each("3 videos a day", "$1 in 24 hours", "2 running"), cap("$9 a day"), cap("1 video a week"))
    async with limited(tmp_path, *rules) as stage:
        await stage.finish((await stage.order()).job)
        assert (await usage(stage)).lines == (
            "1 clip filmed for $0.20.",
            "None under way.",
            "1 of 3 videos used today, 2 left; more is free at 00:00.",
            "$0.20 of $1.00 used in the last 24 hours, $0.80 left; more is free at 12:00.",
            "0 of 2 running at once, 2 left.",
            "This week's budget of this bot is used up.",
            "−$0.20 “a fox” filmed",
        )


async def test_usage_of_somebody_who_never_ordered_is_everything_left(tmp_path: Path) -> None:
    async with limited(tmp_path, each("3 videos a day")) as stage:
        assert (await usage(stage)).lines[2] == "0 of 3 videos used today, 3 left."


async def test_usage_cuts_long_prompts(stage: Stage) -> None:
    await stage.order("a red fox " * 20)
    assert (await usage(stage)).lines[-1] == "$0.20 reserved: “a red fox a red fox a red fox a red fox…”"


async def test_a_person_who_becomes_another_while_a_job_is_decided_keeps_the_refund(stage: Stage) -> None:
    card = await stage.order(by=DISCORD_ANN)
    stale = await stage.job(card.job)
    await stage.store.offer_link(ANN, "code", NOON, NOON + timedelta(minutes=1))
    await stage.store.redeem_link(DISCORD_ANN, "code", NOON, since=NOON, most_tries=5)
    await stage.core.record.refund(stale, Phase.CANCELLED, "cancelled")
    assert (await stage.account(ANN)).running == 0
