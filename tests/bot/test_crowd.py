"""Hundreds of orders at once: each is answered, and everybody gets a turn."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.card import JobCard
from bot.phrase import limit_of
from bot.rules import Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from tests.stage import ANN, Stage, staged

MEMBERS, EACH, MOST = 30, 12, 10
ROOM, ROUNDS = 1, 2
"""One at a time, so that the order in which they are filmed is that in which they were let in."""


async def everybody_orders(stage: Stage) -> list[JobCard | BaseException]:
    """The first member twelve times, then the second, and so on, as fast as they can."""
    return await asyncio.gather(
        *(
            stage.order(f"a fox for {member}", by=replace(ANN, user=f"u{member}"))
            for member in range(MEMBERS)
            for _ in range(EACH)
        ),
        return_exceptions=True,
    )


async def test_every_order_of_a_crowd_is_accepted_with_a_position_or_refused_with_the_reason(tmp_path: Path) -> None:
    rules = Rules(limits=indexed([Rule(scope=Scope.BOT, subject="", limit=limit_of(f"{MOST} videos a day"))]))
    async with staged(tmp_path, room=ROOM, rules=rules) as stage:
        answers = await everybody_orders(stage)
    accepted = [card.lines[0] for card in answers if isinstance(card, JobCard)]
    refused = [answer.reason for answer in answers if isinstance(answer, LimitReached)]
    assert (len(accepted), len(refused)) == (MEMBERS * MOST, MEMBERS * (EACH - MOST))
    assert set(refused) == {f"{MOST} of {MOST} videos used today."}
    assert accepted.count("Next in line.") == 1
    assert all(line == "Next in line." or line.startswith("Number ") for line in accepted)


async def test_of_a_crowd_everybody_is_filmed_once_before_anybody_is_twice(tmp_path: Path) -> None:
    async with staged(tmp_path, room=ROOM) as stage:
        await everybody_orders(stage)
        engine = asyncio.create_task(stage.engine.run())
        async with asyncio.timeout(30):
            while len(stage.provider.takes) < ROUNDS * MEMBERS:
                stage.clock.forward(1)
                await stage.store.jobs_in("web", "lobby", 1)
        stage.engine.stop()
        await engine
    filmed = [take.request.prompt for take in stage.provider.takes]
    for turn in range(ROUNDS):
        assert len(set(filmed[turn * MEMBERS : (turn + 1) * MEMBERS])) == MEMBERS
