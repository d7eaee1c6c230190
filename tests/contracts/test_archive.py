"""What every implementation of `bot.archive.Archive` keeps, and what it does not keep any more."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.access import AccessRequest
from bot.allowance import Unit
from bot.archive import UnlinkAttempt
from bot.books import Accepted, Grant
from bot.decision import Ban, Banned, Decision, Exempt, Mark, Member, Ruling
from bot.job import Clip, Delivery, Entry, EntryKind, Failure, FailureKind, Identity, Job, JobId, Phase, Place, Ticket
from bot.keeping import ERASED
from bot.money import Micros
from bot.phrase import limit_of
from bot.ports import LinkAttempt
from bot.refusal import StillUnderWay
from bot.request import Ratio, Style, VideoRequest
from bot.rules import FREE, Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from storage.sqlite.store import SqliteStore, sqlite_store
from tests.stage import NOON, PSEUDONYM

ANN = Identity(platform="telegram", user="700100200", name="Ann Annunziata")
ANN_THERE = Identity(platform="discord", user="800900100", name="annunziata#1")
BOB = Identity(platform="telegram", user="700100201", name="Bob")
HOME = Place(platform="telegram", chat=ANN.user, thread="7", reply_to="9", is_private=True)
GROUP = Place(platform="telegram", chat="-100123", reply_to="77")
GUILD = Place(platform="discord", chat="5001", thread="5002")

DAY = timedelta(days=1)
UNTIL = NOON + 31 * DAY
BY_ADMIN = Decision(by="telegram:admin", at=NOON, what="as told")
ONE_A_MONTH = Rules(limits=indexed([Rule(scope=Scope.BOT, limit=limit_of("1 video in 31 days"))]))


def marked(identity: Identity, mark: Mark) -> Ruling:
    return Ruling(marks=((identity.key, mark),))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as opened:
        yield opened


def an_order(number: int = 1, by: Identity = ANN, place: Place = GROUP, at: datetime = NOON) -> Job:
    return Job(
        id=JobId(f"{number:020x}"),
        person="",
        identity=by,
        place=place,
        request=VideoRequest(
            prompt="a fuchsia fox", negative="no hounds", ratio=Ratio.TALL, seconds=8, style=Style.CLAY, seed=4711
        ),
        offer_id="fal/pixverse-v5.5",
        seed=4711,
        price=Micros(200_000),
        ordered_at=at,
        phase=Phase.ACCEPTED,
        phase_since=at,
        notes=("the hounds were understood",),
    )


async def filmed(store: SqliteStore, job: Job, rules: Rules = FREE) -> Job:
    """Ordered, charged and delivered, all in one moment."""
    accepted, *_ = await store.accept(job, f"{job.place.chat}/{job.id}", rules)
    clip = Clip(name=f"{job.id}.mp4", width=720, height=1280, seconds=8.0, size=9)
    done = replace(
        accepted,
        phase=Phase.DELIVERED,
        charged=True,
        clip=clip,
        ticket=Ticket(f"ticket of {job.identity.name}"),
        correlation="correlation",
        media_url=f"https://media/{job.request.prompt}.mp4",
        delivery=Delivery.DONE,
        status=f"{job.place.chat}/10",
        receipt=f"{job.place.chat}/11",
    )
    return await store.save(done, Entry(EntryKind.SETTLE, job.price, "filmed"))


async def stored(store: SqliteStore, job: Job) -> Job:
    found = await store.job(job.id)
    assert found is not None
    return found


def a_request(by: Identity, at: datetime = NOON) -> AccessRequest:
    return AccessRequest(
        id=by.user, chat="", identity=by, place=GROUP, event=f"from {by.user}", command="/video a fox", asked_at=at
    )


async def link(store: SqliteStore, one: Identity = ANN, other: Identity = ANN_THERE) -> None:
    await store.offer_link(one, "code", NOON, NOON + DAY)
    assert await store.redeem_link(other, "code", NOON, since=NOON, most_tries=5) is LinkAttempt.JOINED


async def spent(store: SqliteStore, by: Identity, at: datetime = NOON) -> int:
    return (await store.standing(by, GROUP, at, FREE)).account.spent


def rows(folder: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "rushes.db")) as connection:
        return connection.execute(statement).fetchall()


async def test_of_a_forgotten_job_the_amounts_stay_and_nothing_tells_whose_it_was(store: SqliteStore) -> None:
    before = await filmed(store, an_order(place=HOME))
    assert await store.forget(ANN, NOON, UNTIL) == [before.id]
    after = await stored(store, before)
    assert after.request == VideoRequest(prompt=ERASED, ratio=Ratio.TALL, seconds=8)
    assert (after.price, after.charged, after.offer_id, after.phase) == (200_000, True, before.offer_id, before.phase)
    assert (after.forgotten, after.erased, after.swept, after.told) == (True, True, True, True)
    assert after.place == Place(platform="telegram", chat="")
    assert (after.identity.name, after.notes, after.seed) == ("", (), None)
    assert (after.status, after.receipt, after.media_url, after.correlation, after.ticket) == (
        None,
        None,
        None,
        None,
        "",
    )
    assert await store.forget(ANN, NOON, UNTIL) == []


async def test_what_a_provider_said_of_a_failure_is_erased_and_its_kind_is_not(store: SqliteStore) -> None:
    job, *_ = await store.accept(an_order(), "e", FREE)
    await store.save(replace(job, phase=Phase.FAILED, failure=Failure(FailureKind.MODERATED, "no foxes")))
    await store.forget(ANN, NOON, UNTIL)
    assert (await stored(store, job)).failure == Failure(FailureKind.MODERATED)


async def test_nothing_of_somebody_is_left_in_the_files_of_the_database(store: SqliteStore, tmp_path: Path) -> None:
    def found() -> set[str]:
        content = b"".join(file.read_bytes() for file in tmp_path.glob("rushes.db*"))
        return {word for word in secret if word.encode() in content}

    secret = {"fuchsia", "hounds", "700100200", "nnunziata", "800900100", "4711", "a prize for Ann"}
    await link(store)
    for number in range(1, 60):
        place, by = ((HOME, ANN), (GROUP, ANN), (GUILD, ANN_THERE))[number % 3]
        await filmed(store, an_order(number, by, place))
        crows = VideoRequest(prompt="a crow " * number)
        await filmed(store, replace(an_order(100 + number, BOB), request=crows, seed=None, notes=()))
    await store.remember("telegram", f"{ANN.user}/77", an_order(3).id)
    await store.rulebook.grant(ANN, Grant(unit=Unit.VIDEOS, amount=2, left=2, reason="a prize for Ann"), BY_ADMIN)
    await store.rulebook.decide(marked(ANN, Member("crew")), BY_ADMIN)
    await store.redeem_link(ANN, "guess", NOON, since=NOON, most_tries=5)
    await store.offer_link(ANN, "digest", NOON, UNTIL)
    assert found() >= secret
    await store.forget(ANN_THERE, NOON, UNTIL)
    assert await store.scrub()
    assert found() == set()
    assert not await store.scrub()
    assert (await stored(store, an_order(101))).request.prompt == "a crow "


async def test_what_was_erased_while_somebody_read_the_database_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_there() -> bool:
        return any(ANN.user.encode() in file.read_bytes() for file in tmp_path.glob("rushes.db*"))

    monkeypatch.setattr("storage.sqlite.database.BUSY_SECONDS", 0.0)
    async with sqlite_store(tmp_path / "rushes.db", PSEUDONYM) as store:
        await filmed(store, an_order())
        with closing(sqlite3.connect(tmp_path / "rushes.db", isolation_level=None)) as reading:
            reading.execute("BEGIN")
            reading.execute("SELECT * FROM jobs").fetchall()
            await store.forget(ANN, NOON, UNTIL)
            assert not await store.scrub()
            assert is_there()
        assert await store.scrub()
        assert not is_there()


async def test_what_an_earlier_version_left_between_the_rows_is_gone_too(store: SqliteStore, tmp_path: Path) -> None:
    file = tmp_path / "rushes.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute(
            "INSERT INTO durations (offer, resolution, seconds, audio, took) VALUES ('somebody of old', '', 5, 0, 30)"
        )
        careless.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        careless.execute("DELETE FROM durations")
        careless.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert b"mebody of old" in file.read_bytes()
    await filmed(store, an_order())
    await store.forget(ANN, NOON, UNTIL)
    await store.scrub()
    assert b"mebody of old" not in file.read_bytes()


async def test_the_sums_of_everybody_and_of_a_group_stay_as_they_were(store: SqliteStore) -> None:
    caps = Rules(
        limits=indexed(
            [
                Rule(scope=Scope.BOT, limit=limit_of("9 videos a day"), is_cap=True),
                Rule(scope=Scope.CHAT, subject=GROUP.chat_key, limit=limit_of("9 videos a day"), is_cap=True),
            ]
        )
    )
    for number, place in enumerate((HOME, HOME, GROUP), start=1):
        await filmed(store, an_order(number, place=place))
    for _ in range(2):
        found = await store.standing(BOB, GROUP, NOON, caps)
        assert sorted(use.used for use in found.uses) == [1, 3]
        await store.forget(ANN, NOON, UNTIL)


async def test_while_a_job_is_under_way_nothing_is_erased(store: SqliteStore) -> None:
    done = await filmed(store, an_order(1))
    running, *_ = await store.accept(an_order(2), "e2", FREE)
    with pytest.raises(StillUnderWay):
        await store.forget(ANN, NOON, UNTIL)
    assert await stored(store, done) == done
    await store.save(running.entering(Phase.CANCELLED, NOON), Entry(EntryKind.REFUND, Micros(0), "cancelled"))
    assert await store.forget(ANN, NOON, UNTIL) == [done.id]


async def test_a_clip_that_waits_for_its_person_is_given_up_with_them(store: SqliteStore) -> None:
    done = await filmed(store, an_order())
    kept = await store.save(replace(done, phase=Phase.DELIVERING, delivery=Delivery.GIVEN_UP, told=False))
    assert await store.forget(ANN, NOON, UNTIL) == [kept.id]
    assert await store.unfinished() == []
    assert await store.untold("telegram") == []


async def test_of_orders_and_a_forgetting_at_once_no_job_is_erased_before_it_is_over(store: SqliteStore) -> None:
    await filmed(store, an_order(999))
    orders = [store.accept(an_order(number), f"e{number}", FREE) for number in range(20)]
    outcomes = await asyncio.gather(*orders[:10], store.forget(ANN, NOON, UNTIL), *orders[10:], return_exceptions=True)
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == 20
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, Accepted)] == [StillUnderWay]
    assert not any(job.forgotten for job in await store.unfinished())


@pytest.mark.parametrize("back", [ANN, ANN_THERE])
async def test_whoever_comes_back_has_what_they_had_left_with_any_of_their_accounts(
    store: SqliteStore, back: Identity
) -> None:
    await filmed(store, an_order(1), ONE_A_MONTH)
    await link(store)
    await store.forget(ANN, NOON, UNTIL)
    assert await spent(store, back) == 200_000
    with pytest.raises(LimitReached):
        await store.accept(an_order(2, back, at=UNTIL - timedelta(seconds=1)), "e2", ONE_A_MONTH)
    assert await store.latest_of(back, 9) == []


async def test_a_forgetting_again_and_again_gives_no_allowance(store: SqliteStore) -> None:
    await filmed(store, an_order(1), ONE_A_MONTH)
    for number in range(2, 5):
        await store.forget(ANN, NOON, UNTIL)
        with pytest.raises(LimitReached):
            await store.accept(an_order(number), f"e{number}", ONE_A_MONTH)


async def test_when_the_memory_ends_nobody_knows_who_it_was(store: SqliteStore) -> None:
    before = await filmed(store, an_order(1))
    await store.forget(ANN, NOON, UNTIL)
    assert await store.end_memories(UNTIL - timedelta(seconds=1), 9) == 0
    assert await store.end_memories(UNTIL, 9) == 1
    assert await store.end_memories(UNTIL, 9) == 0
    assert (await stored(store, before)).identity.user == ""
    assert await store.person_of(ANN) is None
    assert await spent(store, ANN) == 0


async def test_when_the_memory_ends_whoever_is_back_keeps_only_what_was_new(store: SqliteStore, tmp_path: Path) -> None:
    await store.rulebook.grant(ANN, Grant(unit=Unit.VIDEOS, amount=2, left=2, reason="a prize"), BY_ADMIN)
    old = await filmed(store, an_order(1))
    await store.forget(ANN, NOON, UNTIL)
    await store.rulebook.grant(ANN, Grant(unit=Unit.VIDEOS, amount=1, left=1, reason="another"), BY_ADMIN)
    new = await filmed(store, an_order(2))
    assert await spent(store, ANN) == 400_000
    await store.end_memories(UNTIL, 9)
    assert await spent(store, ANN) == 200_000
    assert [line.reason for line in (await store.standing(ANN, GROUP, NOON, FREE)).lines] == ["filmed", "another"]
    assert (await stored(store, old)).person != (await stored(store, new)).person
    owners = "SELECT count(*) FROM ledger JOIN jobs ON jobs.number = job WHERE ledger.person <> jobs.person"
    assert rows(tmp_path, owners) == [(0,)]
    assert rows(tmp_path, "SELECT sum(amount) FROM ledger WHERE kind = 'settle'") == [(400_000,)]


async def test_what_was_granted_expires_and_nobody_reads_why_it_was(store: SqliteStore) -> None:
    await store.rulebook.grant(ANN, Grant(unit=Unit.VIDEOS, amount=2, left=2, reason="a prize"), BY_ADMIN)
    await store.forget(ANN, NOON, UNTIL)
    found = await store.standing(ANN, GROUP, NOON, FREE)
    assert found.grants == []
    assert [(line.kind, line.amount, line.reason) for line in found.lines] == [
        (EntryKind.EXPIRE, 2, ERASED),
        (EntryKind.GRANT, 2, ERASED),
    ]


async def test_what_is_told_again_after_a_forgetting_is_not_filmed_again(store: SqliteStore) -> None:
    before = await filmed(store, an_order(1, place=HOME))
    event = f"{HOME.chat}/{before.id}"
    await store.forget(ANN, NOON, UNTIL)
    again, is_new, _ = await store.accept(an_order(2, place=HOME), event, FREE)
    assert (again.id, is_new) == (before.id, False)
    assert (await store.ordered_with("telegram", event)) == again
    assert await store.drop_events(NOON, 9) == 0
    assert await store.drop_events(NOON + DAY, 9) == 1
    assert await store.ordered_with("telegram", event) is None


async def test_the_events_of_everybody_else_stay(store: SqliteStore) -> None:
    await filmed(store, an_order(1))
    assert await store.drop_events(NOON + DAY, 9) == 0


async def test_tiers_and_exemptions_are_erased_and_others_keep_theirs(store: SqliteStore) -> None:
    await store.accept(an_order(1, BOB), "e", FREE)
    for identity in (ANN, BOB):
        await store.rulebook.decide(marked(identity, Member("crew")), BY_ADMIN)
        await store.rulebook.decide(marked(identity, Exempt()), BY_ADMIN)
    await store.forget(ANN, NOON, UNTIL)
    assert await store.rulebook.marks_of(ANN.key, "") == []
    assert await store.rulebook.marks_of(BOB.key, "") == [("", Member("crew")), ("", Exempt())]


async def test_whoever_is_banned_stays_so_with_every_account(store: SqliteStore) -> None:
    await link(store)
    await store.rulebook.decide(marked(ANN, Ban("too loud", NOON + DAY)), BY_ADMIN)
    await store.rulebook.decide(marked(ANN_THERE, Ban("much too loud")), BY_ADMIN)
    await store.forget(ANN, NOON, UNTIL)
    await store.end_memories(UNTIL, 9)
    for number, identity in enumerate((ANN, ANN_THERE)):
        with pytest.raises(Banned):
            await store.accept(an_order(number, identity, at=UNTIL), f"e{number}", FREE)


async def test_whoever_only_asked_to_be_let_in_is_forgotten_too(store: SqliteStore, tmp_path: Path) -> None:
    await store.rulebook.ask(a_request(ANN))
    await store.rulebook.ask(a_request(BOB))
    await store.forget(ANN, NOON, NOON + DAY)
    assert rows(tmp_path, "SELECT user_name FROM access_requests") == [(BOB.name,)]


async def test_wrong_codes_are_not_forgotten(store: SqliteStore) -> None:
    for _ in range(3):
        await store.redeem_link(ANN, "guess", NOON, since=NOON - DAY, most_tries=3)
    await store.forget(ANN, NOON, UNTIL)
    assert await store.redeem_link(ANN, "guess", NOON, since=NOON - DAY, most_tries=3) is LinkAttempt.LOCKED


async def test_a_code_of_somebody_who_was_forgotten_joins_nobody(store: SqliteStore) -> None:
    await store.offer_link(ANN, "code", NOON, NOON + DAY)
    await store.forget(ANN, NOON, UNTIL)
    assert await store.redeem_link(BOB, "code", NOON, since=NOON, most_tries=3) is LinkAttempt.WRONG


async def test_an_account_that_parts_takes_along_what_was_ordered_with_it(store: SqliteStore) -> None:
    mine, other = await filmed(store, an_order(1)), await filmed(store, an_order(2, ANN_THERE, GUILD))
    await link(store)
    await store.rulebook.grant(ANN, Grant(unit=Unit.VIDEOS, amount=2, left=2, reason="a prize"), BY_ADMIN)
    running, *_ = await store.accept(an_order(3, ANN_THERE, GUILD), "e3", FREE)
    assert await store.unlink(ANN_THERE, NOON) is UnlinkAttempt.PARTED
    assert [job.id for job in await store.latest_of(ANN, 9)] == [mine.id]
    assert [job.id for job in await store.latest_of(ANN_THERE, 9)] == [running.id, other.id]
    here, there = [await store.standing(each, GROUP, NOON, FREE) for each in (ANN, ANN_THERE)]
    assert (here.account.spent, there.account.spent, there.account.running) == (200_000, 200_000, 1)
    assert (len(here.grants), len(there.grants)) == (1, 0)
    await store.save(running.entering(Phase.CANCELLED, NOON), Entry(EntryKind.REFUND, Micros(0), "cancelled"))
    assert (await store.standing(ANN_THERE, GROUP, NOON, FREE)).account.running == 0


async def test_who_is_joined_with_nobody_cannot_part(store: SqliteStore) -> None:
    assert await store.unlink(ANN, NOON) is UnlinkAttempt.ALONE
    await store.accept(an_order(), "e", FREE)
    assert await store.unlink(ANN, NOON) is UnlinkAttempt.ALONE


async def test_joining_and_parting_gives_no_allowance(store: SqliteStore) -> None:
    await filmed(store, an_order(1), ONE_A_MONTH)
    for number in range(2, 5):
        await link(store)
        await store.unlink(ANN if number % 2 else ANN_THERE, NOON)
        with pytest.raises(LimitReached):
            await store.accept(an_order(number), f"e{number}", ONE_A_MONTH)


async def test_forgetting_and_then_parting_gives_no_allowance(store: SqliteStore) -> None:
    await filmed(store, an_order(1), ONE_A_MONTH)
    await store.forget(ANN, NOON, UNTIL)
    await link(store)
    assert await store.unlink(ANN, NOON) is UnlinkAttempt.PARTED
    with pytest.raises(LimitReached):
        await store.accept(an_order(2), "e2", ONE_A_MONTH)
    await store.accept(an_order(3, ANN_THERE, GUILD), "e3", ONE_A_MONTH)


async def test_nobody_parts_from_a_ban(store: SqliteStore) -> None:
    await link(store)
    await store.rulebook.decide(marked(ANN, Ban("too loud", NOON + DAY)), BY_ADMIN)
    assert await store.unlink(ANN_THERE, NOON) is UnlinkAttempt.BANNED
    assert await store.unlink(ANN_THERE, NOON + DAY) is UnlinkAttempt.PARTED


async def test_a_ban_where_somebody_never_ordered_keeps_no_accounts_together(store: SqliteStore) -> None:
    await link(store)
    await filmed(store, an_order())
    await store.rulebook.decide(marked(ANN, Ban("mine")), replace(BY_ADMIN, chat="telegram:-100666"))
    assert await store.unlink(ANN_THERE, NOON) is UnlinkAttempt.PARTED
    await link(store)
    await store.rulebook.decide(marked(ANN, Ban("too loud")), replace(BY_ADMIN, chat=an_order().place.chat_key))
    assert await store.unlink(ANN_THERE, NOON) is UnlinkAttempt.BANNED


async def test_nobody_parts_from_an_order_that_was_not_fit_to_be_filmed(store: SqliteStore) -> None:
    await link(store)
    for number, at in enumerate((NOON, NOON, NOON, NOON + DAY)):
        await store.strike(ANN, GROUP.chat_key, f"cause {number}", at)
    assert await store.unlink(ANN_THERE, NOON + DAY) is UnlinkAttempt.STRUCK
    await store.rulebook.decide(Ruling(forgiven=(ANN.key,)), BY_ADMIN)
    assert await store.unlink(ANN_THERE, NOON + DAY) is UnlinkAttempt.PARTED


async def test_a_strike_keeps_accounts_together_as_long_as_it_counts(store: SqliteStore) -> None:
    await link(store)
    await store.strike(ANN, GROUP.chat_key, "cause", NOON)
    assert await store.unlink(ANN_THERE, NOON + DAY - timedelta(seconds=1)) is UnlinkAttempt.STRUCK
    assert await store.unlink(ANN_THERE, NOON + DAY) is UnlinkAttempt.PARTED


async def test_a_code_is_good_no_more_once_an_account_has_parted(store: SqliteStore) -> None:
    await link(store)
    await store.offer_link(ANN_THERE, "code", NOON, NOON + DAY)
    await store.unlink(ANN_THERE, NOON)
    assert await store.redeem_link(BOB, "code", NOON, since=NOON, most_tries=3) is LinkAttempt.WRONG


async def test_clips_are_swept_when_their_time_is_over_so_many_at_a_time(store: SqliteStore) -> None:
    jobs = [await filmed(store, an_order(number)) for number in range(3)]
    assert await store.sweep_clips(NOON, 9) == []
    first = await store.sweep_clips(NOON + DAY, 2)
    assert {*first, *await store.sweep_clips(NOON + DAY, 2)} == {job.id for job in jobs}
    assert await store.sweep_clips(NOON + DAY, 2) == []
    assert await stored(store, jobs[0]) == replace(jobs[0], swept=True)


async def test_a_clip_that_nobody_has_received_is_not_swept(store: SqliteStore) -> None:
    done = await filmed(store, an_order())
    waiting = await store.save(replace(done, phase=Phase.DELIVERING, delivery=Delivery.GIVEN_UP))
    assert await store.sweep_clips(NOON + DAY, 9) == []
    assert await store.erase_prompts(NOON + DAY, 9) == 0
    assert await stored(store, waiting) == waiting


async def test_words_are_erased_when_their_time_is_over_and_everything_else_stays(store: SqliteStore) -> None:
    before = await filmed(store, an_order(1))
    running, *_ = await store.accept(an_order(2), "e2", FREE)
    assert await store.erase_prompts(NOON, 9) == 0
    assert await store.erase_prompts(NOON + DAY, 9) == 1
    after = await stored(store, before)
    words = {"request": VideoRequest(prompt=ERASED, ratio=Ratio.TALL, seconds=8), "notes": (), "erased": True}
    assert after == replace(before, revision=before.revision + 1, **words)  # type: ignore[arg-type] # fields of a job
    assert await stored(store, running) == running
    assert await store.scrub()


async def test_what_somebody_asked_with_to_be_let_in_is_erased_when_its_time_is_over(store: SqliteStore) -> None:
    await store.rulebook.ask(a_request(ANN))
    await store.rulebook.ask(a_request(BOB, NOON + DAY))
    assert await store.erase_prompts(NOON + DAY, 5) == 1
    assert [request.identity.key for request in await store.rulebook.waiting("")] == [BOB.key]


async def test_which_jobs_have_no_clip_is_known_also_of_those_that_are_not(store: SqliteStore) -> None:
    swept, kept, deleted = [await filmed(store, an_order(number)) for number in (1, 2, 3)]
    await store.save(replace(deleted, deleted=True))
    running, *_ = await store.accept(an_order(4), "e4", FREE)
    failed, *_ = await store.accept(an_order(5), "e5", FREE)
    await store.save(replace(failed, phase=Phase.FAILED))
    await store.save(replace(swept, phase_since=NOON - DAY))
    await store.sweep_clips(NOON, 9)
    asked = [job.id for job in (swept, kept, deleted, running, failed)] + [JobId("unknown")]
    assert await store.without_clip(asked) == [swept.id, deleted.id, failed.id, "unknown"]
