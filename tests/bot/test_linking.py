"""One person on two platforms."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.card import Card, JobCard, Order, Press, Verb
from bot.job import Identity, Phase
from bot.linking import (
    MOST_TRIES,
    JoinedWhileBanned,
    JoinedWhileStruck,
    NotBeforeOthers,
    NothingLinked,
    OnlyInPrivate,
    TriedTooOften,
    WrongCode,
)
from bot.moderation import NotFilmed
from bot.refusal import OrderedElsewhere
from bot.strike import CoolingDown
from bot.taboo import Kind, Taboo, Taboos
from bot.trouble import Undeliverable
from tests.stage import ANN, CLIP, LOBBY, Stage, job_card, staged

DISCORD_ANN = Identity(platform="discord", user="77", name="ann#1")
MINUTE, HOUR = 60, 3600


async def link(stage: Stage, by: Identity, code: str = "", *, is_private: bool = True) -> Card:
    place = replace(LOBBY, platform=by.platform)
    return await stage.studio.say(
        Order(identity=by, place=place, event="l", text=f"/link {code}", is_private=is_private)
    )


async def unlink(stage: Stage, by: Identity, *, is_private: bool = True) -> Card:
    place = replace(LOBBY, platform=by.platform)
    return await stage.studio.say(Order(identity=by, place=place, event="u", text="/unlink", is_private=is_private))


async def order_in_discord(stage: Stage) -> JobCard:
    place = replace(LOBBY, platform="discord")
    return job_card(await stage.studio.order(Order(identity=DISCORD_ANN, place=place, event="o", text="a hare")))


async def code_of(stage: Stage, by: Identity = ANN) -> str:
    return (await link(stage, by)).lines[0].removeprefix("/link ")


async def test_whoever_says_the_code_elsewhere_is_the_same_person(stage: Stage) -> None:
    await stage.order("a fox", by=ANN)
    await stage.order("a hare", by=DISCORD_ANN)
    card = await link(stage, DISCORD_ANN, await code_of(stage))
    assert card.title == "Joined"
    for identity in (ANN, DISCORD_ANN):
        assert (await stage.account(identity)).running == 2
        assert [job.request.prompt for job in await stage.store.latest_of(identity, 5)] == ["a hare", "a fox"]


async def test_somebody_who_never_ordered_can_be_joined(stage: Stage) -> None:
    assert (await link(stage, DISCORD_ANN, await code_of(stage))).title == "Joined"
    await stage.order("a fox", by=DISCORD_ANN)
    assert (await stage.account(ANN)).running == 1


async def test_a_code_may_be_typed_as_it_comes(stage: Stage) -> None:
    code = (await code_of(stage)).replace("-", "").lower()
    assert (await link(stage, DISCORD_ANN, f" {code[:4]} {code[4:]} ")).title == "Joined"


async def test_a_code_works_once(stage: Stage) -> None:
    code = await code_of(stage)
    await link(stage, DISCORD_ANN, code)
    with pytest.raises(WrongCode):
        await link(stage, Identity(platform="discord", user="mallory"), code)


async def test_a_newer_code_replaces_the_older(stage: Stage) -> None:
    older, newer = await code_of(stage), await code_of(stage)
    with pytest.raises(WrongCode):
        await link(stage, DISCORD_ANN, older)
    assert (await link(stage, DISCORD_ANN, newer)).title == "Joined"


async def test_a_code_is_good_for_ten_minutes(stage: Stage) -> None:
    code = await code_of(stage)
    stage.clock.forward(10 * MINUTE + 1)
    with pytest.raises(WrongCode):
        await link(stage, DISCORD_ANN, code)


async def test_who_is_joined_already_is_told_so(stage: Stage) -> None:
    await link(stage, DISCORD_ANN, await code_of(stage))
    assert (await link(stage, DISCORD_ANN, await code_of(stage))).title == "You are the same person here"


async def test_who_guesses_is_locked_out_even_with_the_right_code_and_only_for_an_hour(stage: Stage) -> None:
    code = await code_of(stage)
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongCode):
            await link(stage, DISCORD_ANN, "AAAA-AAAA")
    with pytest.raises(TriedTooOften):
        await link(stage, DISCORD_ANN, code)
    assert (await link(stage, Identity(platform="discord", user="bob"), code)).title == "Joined"
    stage.clock.forward(HOUR + 1)
    assert (await link(stage, DISCORD_ANN, await code_of(stage))).title == "Joined"


async def test_a_right_code_forgives_the_wrong_ones(stage: Stage) -> None:
    for _ in range(2):
        for _ in range(MOST_TRIES - 1):
            with pytest.raises(WrongCode):
                await link(stage, DISCORD_ANN, "AAAA-AAAA")
        await link(stage, DISCORD_ANN, await code_of(stage))


async def test_a_code_is_not_told_where_others_read(stage: Stage) -> None:
    with pytest.raises(OnlyInPrivate):
        await link(stage, ANN, is_private=False)


async def test_a_code_that_others_have_read_is_good_no_more(stage: Stage) -> None:
    code = await code_of(stage)
    with pytest.raises(OnlyInPrivate):
        await link(stage, DISCORD_ANN, code, is_private=False)
    with pytest.raises(WrongCode):
        await link(stage, DISCORD_ANN, code)


async def test_a_code_said_to_where_it_came_from_stays_good(stage: Stage) -> None:
    code = await code_of(stage)
    assert (await link(stage, ANN, code)).title == "You are the same person here"
    assert (await link(stage, DISCORD_ANN, code)).title == "Joined"


async def test_joining_in_the_middle_of_a_job_keeps_its_ledger_line(stage: Stage) -> None:
    card = await stage.order("a hare", by=DISCORD_ANN)
    await stage.until(card.job, Phase.FETCHING)
    stale = await stage.job(card.job)
    await link(stage, DISCORD_ANN, await code_of(stage))
    await stage.core.record.charge(stale, Phase.DELIVERING, "filmed", clip=CLIP)
    assert (await stage.account(ANN)).clips == 1


async def test_a_joined_person_owns_what_was_ordered_with_the_other_account(stage: Stage) -> None:
    card = await stage.order("a hare", by=DISCORD_ANN)
    await link(stage, DISCORD_ANN, await code_of(stage))
    assert (await stage.press(Verb.CANCEL, card.job, by=ANN)).phase is Phase.CANCELLED


async def test_a_kept_clip_is_asked_for_where_it_was_ordered(stage: Stage) -> None:
    card = await stage.order("a hare")
    stage.chat.receipts.will(Undeliverable("kicked"))
    await stage.finish(card.job)
    await link(stage, DISCORD_ANN, await code_of(stage))
    there = replace(LOBBY, platform="discord")
    with pytest.raises(OrderedElsewhere):
        await stage.studio.act(Press(identity=DISCORD_ANN, place=there, event="s", verb=Verb.SEND_AGAIN, job=card.job))


async def test_an_account_that_parts_has_its_own_history_again(stage: Stage) -> None:
    await stage.order("a fox", by=ANN)
    await order_in_discord(stage)
    await link(stage, DISCORD_ANN, await code_of(stage))
    assert (await unlink(stage, DISCORD_ANN)).title == "Parted"
    for identity, prompt in ((ANN, "a fox"), (DISCORD_ANN, "a hare")):
        assert [job.request.prompt for job in await stage.store.latest_of(identity, 5)] == [prompt]


async def test_an_account_alone_has_nothing_to_part_from(stage: Stage) -> None:
    with pytest.raises(NothingLinked):
        await unlink(stage, ANN)


async def test_accounts_are_parted_where_nobody_else_reads(stage: Stage) -> None:
    await link(stage, DISCORD_ANN, await code_of(stage))
    with pytest.raises(NotBeforeOthers):
        await unlink(stage, ANN, is_private=False)


async def test_whoever_is_banned_stays_joined(stage: Stage) -> None:
    await link(stage, DISCORD_ANN, await code_of(stage))
    await stage.say("/video_admin everywhere ban too loud", about=ANN)
    with pytest.raises(JoinedWhileBanned):
        await unlink(stage, DISCORD_ANN)


async def test_whoever_has_to_wait_cannot_leave_that_to_another_account(tmp_path: Path) -> None:
    gore = Taboos(each=(Taboo(spelling="gore", kind=Kind.BLOCK),))
    async with staged(tmp_path, taboos=gore) as stage:
        await link(stage, DISCORD_ANN, await code_of(stage))
        for number in range(3):
            with pytest.raises(NotFilmed):
                await stage.order(f"gore {number}")
        with pytest.raises(JoinedWhileStruck, match="They can be parted 24 hours after"):
            await unlink(stage, ANN)
        with pytest.raises(CoolingDown):
            await stage.order("a fox")


async def test_a_job_that_runs_while_its_account_parts_is_charged_to_it(stage: Stage) -> None:
    await link(stage, DISCORD_ANN, await code_of(stage))
    card = await order_in_discord(stage)
    await stage.until(card.job, Phase.FETCHING)
    stale = await stage.job(card.job)
    await unlink(stage, DISCORD_ANN)
    await stage.core.record.charge(stale, Phase.DELIVERING, "filmed", clip=CLIP)
    assert ((await stage.account(ANN)).clips, (await stage.account(DISCORD_ANN)).clips) == (0, 1)


async def test_the_code_is_not_kept_as_it_is(stage: Stage) -> None:
    code = (await code_of(stage)).replace("-", "")
    stored = b"".join(file.read_bytes() for file in stage.database.parent.glob("rushes.db*"))
    assert code.encode() not in stored
