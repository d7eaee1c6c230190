"""How things stand at a moment."""

from pathlib import Path

import pytest

from bot.gate import State
from bot.job import Phase
from bot.lookout import Way
from bot.ports import Rendering
from bot.trouble import OutOfService, Undeliverable
from tests.stage import BOB, NOON, Script, Stage, staged


async def ways(stage: Stage) -> list[Way]:
    return list((await stage.core.lookout.situation()).ways)


async def test_of_an_idle_bot_there_is_nothing_to_tell(stage: Stage) -> None:
    situation = await stage.core.lookout.situation()
    assert (situation.jobs, situation.oldest, situation.paused, list(situation.stretches)) == (0, None, None, [])
    assert await ways(stage) == [
        Way(provider="fal", state=State.OPEN, inside=0, room=2, opens_in=None, answers=None, took=None),
    ]


async def test_jobs_are_counted_by_how_far_they_have_come(stage: Stage) -> None:
    stage.chat.receipts = Script(Undeliverable("gone"))
    await stage.finish((await stage.order()).job)
    stage.clock.forward(10)
    stage.provider.sights = Script(Rendering())
    for _ in range(2):
        await stage.until((await stage.order()).job, Phase.RENDERING)
    stage.clock.forward(60)
    await stage.order(by=BOB)
    situation = await stage.core.lookout.situation()
    assert {(each.phase, each.is_stuck): each.jobs for each in situation.stretches} == {
        (Phase.ACCEPTED, False): 1,
        (Phase.RENDERING, False): 2,
        (Phase.DELIVERING, True): 1,
    }
    assert situation.jobs == 4
    assert situation.oldest == NOON
    (waiting,) = [each for each in situation.stretches if each.phase is Phase.ACCEPTED]
    assert waiting.since == waiting.ordered_at == stage.clock.now()


async def test_every_provider_that_is_used_is_told_with_what_its_clips_take(tmp_path: Path) -> None:
    async with staged(tmp_path, providers=("aimlapi", "fal")) as stage:
        for seconds in (60, 80, 200):
            job = (await stage.order("a fox --provider fal")).job
            await stage.step(job)
            stage.clock.forward(seconds)
            await stage.finish(job)
        assert [(way.provider, way.took) for way in await ways(stage)] == [("AIMLAPI", None), ("fal", 80.5)]


async def test_how_quickly_a_provider_answers_is_known_once_it_was_asked(stage: Stage) -> None:
    stage.provider.sights = Script(Rendering())
    await stage.until((await stage.order()).job, Phase.RENDERING)
    assert [way.answers for way in await ways(stage)] == [pytest.approx(0.045)]


async def test_a_provider_that_does_not_work_is_told_with_when_it_is_tried_again(stage: Stage) -> None:
    stage.provider.submits = Script(OutOfService("the key is wrong"))
    job = await stage.job((await stage.order()).job)
    await stage.core.submission.submit(job, "fal")
    stage.clock.forward(20)
    (way,) = await ways(stage)
    assert (way.state, way.opens_in) == (State.HOPELESS, 40.0)


async def test_why_no_orders_are_taken_is_told(stage: Stage) -> None:
    await stage.say("/video_admin everywhere pause because of maintenance")
    assert (await stage.core.lookout.situation()).paused == "maintenance"
    assert await stage.core.lookout.why_paused("web:lobby") == "maintenance"
