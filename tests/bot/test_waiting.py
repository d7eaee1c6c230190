import asyncio
from pathlib import Path

import pytest

from bot.card import Usual
from bot.catalogue import Shot, offer_named, shot_of
from bot.course import UNCOUNTED, Course
from bot.request import Resolution, VideoRequest
from bot.waiting import REMEMBERED, Schedules, retry_pause
from storage.sqlite.store import SqliteStore, sqlite_store
from tests.stage import PSEUDONYM

FAL = offer_named("fal/pixverse-v5.5")
PIXVERSE = offer_named("pixverse/pixverse-v5.5")
SHOT = shot_of(VideoRequest(prompt="a fox"))
OTHER_SHOTS: list[Shot] = [
    shot_of(VideoRequest(prompt="a fox", resolution=Resolution.P1080)),
    shot_of(VideoRequest(prompt="a fox", seconds=8)),
    shot_of(VideoRequest(prompt="a fox", audio=True)),
]


@pytest.mark.parametrize(("attempt", "least", "most"), [(1, 1, 2), (3, 4, 8), (6, 30, 60), (7, 30, 60)])
def test_every_try_waits_longer_up_to_a_minute_and_chance_spreads_them(attempt: int, least: int, most: int) -> None:
    assert retry_pause(attempt, 0.0) == least
    assert retry_pause(attempt, 1.0) == most


def test_after_a_day_of_tries_the_next_one_is_still_a_minute_away() -> None:
    assert retry_pause(1440, 1.0) == 60


def took(seconds: float) -> Course:
    return Course(not_by=seconds - 1, by=seconds, looks=5)


async def filmed(schedules: Schedules, *seconds: float) -> None:
    for each in seconds:
        await schedules.learn(FAL, SHOT, took(each))


async def test_each_kind_of_shot_at_each_offer_has_its_own_usual_time(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        schedules = Schedules(store)
        await filmed(schedules, 30.0, 40.0, 50.0)
        assert schedules.usual(FAL, SHOT) is not None
        assert schedules.usual(PIXVERSE, SHOT) is None
        assert [schedules.usual(FAL, other) for other in OTHER_SHOTS] == [None, None, None]


async def test_what_was_learnt_outlives_a_restart(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        before, after = Schedules(store), Schedules(store)
        await filmed(before, 30.0, 40.0, 50.0)
        await before.learn(FAL, SHOT, Course(not_by=60, by=61, queued=5, rendering=9, looks=7))
        assert await learnt(after) == await learnt(before)


async def learnt(schedules: Schedules) -> tuple[Usual | None, list[float]]:
    schedule = await schedules.load(FAL, SHOT)
    return schedules.usual(FAL, SHOT), [schedule.pause(UNCOUNTED, age) for age in range(0, 200, 10)]


async def test_what_was_learnt_is_read_once(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        schedules = Schedules(store)
        first, second = await asyncio.gather(schedules.load(FAL, SHOT), schedules.load(FAL, SHOT))
        assert first is second is await schedules.load(FAL, SHOT)


async def test_no_more_is_read_than_still_counts(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        await asyncio.gather(*(store.learn(FAL, SHOT, took(30.0)) for _ in range(REMEMBERED + 1)))
        assert len(await store.courses(FAL, SHOT, REMEMBERED)) == REMEMBERED
        assert await usual_now(store) == pytest.approx(29.5, rel=0.05)


async def usual_now(store: SqliteStore) -> float:
    schedules = Schedules(store)
    await schedules.load(FAL, SHOT)
    usual = schedules.usual(FAL, SHOT)
    assert usual is not None
    return usual.median
