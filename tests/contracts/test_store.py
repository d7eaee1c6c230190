"""What every implementation of `bot.ports.Store` keeps."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.allowance import Unit
from bot.books import Accepted, Grant
from bot.catalogue import OFFERS, shot_of
from bot.course import Course
from bot.decision import Decision
from bot.job import Clip, Delivery, Entry, EntryKind, Failure, FailureKind, Identity, Job, JobId, Phase, Place, Ticket
from bot.money import Micros
from bot.phrase import limit_of
from bot.ports import Overtaken
from bot.request import Ratio, Resolution, Style, Thinking, VideoRequest
from bot.rules import FREE, Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from storage.sqlite.store import sqlite_store
from tests.contracts.kept import Kept
from tests.stage import NOON, PSEUDONYM

GRANTED = Decision(by="web:owner", at=NOON, what="grant")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Kept]:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as opened:
        yield opened


def a_job(number: int = 1, user: str = "ann", chat: str = "lobby") -> Job:
    return Job(
        id=JobId(f"{number:020x}"),
        person="",
        identity=Identity(platform="web", user=user, name="Ann"),
        place=Place(platform="web", chat=chat),
        request=VideoRequest(prompt="a fox"),
        offer_id="fal/pixverse-v5.5",
        seed=7,
        price=Micros(200_000),
        ordered_at=NOON,
        phase=Phase.ACCEPTED,
        phase_since=NOON,
    )


def everything(job: Job) -> Job:
    """The job with every field set to something."""
    return replace(
        job.entering(Phase.SUBMITTING, NOON + timedelta(seconds=1)),
        attempts=3,
        cancel_asked=True,
        submitted_at=NOON + timedelta(microseconds=1),
        correlation="c",
        ticket=Ticket('{"id": "ü"}'),
        media_url="https://media/a.mp4",
        clip=Clip(name="a.mp4", width=720, height=1280, seconds=8.0, size=12345),
        failure=Failure(FailureKind.MODERATED, "no dragons"),
        charged=True,
        delivery=Delivery.ATTEMPTED,
        receipt="m1",
    )


async def test_a_job_comes_back_as_it_was_written(store: Kept) -> None:
    request = VideoRequest(
        prompt="ein Fuchs 🦊 'im' \"Schnee\"",
        ratio=Ratio.TALL,
        resolution=Resolution.P1080,
        seconds=8,
        negative="blur",
        style=Style.ANIMATION,
        seed=0,
        audio=False,
        multi_clip=True,
        thinking=Thinking.OFF,
        model="pixverse-v5.5",
        provider="fal",
    )
    place = Place(platform="web", chat="lobby", thread="7", reply_to="9")
    accepted, *_ = await store.accept(replace(a_job(), request=request, place=place, notes=("one", "two")), "e", FREE)
    assert await store.job(accepted.id) == accepted
    saved = await store.save(everything(accepted))
    assert saved.revision == accepted.revision + 1
    assert await store.job(accepted.id) == saved


async def test_nobody_knows_a_job_that_was_not_accepted(store: Kept) -> None:
    assert await store.job(JobId("0")) is None


async def test_an_event_that_was_seen_finds_the_job_of_that_time_and_writes_nothing(store: Kept) -> None:
    first, is_new, _ = await store.accept(a_job(1), "e", FREE)
    again, is_new_again, _ = await store.accept(a_job(2), "e", FREE)
    assert (is_new, is_new_again) == (True, False)
    assert again == first
    assert await store.job(a_job(2).id) is None


async def test_the_same_event_at_once_a_hundred_times_is_one_job(store: Kept) -> None:
    outcomes = await asyncio.gather(*(store.accept(a_job(n), "e", FREE) for n in range(100)))
    assert sum(is_new for _, is_new, _ in outcomes) == 1
    assert len({job.id for job, *_ in outcomes}) == 1
    assert len(await store.unfinished()) == 1


async def test_someone_becomes_one_person_whatever_they_are_called(store: Kept) -> None:
    first, *_ = await store.accept(a_job(1), "e1", FREE)
    renamed = replace(a_job(2), identity=Identity(platform="web", user="ann", name="Annie"))
    second, *_ = await store.accept(renamed, "e2", FREE)
    other, *_ = await store.accept(a_job(3, user="bob"), "e3", FREE)
    assert first.person == second.person != other.person


async def test_only_the_job_as_it_is_stored_can_be_changed(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    await store.save(replace(job, attempts=1))
    with pytest.raises(Overtaken):
        await store.save(replace(job, attempts=2))
    stored = await store.job(job.id)
    assert stored is not None
    assert stored.attempts == 1


async def test_of_many_changes_at_once_one_wins(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    outcomes = await asyncio.gather(*(store.save(replace(job, attempts=n)) for n in range(50)), return_exceptions=True)
    assert sum(isinstance(outcome, Job) for outcome in outcomes) == 1


async def test_a_job_ends_once_in_the_ledger(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    settled = await store.save(job, Entry(EntryKind.SETTLE, job.price, "filmed"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.save(settled, Entry(EntryKind.REFUND, Micros(0), "twice"))


async def test_an_ending_that_is_refused_changes_nothing_of_the_job(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    settled = await store.save(job, Entry(EntryKind.SETTLE, job.price, "filmed"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.save(replace(settled, attempts=5), Entry(EntryKind.REFUND, Micros(0), "twice"))
    assert await store.job(job.id) == settled


async def test_unfinished_jobs_come_in_the_order_of_their_arrival(store: Kept) -> None:
    for number in (3, 1, 2):
        await store.accept(a_job(number), f"e{number}", FREE)
    over = await store.job(a_job(1).id)
    assert over is not None
    await store.save(over.entering(Phase.CANCELLED, NOON))
    assert [job.id for job in await store.unfinished()] == [a_job(3).id, a_job(2).id]


async def test_the_latest_of_a_chat_come_oldest_first(store: Kept) -> None:
    for number in range(5):
        await store.accept(a_job(number, chat="lobby" if number else "cellar"), f"e{number}", FREE)
    assert [job.id for job in await store.jobs_in("web", "lobby", 3)] == [a_job(n).id for n in (2, 3, 4)]


async def test_courses_are_kept_apart_by_kind_and_come_newest_first(store: Kept) -> None:
    offer, other = OFFERS[0], OFFERS[1]
    shot = shot_of(VideoRequest(prompt="a fox"))
    plain = Course(not_by=30, by=31.5, looks=None)
    whole = Course(not_by=30.5, by=31, queued=2.5, rendering=4.5, looks=7)
    for course in (plain, plain, whole):
        await store.learn(offer, shot, course)
    await store.learn(other, shot, replace(plain, by=99))
    await store.learn(offer, replace(shot, audio=True), replace(plain, by=98))
    assert await store.courses(offer, shot, 2) == [whole, plain]


async def test_an_order_is_found_by_its_event(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    assert await store.ordered_with("web", "e") == job
    assert await store.ordered_with("web", "f") is None
    assert await store.ordered_with("telegram", "e") is None


async def test_what_ended_or_waits_for_a_person_is_untold_until_it_is_marked(store: Kept) -> None:
    jobs = [(await store.accept(a_job(n), f"e{n}", FREE))[0] for n in range(4)]
    failed = await store.save(replace(jobs[1], phase=Phase.FAILED))
    await store.save(replace(jobs[2], phase=Phase.FAILED, told=True))
    kept = await store.save(replace(jobs[3], delivery=Delivery.GIVEN_UP))
    assert await store.untold("web") == [failed, kept]
    assert await store.untold("telegram") == []


async def test_place_and_request_of_a_job_can_change(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    place = Place(platform="web", chat="other", thread="1", reply_to="2")
    changed = await store.save(replace(job, place=place, request=VideoRequest(prompt="a hare")))
    assert await store.job(job.id) == changed


def limited(*words: str, is_cap: bool = False) -> Rules:
    return Rules(limits=indexed(Rule(scope=Scope.BOT, limit=limit_of(each), is_cap=is_cap) for each in words))


async def test_what_goes_beyond_a_limit_is_refused_and_writes_nothing(store: Kept) -> None:
    rules = limited("1 video a day")
    first = await store.accept(a_job(1), "e1", rules)
    assert [(use.used, use.left) for use in first.uses] == [(1, 0)]
    with pytest.raises(LimitReached) as caught:
        await store.accept(a_job(2), "e2", rules)
    assert caught.value.until == NOON + timedelta(hours=12)
    assert await store.job(a_job(2).id) is None
    assert await store.ordered_with("web", "e2") is None


async def test_an_event_that_was_seen_is_not_held_to_limits(store: Kept) -> None:
    job, *_ = await store.accept(a_job(1), "e", FREE)
    assert await store.accept(a_job(2), "e", limited("0 videos a day")) == Accepted(job, is_new=False)


async def test_of_many_orders_at_once_as_many_are_accepted_as_there_is_room(store: Kept) -> None:
    rules = limited("$1 a day", is_cap=True)
    orders = (store.accept(a_job(n, user=f"u{n % 7}"), f"e{n}", rules) for n in range(100))
    outcomes = await asyncio.gather(*orders, return_exceptions=True)
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 95


async def test_a_higher_price_needs_room_and_a_lower_one_does_not(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    rules = limited("$0.30 a day")
    dear, cheap = (replace(job, price=Micros(price)) for price in (310_000, 100_000))
    with pytest.raises(LimitReached):
        await store.adjust(dear, Entry(EntryKind.ADJUST, dear.price, "dearer"), rules)
    assert await store.job(job.id) == job
    adjusted = await store.adjust(cheap, Entry(EntryKind.ADJUST, cheap.price, "cheaper"), limited("$0 a day"))
    assert await store.job(job.id) == adjusted
    with pytest.raises(Overtaken):
        await store.adjust(dear, Entry(EntryKind.ADJUST, dear.price, "late"), FREE)


@pytest.mark.parametrize(
    ("at", "until", "words"),
    [
        # Within a quarter of an hour, from the middle of one into the next, and over many.
        (NOON + timedelta(minutes=4), NOON + timedelta(minutes=9), "1 video in 5 minutes"),
        (NOON + timedelta(minutes=14), NOON + timedelta(minutes=19), "1 video in 5 minutes"),
        (NOON + timedelta(minutes=7), NOON + timedelta(hours=9, minutes=7), "1 video in 9 hours"),
        (NOON, NOON + timedelta(hours=9), "1 video in 9 hours"),
    ],
)
async def test_a_cap_counts_to_the_microsecond(store: Kept, at: datetime, until: datetime, words: str) -> None:
    rules = limited(words, is_cap=True)
    await store.accept(replace(a_job(1), ordered_at=at), "e1", rules)
    early = replace(a_job(2), ordered_at=until - timedelta(microseconds=1))
    with pytest.raises(LimitReached) as caught:
        await store.accept(early, "e2", rules)
    assert caught.value.until == until
    await store.accept(replace(early, ordered_at=until), "e2", rules)


async def test_where_somebody_stands_is_told_with_every_entry(store: Kept) -> None:
    job, *_ = await store.accept(a_job(), "e", FREE)
    grant = Grant(unit=Unit.VIDEOS, amount=2, left=2, reason="a prize")
    await store.rulebook.grant(job.identity, grant, GRANTED)
    found = await store.standing(job.identity, job.place, NOON, limited("3 videos a day"))
    assert (found.account.running, found.account.reserved, found.account.clips) == (1, 200_000, 0)
    assert [use.used for use in found.uses] == [1]
    assert [(grant.unit, grant.left, grant.until) for grant in found.grants] == [(Unit.VIDEOS, 2, None)]
    assert [(line.kind, line.amount, line.prompt) for line in found.lines] == [
        (EntryKind.GRANT, 2, ""),
        (EntryKind.RESERVE, 200_000, "a fox"),
    ]


async def test_what_was_granted_moves_with_whoever_is_joined(store: Kept) -> None:
    other = Identity(platform="discord", user="7")
    await store.rulebook.grant(other, Grant(unit=Unit.VIDEOS, amount=1, left=1, reason="a prize"), GRANTED)
    await store.offer_link(a_job().identity, "code", NOON, NOON + timedelta(minutes=1))
    await store.redeem_link(other, "code", NOON, since=NOON, most_tries=5)
    await store.accept(a_job(), "e", limited("0 videos a day"))


async def test_an_alert_is_new_once_for_each_window_and_share(store: Kept) -> None:
    noted = [await store.note_alert("$1 a day", NOON, share) for share in (50, 50, 75)]
    assert noted == [True, False, True]
    assert await store.note_alert("$1 a day", NOON + timedelta(days=1), 50)
