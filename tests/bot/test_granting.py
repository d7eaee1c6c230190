"""What is granted beyond the allowances, and what operators can do and hear."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.allowance import Unit
from bot.books import Grant
from bot.card import Order, Verb
from bot.decision import Decision
from bot.job import Phase
from bot.phrase import limit_of
from bot.refusal import Paused
from bot.rules import Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from tests.stage import ANN, BOB, LOBBY, NOON, OWNER, Stage, staged

DAY = timedelta(days=1)


@asynccontextmanager
async def limited(folder: Path, *words: str, cap: tuple[str, ...] = (), seed: int = 7) -> AsyncIterator[Stage]:
    own = [Rule(scope=Scope.BOT, limit=limit_of(each)) for each in words]
    caps = [Rule(scope=Scope.BOT, limit=limit_of(each), is_cap=True) for each in cap]
    async with staged(folder, rules=Rules(limits=indexed([*own, *caps])), seed=seed) as stage:
        yield stage


def videos(count: int, reason: str = "a prize", days: int | None = None) -> Grant:
    until = None if days is None else NOON + days * DAY
    return Grant(unit=Unit.VIDEOS, amount=count, left=count, reason=reason, until=until)


def money(micros: int, reason: str = "a voucher", days: int | None = None) -> Grant:
    return replace(videos(micros, reason, days), unit=Unit.MONEY)


async def told(stage: Stage) -> list[str]:
    card = await stage.studio.say(Order(identity=ANN, place=LOBBY, event="u", text="/usage"))
    return list(card.lines[2:])


async def granted(stage: Stage, grant: Grant) -> None:
    decision = Decision(by=OWNER.key, at=stage.clock.now(), what="grant")
    await stage.store.rulebook.grant(ANN, grant, decision)


async def test_a_grant_is_used_only_when_the_allowance_is_used_up(tmp_path: Path) -> None:
    async with limited(tmp_path, "1 video a day") as stage:
        await granted(stage, videos(2))
        await stage.order()
        assert "Besides, 2 videos granted: a prize." in await told(stage)
        await stage.order()
        await stage.order()
        with pytest.raises(LimitReached, match=r"1 of 1 video used today\."):
            await stage.order()


async def test_what_was_granted_is_no_one_else_s(tmp_path: Path) -> None:
    async with limited(tmp_path, "0 videos a day") as stage:
        await granted(stage, videos(1))
        with pytest.raises(LimitReached):
            await stage.order(by=BOB)


async def test_the_grant_that_ends_first_is_used_first(tmp_path: Path) -> None:
    async with limited(tmp_path, "0 videos a day") as stage:
        for grant in (videos(1, "for good"), videos(1, "for three days", 3), videos(1, "for two days", 2)):
            await granted(stage, grant)
        await stage.order()
        left = [line for line in await told(stage) if line.startswith("Besides")]
        assert left == [
            "Besides, 1 video granted: for three days, to be used by then: on 4 January at 12:00.",
            "Besides, 1 video granted: for good.",
        ]


async def test_money_is_granted_for_what_the_allowance_lacks(tmp_path: Path) -> None:
    async with limited(tmp_path, "$0.30 a day") as stage:
        await granted(stage, money(60_000, "first", 1))
        await granted(stage, money(60_000, "second"))
        await stage.order()
        await stage.order()
        assert (await told(stage))[:2] == [
            "$0.30 of $0.30 used today, $0.00 left; more is free at 00:00.",
            "Besides, $0.02 granted: second.",
        ]


async def test_a_refund_gives_back_what_was_taken(tmp_path: Path) -> None:
    async with limited(tmp_path, "$0.10 a day", "0 videos a day") as stage:
        for grant in (videos(1), money(60_000, "first", 1), money(60_000, "second")):
            await granted(stage, grant)
        card = await stage.order()
        await stage.press(Verb.CANCEL, card.job)
        left = [grant.left for grant in (await stage.store.standing(ANN, LOBBY, NOON, Rules())).grants]
        assert left == [60_000, 1, 60_000]
        await stage.order()


async def test_a_change_takes_more_or_gives_back_first_what_was_granted(tmp_path: Path) -> None:
    async with limited(tmp_path, "$0.30 a day") as stage:
        for grant in (money(30_000, "first", 1), money(80_000, "second")):
            await granted(stage, grant)
        await stage.order("a fox", event="e")

        async def left_after(text: str) -> list[int]:
            await stage.studio.amend(Order(identity=ANN, place=LOBBY, event="e", text=text))
            return [grant.left for grant in (await stage.store.standing(ANN, LOBBY, NOON, Rules())).grants]

        assert await left_after("a fox --res 1080p") == [10_000]
        assert await left_after("a fox --dur 8 --res 360p") == [30_000, 80_000]
        assert await left_after("a fox --res 1080p") == [10_000]
        assert await left_after("a fox --audio --multi") == [60_000]
        assert await left_after("a fox") == [30_000, 80_000]


async def test_what_is_unused_at_the_end_expires_with_a_line_of_its_own(tmp_path: Path) -> None:
    async with limited(tmp_path, "0 videos a day") as stage:
        await granted(stage, videos(3, days=1))
        card = await stage.order()
        stage.clock.forward(DAY.total_seconds())
        with pytest.raises(LimitReached):
            await stage.order()
        assert (await told(stage))[-3:] == [
            "2 videos expired, which had been granted: a prize",
            "$0.20 reserved: “a fox”",
            "+3 videos granted: a prize",
        ]
        await stage.press(Verb.CANCEL, card.job)
        assert (await told(stage))[-4:-1] == [
            "1 video expired, which had been granted: a prize",
            "“a fox” refunded: cancelled before the provider began",
            "2 videos expired, which had been granted: a prize",
        ]


async def test_a_grant_does_not_lift_the_caps(tmp_path: Path) -> None:
    async with limited(tmp_path, "0 videos a day", cap=("$0.20 a day",)) as stage:
        await granted(stage, videos(2))
        await stage.order()
        with pytest.raises(LimitReached, match="budget of this bot"):
            await stage.order()


async def test_a_paused_bot_refuses_what_is_new_and_ends_what_runs(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        running = await stage.order()
        await stage.say("/video_admin everywhere pause because of moving  house")
        with pytest.raises(Paused, match="takes no new orders: moving house"):
            await stage.order("a hare")
        assert (await stage.finish(running.job)).phase is Phase.DELIVERED
    async with staged(tmp_path, seed=8) as stage:
        with pytest.raises(Paused, match="moving house"):
            await stage.order(event="later")
        await stage.say("/video_admin everywhere pause still moving", event="after the restart")
        with pytest.raises(Paused, match="still moving"):
            await stage.order(event="later")
        await stage.say("/video_admin everywhere resume")
        await stage.order(event="later")


async def test_an_event_that_was_seen_is_answered_during_a_pause(stage: Stage) -> None:
    card = await stage.order(event="e")
    await stage.say("/video_admin everywhere pause lunch")
    assert (await stage.order(event="e")).job == card.job


async def test_operators_hear_of_each_share_of_a_cap_once_a_window_and_over_restarts(tmp_path: Path) -> None:
    async with limited(tmp_path, cap=("$2 a day",)) as stage:
        heard = stage.operators.heard
        for _ in range(4):
            await stage.order()
        assert heard == []
        await stage.order()
        assert heard == ["50 % of what the bot may use ($2.00 a day): $1.00 used"]
    async with limited(tmp_path, cap=("$2 a day",), seed=8) as stage:
        for number in range(5):
            await stage.order(event=f"new {number}")
        assert stage.operators.heard == [
            f"{share} % of what the bot may use ($2.00 a day): ${used} used"
            for share, used in ((75, "1.60"), (90, "1.80"), (100, "2.00"))
        ]


async def test_operators_hear_of_a_cap_that_has_no_room_for_the_next_one(tmp_path: Path) -> None:
    async with limited(tmp_path, cap=("$0.50 a day", "9 running")) as stage:
        await stage.order()
        await stage.order()
        for _ in range(2):
            with pytest.raises(LimitReached):
                await stage.order()
        assert stage.operators.heard == [
            "75 % of what the bot may use ($0.50 a day): $0.40 used",
            "100 % of what the bot may use ($0.50 a day): $0.40 used, and an order was refused",
        ]
        stage.clock.forward(DAY.total_seconds())
        await stage.order()
        await stage.order()
        assert len(stage.operators.heard) == 3


async def test_a_cap_that_rolls_is_told_once_in_its_length(tmp_path: Path) -> None:
    async with limited(tmp_path, cap=("2 videos in 2 hours",)) as stage:
        await stage.order()
        await stage.order()
        assert stage.operators.heard == [
            "50 % of what the bot may use (2 videos in 2 hours): 1 video used",
            "100 % of what the bot may use (2 videos in 2 hours): 2 videos used",
        ]


async def test_a_bot_that_may_use_nothing_says_so_once(tmp_path: Path) -> None:
    async with limited(tmp_path, cap=("0 videos a day",)) as stage:
        for _ in range(2):
            with pytest.raises(LimitReached):
                await stage.order()
        assert stage.operators.heard == [
            "100 % of what the bot may use (0 videos a day): 0 videos used, and an order was refused"
        ]


async def test_operators_hear_nothing_of_what_others_limits_refuse(tmp_path: Path) -> None:
    async with limited(tmp_path, "0 videos a day", cap=("1 running",)) as stage:
        with pytest.raises(LimitReached):
            await stage.order()
        assert stage.operators.heard == []


async def test_somebody_who_is_named_by_number_keeps_the_name_that_they_had(stage: Stage) -> None:
    await stage.order(by=replace(ANN, handle="ann_b"))
    await stage.say(f"/video_admin everywhere grant {ANN.key} 5 videos")
    assert await stage.store.rulebook.names([ANN.key]) == {ANN.key: "Ann"}
    assert await stage.store.rulebook.called("web", "ann_b") == ANN
