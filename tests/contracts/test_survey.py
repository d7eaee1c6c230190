"""What every implementation of `bot.survey.Survey` finds."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.access import DOOR
from bot.allowance import Unit
from bot.books import Grant
from bot.catalogue import offer_named, shot_of
from bot.course import Course
from bot.decision import Ban, Decision, Member, Ruling
from bot.job import Clip, Delivery, Entry, EntryKind, Identity, Job, JobId, Phase, Ticket
from bot.money import Micros
from bot.request import VideoRequest
from bot.rules import FREE
from bot.survey import By, Search
from storage.sqlite.store import sqlite_store
from tests.contracts.kept import Kept
from tests.contracts.test_store import a_job
from tests.stage import NOON, PSEUDONYM

OPERATOR = Decision(by="web:owner", name="Olga", at=NOON, is_operators=True, what="as told")
DAY = timedelta(days=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Kept]:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as opened:
        yield opened


async def accepted(store: Kept, job: Job) -> Job:
    return (await store.accept(job, f"order {job.id}", FREE)).job


async def filmed(store: Kept, job: Job) -> Job:
    job = await accepted(store, job)
    clip = Clip(name=f"{job.id}.mp4", width=1280, height=720, seconds=5, size=1000)
    for phase in (Phase.SUBMITTING, Phase.RENDERING, Phase.FETCHING):
        job = await store.save(replace(job.entering(phase, job.ordered_at), ticket=Ticket("t")))
    job = replace(job.entering(Phase.DELIVERING, job.ordered_at), clip=clip, charged=True)
    job = await store.save(job, Entry(EntryKind.SETTLE, job.price, "filmed"))
    return await store.save(replace(job.entering(Phase.DELIVERED, job.ordered_at), delivery=Delivery.DONE))


async def refunded(store: Kept, job: Job) -> Job:
    job = await accepted(store, job)
    ended = job.entering(Phase.CANCELLED, job.ordered_at)
    return await store.save(ended, Entry(EntryKind.REFUND, Micros(0), "cancelled"))


def about(job: Job, prompt: str = "a fox", offer: str = "fal/pixverse-v5.5", at: datetime = NOON) -> Job:
    return replace(job, request=VideoRequest(prompt=prompt), offer_id=offer, ordered_at=at, phase_since=at)


async def found(store: Kept, search: Search) -> list[int]:
    page = await store.survey.jobs(search, 10)
    return [int(job.id, 16) for job in page.jobs]


async def test_jobs_are_found_by_everything_that_is_known_of_them(store: Kept) -> None:
    await filmed(store, about(a_job(1), prompt="ein FUCHS im Öl"))
    await refunded(store, about(a_job(2, user="bob"), at=NOON + DAY))
    await accepted(store, about(a_job(3, chat="cellar"), offer="aimlapi/pixverse-v5", at=NOON + 2 * DAY))
    assert await found(store, Search()) == [3, 2, 1]
    assert await found(store, Search(phases=frozenset({Phase.DELIVERED, Phase.CANCELLED}))) == [2, 1]
    assert await found(store, Search(chat="web:cellar")) == [3]
    assert await found(store, Search(person="web:bob")) == [2]
    assert await found(store, Search(person=await store.person_of(a_job().identity) or "")) == [3, 1]
    assert await found(store, Search(person="web:nobody")) == []
    assert await found(store, Search(provider="aimlapi")) == [3]
    assert await found(store, Search(words="fuchs im öl")) == [1]
    assert await found(store, Search(words="ANN")) == [3, 2, 1]
    assert await found(store, Search(words=a_job(2).id)) == [2]
    assert await found(store, Search(since=NOON + DAY, until=NOON + 2 * DAY)) == [2]
    assert await found(store, Search(has_clip=True)) == [1]


async def test_jobs_come_page_by_page(store: Kept) -> None:
    for number in range(1, 6):
        await accepted(store, a_job(number))
    older: int | None = None
    pages = []
    while True:
        jobs, older = await store.survey.jobs(Search(), 2, older)
        pages.append([int(job.id, 16) for job in jobs])
        if older is None:
            break
    assert pages == [[5, 4], [3, 2], [1]]


async def test_it_is_known_whether_somebody_ordered_alone(store: Kept) -> None:
    job = a_job()
    await accepted(store, replace(job, place=replace(job.place, is_private=True)))
    (found,), _ = await store.survey.jobs(Search(), 1)
    assert found.place.is_private


async def test_what_was_forgotten_is_not_listed(store: Kept) -> None:
    job = await filmed(store, a_job())
    await store.forget(job.identity, NOON, NOON + DAY)
    assert await found(store, Search()) == []
    assert await store.survey.people("", NOON, limit=5) == []


async def test_a_job_is_known_by_how_its_number_begins(store: Kept) -> None:
    await accepted(store, a_job(1))
    await accepted(store, a_job(0xF << 76))
    assert await store.survey.beginning("f") == [JobId("f" + 19 * "0")]
    assert await store.survey.beginning("0") == [a_job(1).id]
    assert await store.survey.beginning("1") == []
    assert await store.survey.story(JobId("1")) is None


async def test_money_is_summed_by_day_provider_chat_and_person(store: Kept) -> None:
    await filmed(store, about(a_job(1)))
    await accepted(store, about(a_job(2, user="bob"), offer="aimlapi/pixverse-v5", at=NOON + timedelta(minutes=1)))
    await refunded(store, about(a_job(3)))
    await filmed(store, about(replace(a_job(4, chat="cellar"), price=Micros(500_000)), at=NOON + DAY))

    async def told(by: By, zone: str = "UTC") -> list[tuple[str, str, int, int, int]]:
        sums = await store.survey.sums(by, NOON, NOON + 2 * DAY, ZoneInfo(zone))
        return [(each.key, each.name, each.clips, each.spent, each.reserved) for each in sums]

    assert await told(By.DAY) == [
        ("2026-01-01", "", 1, 200_000, 200_000),
        ("2026-01-02", "", 1, 500_000, 0),
    ]
    assert [key for key, *_ in await told(By.DAY, "Pacific/Kiritimati")] == ["2026-01-02", "2026-01-03"]
    assert await told(By.PROVIDER) == [("fal", "", 2, 700_000, 0), ("aimlapi", "", 0, 0, 200_000)]
    assert await told(By.CHAT) == [("web:cellar", "", 1, 500_000, 0), ("web:lobby", "", 1, 200_000, 200_000)]
    assert [each[1:] for each in await told(By.PERSON)] == [("Ann", 2, 700_000, 0), ("Ann", 0, 0, 200_000)]
    assert await store.survey.sums(By.DAY, NOON + DAY + DAY, NOON + 3 * DAY, UTC) == []


async def test_people_are_found_by_name_handle_or_key_with_what_was_decided_of_them(store: Kept) -> None:
    ann = Identity(platform="web", user="ann", name="Ännchen", handle="ann_x")
    await filmed(store, replace(a_job(1), identity=ann))
    await accepted(store, about(a_job(2, user="bob"), at=NOON + DAY))
    marks = (("web:ann", Member("crew")), ("web:ann", Ban("spam", NOON + DAY)), ("web:bob", Ban("spam", NOON - DAY)))
    await store.rulebook.decide(Ruling(marks=marks), OPERATOR)
    bob, first = await store.survey.people("", NOON, limit=5)
    assert (bob.orders, bob.spent, bob.latest, bob.marks) == (1, 0, NOON + DAY, [])
    assert (first.identities, first.since, first.orders, first.spent) == ([ann], NOON, 1, 200_000)
    assert first.marks == [("", Member("crew")), ("", Ban("spam", NOON + DAY))]
    assert first.closed_until is None
    for words in ("änn", "@ANN_", "web:ann"):
        assert await store.survey.people(words, NOON, limit=5) == [first]
    assert await store.survey.people("", NOON, limit=5, skip=1) == [first]


async def test_chats_are_listed_with_their_use_and_also_where_something_was_only_decided(store: Kept) -> None:
    await filmed(store, a_job(1))
    await accepted(store, about(a_job(2, user="bob", chat="cellar"), at=NOON + DAY))
    await store.rulebook.decide(Ruling(terms=((DOOR, "listed"),)), replace(OPERATOR, chat="web:attic"))
    await store.rulebook.pause("too late", replace(OPERATOR, chat="web:lobby"))
    chats = await store.survey.chats(limit=5)
    assert [(chat.key, chat.people, chat.orders, chat.spent, chat.latest, chat.paused) for chat in chats] == [
        ("web:cellar", 1, 1, 0, NOON + DAY, None),
        ("web:lobby", 1, 1, 200_000, NOON, "too late"),
        ("web:attic", 0, 0, 0, None, None),
    ]
    assert await store.survey.chats(limit=1, skip=1) == [chats[1]]


async def test_the_ledger_is_told_of_somebody_or_of_everybody(store: Kept) -> None:
    job = await refunded(store, a_job(1))
    await accepted(store, a_job(2, user="bob"))
    grant = Grant(unit=Unit.VIDEOS, amount=2, left=2, reason="a prize")
    await store.rulebook.grant(job.identity, grant, OPERATOR)
    told = await store.survey.postings("web:ann", 5)
    assert [(line.kind, line.unit, line.amount, line.reason, line.job) for line in told] == [
        (EntryKind.GRANT, Unit.VIDEOS, 2, "a prize", None),
        (EntryKind.REFUND, Unit.MONEY, 0, "cancelled", job.id),
        (EntryKind.RESERVE, Unit.MONEY, 200_000, "ordered", job.id),
    ]
    assert len(await store.survey.postings("", 10)) == 4
    assert len(await store.survey.postings("", 2)) == 2


async def test_what_is_under_way_is_summed_up_by_how_far_it_has_come(store: Kept) -> None:
    assert await store.survey.under_way() == []
    first = await accepted(store, a_job(1))
    await accepted(store, replace(a_job(2), ordered_at=NOON + DAY, phase_since=NOON + DAY))
    await store.save(first.entering(Phase.CANCELLED, NOON), Entry(EntryKind.REFUND, Micros(0), "cancelled"))
    (stretch,) = await store.survey.under_way()
    assert (stretch.phase, stretch.is_stuck, stretch.jobs) == (Phase.ACCEPTED, False, 1)
    assert stretch.since == stretch.ordered_at == NOON + DAY


async def test_the_latest_clips_tell_how_long_their_providers_took(store: Kept) -> None:
    for offer, seconds in (("fal/pixverse-v5.5", 60.0), ("aimlapi/pixverse-v5", 90.0), ("fal/pixverse-v5", 70.0)):
        await store.learn(offer_named(offer), shot_of(VideoRequest(prompt="a fox")), Course(by=seconds))
    assert await store.survey.took_lately(2) == [("fal", 70.0), ("aimlapi", 90.0)]
