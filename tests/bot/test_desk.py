"""What operators see and do beside the chats."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from bot.access import Access, AlreadyAnswered, Door
from bot.admin_words import NotUnderstood
from bot.allowance import Unit
from bot.card import Order, RequestCard
from bot.desk import Deed, NotOneJob
from bot.job import Delivery, EntryKind, Identity, Phase
from bot.money import Micros
from bot.phrase import limit_of
from bot.refusal import NothingToRefund, Paused, TooLate
from bot.rules import Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from bot.survey import By, Search
from bot.trouble import Undeliverable
from storage.sqlite import upkeep
from tests.stage import ANN, BOB, LOBBY, NOON, Stage, staged

OLGA = Identity(platform="shell", user="olga", name="olga")


def limited(own: str, cap: str = "$100 a month") -> Rules:
    caps = Rule(scope=Scope.BOT, limit=limit_of(cap), is_cap=True)
    return Rules(limits=indexed([Rule(scope=Scope.BOT, limit=limit_of(own)), caps]))


async def decided(stage: Stage) -> list[str]:
    return [decision.what for decision in await stage.desk.audit("", 10)]


async def test_a_job_tells_its_whole_story(stage: Stage) -> None:
    job = (await stage.order("a fox")).job
    await stage.until(job, Phase.DELIVERED)
    await stage.desk.do(Deed.REFUND, OLGA, job, "the fox is a dog")
    story = await stage.desk.story(job[:6].upper())
    assert [step.phase for step in story.steps] == [
        Phase.ACCEPTED,
        Phase.SUBMITTING,
        Phase.RENDERING,
        Phase.FETCHING,
        Phase.DELIVERING,
        Phase.DELIVERED,
    ]
    assert [(line.kind, line.amount, line.reason) for line in story.postings] == [
        (EntryKind.RESERVE, 200_000, "ordered"),
        (EntryKind.SETTLE, 200_000, "filmed"),
        (EntryKind.GRANT, 1, "refunded: the fox is a dog"),
        (EntryKind.GRANT, 200_000, "refunded: the fox is a dog"),
    ]
    assert [(each.by, each.what) for each in story.decisions] == [
        ("shell:olga", f"refund {job} (Ann): the fox is a dog")
    ]
    assert story.is_refunded


async def test_a_number_that_names_no_job_or_several_is_not_guessed(stage: Stage) -> None:
    await stage.order()
    await stage.order()
    ids = sorted([(await stage.order()).job for _ in range(20)])
    shared = next(one[0] for one, other in pairwise(ids) if one[0] == other[0])
    for named, answer in (("zz", "There is no job “zz”."), ("", "There is no job “”."), (shared, "More than one job")):
        with pytest.raises(NotOneJob, match=answer):
            await stage.desk.story(named)


async def test_an_operator_cancels_what_somebody_ordered(stage: Stage) -> None:
    job = (await stage.order()).job
    card = await stage.desk.do(Deed.CANCEL, OLGA, job)
    assert card.title == "Cancelled"
    assert (await stage.job(job)).phase is Phase.CANCELLED
    assert await decided(stage) == [f"cancel {job} (Ann)"]
    with pytest.raises(TooLate):
        await stage.desk.do(Deed.CANCEL, OLGA, job)
    assert len(await decided(stage)) == 1


async def test_what_was_refunded_counts_against_no_allowance_and_still_in_the_caps(tmp_path: Path) -> None:
    async with staged(tmp_path, rules=limited("1 video a day", cap="$0.40 a day")) as stage:
        job = (await stage.order()).job
        await stage.until(job, Phase.DELIVERED)
        with pytest.raises(LimitReached, match=r"1 of 1 video used today\."):
            await stage.order()
        await stage.desk.do(Deed.REFUND, OLGA, job)
        await stage.order()
        with pytest.raises(LimitReached, match="budget of this bot is used up"):
            await stage.order(by=BOB)
        usage = await stage.say("/usage", ANN)
        assert "+1 video granted: refunded: an operator decided so" in usage.lines
        with upkeep.looked_at(stage.database) as connection:
            assert not list(upkeep.findings(connection))


async def test_what_a_refunded_job_took_of_a_gift_comes_back(tmp_path: Path) -> None:
    async with staged(tmp_path, rules=limited("0 videos a day")) as stage:
        await stage.desk.say(OLGA, "grant 1 video because of a prize", about=ANN)
        job = (await stage.order()).job
        await stage.until(job, Phase.DELIVERED)
        with pytest.raises(LimitReached):
            await stage.order()
        await stage.desk.do(Deed.REFUND, OLGA, job)
        await stage.order()
        with upkeep.looked_at(stage.database) as connection:
            assert not list(upkeep.findings(connection))


async def test_only_what_is_paid_for_is_refunded_and_only_once(stage: Stage) -> None:
    job = (await stage.order()).job
    with pytest.raises(NothingToRefund):
        await stage.desk.do(Deed.REFUND, OLGA, job)
    await stage.until(job, Phase.DELIVERED)
    await stage.desk.do(Deed.REFUND, OLGA, job)
    with pytest.raises(NothingToRefund):
        await stage.desk.do(Deed.REFUND, OLGA, job)


async def test_what_cost_no_money_gives_the_video_back(stage: Stage) -> None:
    (offer, *_) = stage.core.terms.offers
    stage.core.terms.offers = (replace(offer, prices=replace(offer.prices, factor=Decimal(0))),)
    job = (await stage.order()).job
    await stage.until(job, Phase.DELIVERED)
    await stage.desk.do(Deed.REFUND, OLGA, job)
    granted = [line for line in (await stage.desk.story(job)).postings if line.kind is EntryKind.GRANT]
    assert [(line.unit, line.amount) for line in granted] == [(Unit.VIDEOS, 1)]


async def test_a_clip_that_could_not_be_sent_is_sent_again_to_where_it_was_ordered(stage: Stage) -> None:
    job = (await stage.order()).job
    stage.chat.receipts.will(Undeliverable("kicked"), "message 2")
    await stage.finish(job)
    assert (await stage.job(job)).delivery is Delivery.GIVEN_UP
    await stage.desk.do(Deed.SEND_AGAIN, OLGA, job)
    await stage.finish(job)
    assert (await stage.job(job)).receipt == "message 2"
    card = await stage.desk.do(Deed.SEND_AGAIN, OLGA, job)
    assert card.title == "Sent again"
    assert stage.chat.sent[-1].place == LOBBY


async def test_a_failed_order_is_filmed_again_on_the_account_of_whoever_ordered(stage: Stage) -> None:
    job = (await stage.order("a red fox")).job
    await stage.desk.do(Deed.CANCEL, OLGA, job)
    await stage.desk.do(Deed.FILM_AGAIN, OLGA, job)
    page = await stage.desk.jobs(Search(phases=frozenset({Phase.ACCEPTED})), 10)
    (anew,) = page.jobs
    assert (anew.identity, anew.place, anew.request.prompt) == (ANN, LOBBY, "a red fox")


async def test_an_operator_rules_over_a_chat_or_everywhere_without_being_in_it(stage: Stage) -> None:
    await stage.desk.say(OLGA, "limit everyone 1 video a day", chat=LOBBY.chat_key)
    await stage.order()
    with pytest.raises(LimitReached):
        await stage.order()
    await stage.desk.say(OLGA, "pause because of the move")
    with pytest.raises(Paused, match="the move"):
        await stage.order(by=BOB)
    (rule,) = await stage.store.rulebook.decided(LOBBY.chat_key)
    assert rule.chat == LOBBY.chat_key
    by_admin = [(each.by, each.chat, each.is_operators) for each in await stage.desk.audit("", 10)]
    assert by_admin == [("shell:olga", "", True), ("shell:olga", LOBBY.chat_key, True)]


async def test_operators_answer_requests_beside_the_chats(tmp_path: Path) -> None:
    async with staged(tmp_path, rules=Rules(access=Access(door=Door.REQUEST))) as stage:
        await stage.studio.order(Order(identity=ANN, place=LOBBY, event="e", text="a fox"))
        (asked,) = await stage.desk.waiting()
        for unclear in ("aprove", "tier ", "tier"):
            with pytest.raises(NotUnderstood, match="not said whether"):
                await stage.desk.do(Deed.ANSWER, OLGA, asked.id, unclear)
        card = await stage.desk.do(Deed.ANSWER, OLGA, asked.id, "approve")
        assert not isinstance(card, RequestCard)
        assert (card.title, *card.lines) == ("Ann was let in by olga", "The order is on its way.")
        assert not await stage.desk.waiting()
        with pytest.raises(AlreadyAnswered):
            await stage.desk.do(Deed.ANSWER, OLGA, "another", "approve")


async def test_the_balance_foresees_the_month_from_the_last_days(tmp_path: Path) -> None:
    async with staged(tmp_path, rules=limited("9 videos a day", cap="$100 a month")) as stage:
        stage.clock.forward(timedelta(days=7).total_seconds())
        for _ in range(7):
            await stage.until((await stage.order()).job, Phase.DELIVERED)
        balance = await stage.desk.balance()
        assert (balance.today, balance.month) == (Micros(1_400_000), Micros(1_400_000))
        # 24 days are left, less half a day and less what the films took.
        assert Micros(5_700_000) < balance.foreseen < Micros(6_200_000)
        assert [(use.used, use.limit.most) for use in balance.caps] == [(1_400_000, 100_000_000)]
        (day,) = await stage.desk.sums(By.DAY, NOON, stage.clock.now())
        assert (day.key, day.clips, day.spent) == ("2026-01-08", 7, Micros(1_400_000))


async def test_a_person_stands_there_with_what_they_may_use(tmp_path: Path) -> None:
    async with staged(tmp_path, rules=limited("3 videos a day")) as stage:
        await stage.order()
        await stage.order(by=BOB)
        (ann,) = await stage.desk.people("ann", limit=5)
        standing = await stage.desk.standing(ann)
        assert next(use.used for use in standing.uses) == 1
        (chat,) = await stage.desk.chats(limit=5)
        assert (chat.key, chat.people, chat.orders) == (LOBBY.chat_key, 2, 2)
        (first, second) = await stage.desk.postings("", 5)
        assert {first.name, second.name} == {"Ann", "Bob"}
