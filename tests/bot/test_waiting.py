import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from bot.card import Usual
from bot.catalogue import Shot, offer_named, shot_of
from bot.request import Resolution, VideoRequest
from bot.waiting import REMEMBERED, Durations, next_pause, retry_pause
from storage.sqlite.store import sqlite_store
from tests.stage import PSEUDONYM

FAL = offer_named("fal/pixverse-v5.5")
PIXVERSE = offer_named("pixverse/pixverse-v5.5")
SHOT = shot_of(VideoRequest(prompt="a fox"))
OTHER_SHOTS: list[Shot] = [
    shot_of(VideoRequest(prompt="a fox", resolution=Resolution.P1080)),
    shot_of(VideoRequest(prompt="a fox", seconds=8)),
    shot_of(VideoRequest(prompt="a fox", audio=True)),
]


def test_a_young_generation_is_looked_at_soon_and_an_old_one_every_fifteen_seconds() -> None:
    assert next_pause(0) == 0.5
    assert next_pause(1000) == 15


def test_looks_become_rarer_with_age() -> None:
    ages = [0.0]
    while ages[-1] < 1000:
        ages.append(ages[-1] + next_pause(ages[-1]))
    pauses = [later - earlier for earlier, later in pairwise(ages)]
    assert all(earlier <= later + 1e-9 for earlier, later in pairwise(pauses))
    assert len(pauses) < 80


@pytest.mark.parametrize(("attempt", "least", "most"), [(1, 1, 2), (3, 4, 8), (6, 30, 60), (7, 30, 60)])
def test_every_try_waits_longer_up_to_a_minute_and_chance_spreads_them(attempt: int, least: int, most: int) -> None:
    assert retry_pause(attempt, 0.0) == least
    assert retry_pause(attempt, 1.0) == most


def test_after_a_day_of_tries_the_next_one_is_still_a_minute_away() -> None:
    assert retry_pause(1440, 1.0) == 60


async def test_nothing_is_usual_before_three_clips(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        durations = Durations(store)
        assert durations.usual(FAL, SHOT) is None
        for seconds in (30.0, 40.0):
            await durations.learn(FAL, SHOT, seconds)
        assert durations.usual(FAL, SHOT) is None
        await durations.learn(FAL, SHOT, 50.0)
        assert durations.usual(FAL, SHOT) == Usual(40.0, 48.0)


async def test_each_kind_of_shot_at_each_offer_has_its_own_usual_time(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        durations = Durations(store)
        for seconds in (30.0, 40.0, 50.0):
            await durations.learn(FAL, SHOT, seconds)
        assert durations.usual(PIXVERSE, SHOT) is None
        assert [durations.usual(FAL, other) for other in OTHER_SHOTS] == [None, None, None]


async def test_what_was_learnt_outlives_a_restart(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        before = Durations(store)
        for seconds in (30.0, 40.0, 50.0):
            await before.learn(FAL, SHOT, seconds)
        after = Durations(store)
        await after.load(FAL, SHOT)
        await after.load(FAL, SHOT)
        assert after.usual(FAL, SHOT) == before.usual(FAL, SHOT)


async def test_only_the_latest_clips_count_also_after_a_restart(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        before = Durations(store)
        for seconds in [1000.0] * 5 + [30.0] * (REMEMBERED - 1):
            await before.learn(FAL, SHOT, seconds)
        after = Durations(store)
        for durations in (before, after):
            await durations.learn(FAL, SHOT, 30.0)
            assert durations.usual(FAL, SHOT) == Usual(30.0, 30.0)


async def test_two_that_read_the_past_at_once_count_it_once(tmp_path: Path) -> None:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        durations = Durations(store)
        await asyncio.gather(*(durations.learn(FAL, SHOT, seconds) for seconds in (10.0, 20.0, 60.0)))
        assert durations.usual(FAL, SHOT) == Usual(20.0, 52.0)
