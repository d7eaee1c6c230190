"""What every implementation of `bot.ports.Store` keeps of what is forbidden, and of who was refused for it."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.decision import Ban, Banned, Decision, Ruling
from bot.job import Entry, EntryKind, Failure, FailureKind, Identity, Job, Phase
from bot.money import Micros
from bot.ports import LinkAttempt
from bot.refusal import Paused
from bot.rules import FREE
from bot.strike import CoolingDown, Struck
from bot.taboo import Kind, Taboo
from storage.sqlite.store import sqlite_store
from tests.contracts.kept import Kept
from tests.contracts.test_store import a_job
from tests.stage import NOON, PSEUDONYM

ANN = a_job().identity
LOBBY = a_job().place
BY_ADMIN = Decision(by="web:zoe", at=NOON, chat=LOBBY.chat_key, what="as told")
OPERATOR = Decision(by="web:olga", at=NOON, is_operators=True, what="as told")
DAY = timedelta(days=1)
CAUSES = itertools.count()

GORE = Taboo(spelling="gore", kind=Kind.BLOCK)
HERE = Taboo(spelling="/blood/", kind=Kind.ADULT, chat=LOBBY.chat_key)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Kept]:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as opened:
        yield opened


async def struck(store: Kept, times: int, at: datetime = NOON, who: Identity = ANN) -> Struck:
    for _ in range(times):
        found = await store.strike(who, LOBBY.chat_key, f"cause {next(CAUSES)}", at)
    return found


async def accepted(store: Kept, number: int, at: datetime = NOON) -> Job:
    return (await store.accept(replace(a_job(number), ordered_at=at), f"e{number}", FREE)).job


def forbidden(*taboos: Taboo) -> Ruling:
    return Ruling(forbidden=taboos)


async def test_what_is_forbidden_holds_in_its_chat_or_everywhere(store: Kept) -> None:
    book = store.rulebook
    assert await book.taboos(LOBBY.chat_key) == []
    await book.decide(forbidden(HERE), BY_ADMIN)
    await book.decide(forbidden(GORE), OPERATOR)
    assert await book.taboos(LOBBY.chat_key) == [HERE, GORE]
    assert await book.taboos("web:cellar") == [GORE]
    assert await book.taboos("") == [GORE]


async def test_another_kind_of_the_same_rule_takes_its_place(store: Kept) -> None:
    stricter = replace(HERE, kind=Kind.BLOCK)
    await store.rulebook.decide(forbidden(HERE), BY_ADMIN)
    await store.rulebook.decide(forbidden(stricter), BY_ADMIN)
    assert await store.rulebook.taboos(LOBBY.chat_key) == [stricter]


async def test_what_is_permitted_was_forbidden_in_that_very_place(store: Kept) -> None:
    await store.rulebook.decide(forbidden(HERE), BY_ADMIN)
    await store.rulebook.decide(Ruling(permitted=(HERE.spelling,)), OPERATOR)
    assert await store.rulebook.taboos(LOBBY.chat_key) == [HERE]
    await store.rulebook.decide(Ruling(permitted=(HERE.spelling,)), BY_ADMIN)
    assert await store.rulebook.taboos(LOBBY.chat_key) == []


async def test_a_job_for_adults_comes_back_as_one(store: Kept) -> None:
    job = (await store.accept(replace(a_job(), adult=True, spoiler=True), "e", FREE)).job
    assert (job.adult, job.spoiler) == (True, True)
    saved = await store.save(replace(job, adult=False, spoiler=False))
    assert await store.job(job.id) == saved


async def test_the_third_strike_of_a_day_closes_for_ten_minutes(store: Kept) -> None:
    assert await struck(store, 2) == Struck(2, None)
    await accepted(store, 1)
    until = NOON + timedelta(minutes=10)
    assert await struck(store, 1, NOON + timedelta(microseconds=1)) == Struck(3, until + timedelta(microseconds=1))
    with pytest.raises(CoolingDown, match="at 12:10"):
        await accepted(store, 2)
    with pytest.raises(CoolingDown):
        await accepted(store, 2, until)
    await accepted(store, 2, until + timedelta(microseconds=1))


async def test_each_further_strike_closes_for_longer_up_to_a_day(store: Kept) -> None:
    await struck(store, 2)
    at, ends = NOON, []
    for _ in range(3):
        until = (await struck(store, 1, at)).until
        assert until is not None
        ends.append(until - at)
        at = until
    assert ends == [timedelta(minutes=10), timedelta(hours=1), DAY]
    assert (await struck(store, 1, NOON + timedelta(hours=2))).until == at, "one during a pause changes nothing"


async def test_a_strike_counts_for_a_day(store: Kept) -> None:
    await struck(store, 2)
    almost = NOON + DAY - timedelta(microseconds=1)
    assert (await store.strike(ANN, LOBBY.chat_key, "x", almost)).count == 3
    assert (await struck(store, 1, NOON + DAY + timedelta(hours=1))).count == 2


async def test_the_same_cause_is_one_strike(store: Kept) -> None:
    outcomes = await asyncio.gather(*(store.strike(ANN, LOBBY.chat_key, "same", NOON) for _ in range(20)))
    assert set(outcomes) == {Struck(1, None)}


async def test_a_pause_holds_for_every_account_of_a_person(store: Kept) -> None:
    other = Identity(platform="discord", user="7")
    await struck(store, 3, who=other)
    await store.offer_link(ANN, "code", NOON, NOON + DAY)
    assert await store.redeem_link(other, "code", NOON, since=NOON, most_tries=5) is LinkAttempt.JOINED
    with pytest.raises(CoolingDown):
        await accepted(store, 1)


async def test_what_was_forgiven_neither_closes_nor_counts(store: Kept) -> None:
    await accepted(store, 0)
    await struck(store, 3)
    forgiven = Ruling(forgiven=(ANN.key, "web:nobody"))
    await store.rulebook.decide(forgiven, replace(BY_ADMIN, chat="web:cellar"))
    with pytest.raises(CoolingDown):
        await accepted(store, 1)
    await store.rulebook.decide(forgiven, BY_ADMIN)
    await accepted(store, 1)
    assert await struck(store, 1, NOON + timedelta(hours=1)) == Struck(1, None)
    await store.rulebook.decide(forgiven, OPERATOR)
    assert await struck(store, 1, NOON + timedelta(hours=1)) == Struck(1, None)


async def test_a_verdict_of_the_provider_is_a_strike_with_the_refund_and_only_then(store: Kept) -> None:
    for number in range(3):
        job = await accepted(store, number)
        failed = replace(job.entering(Phase.FAILED, NOON), failure=Failure(FailureKind.MODERATED))
        saved = await store.save(failed, Entry(EntryKind.REFUND, Micros(0), "moderated"))
        await store.save(replace(saved, told=True))
    job = replace(a_job(9), ordered_at=NOON)
    with pytest.raises(CoolingDown):
        await store.accept(job, "e9", FREE)
    assert await struck(store, 1, NOON + timedelta(minutes=11)) == Struck(4, NOON + timedelta(minutes=71))


async def test_whoever_is_not_welcome_is_told_before_anything_is_written(store: Kept) -> None:
    await store.welcome(ANN, LOBBY, NOON, FREE)
    assert await store.person_of(ANN) is None
    await struck(store, 3)
    with pytest.raises(CoolingDown):
        await store.welcome(ANN, LOBBY, NOON, FREE)
    await store.rulebook.decide(Ruling(marks=((ANN.key, Ban("too loud")),)), BY_ADMIN)
    with pytest.raises(Banned):
        await store.welcome(ANN, LOBBY, NOON, FREE)
    await store.rulebook.pause("cleaning", OPERATOR)
    with pytest.raises(Paused):
        await store.welcome(ANN, LOBBY, NOON, FREE)
