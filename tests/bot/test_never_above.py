"""Whatever happens in whatever order: nobody gets beyond an allowance, and the books add up."""

import asyncio
import os
import sqlite3
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.allowance import Limit, Reach, Unit
from bot.books import Grant
from bot.catalogue import offer_named
from bot.decision import Decision
from bot.job import ENDS, Clip, Entry, EntryKind, Identity, Job, JobId, Phase, Place, Ticket
from bot.money import Micros
from bot.phrase import limit_of
from bot.ports import LinkAttempt
from bot.request import VideoRequest
from bot.rules import Rule, Rules, Scope, indexed
from bot.shortage import LimitReached
from bot.window import Rolling, frame
from storage.sqlite.store import SqliteStore, sqlite_store
from tests.stage import PSEUDONYM

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN = datetime(2026, 10, 24, 20, tzinfo=UTC)
"""The evening before the clocks go back in Berlin."""

PEOPLE = [Identity(platform=platform, user=user) for platform in ("web", "discord") for user in ("ann", "bob")]
PLACES = [Place(platform=platform, chat=chat) for platform in ("web", "discord") for chat in ("lobby", "cellar")]
PRICES = [Micros(price) for price in (0, 150_000, 200_000, 400_000)]
OFFER = offer_named("fal/pixverse-v5.5")
CLIP = Clip(name="a.mp4", width=1, height=1, seconds=5.0, size=1)


def limits(scope: Scope, subject: str, *words: str, is_cap: bool = False) -> list[Rule]:
    return [Rule(scope=scope, subject=subject, limit=limit_of(each), is_cap=is_cap) for each in words]


RULES = Rules(
    limits=indexed(
        [
            *limits(Scope.BOT, "", "2 videos in 2 hours", "$0.50 a day", "4 running", "9 videos a week"),
            *limits(Scope.CHAT, "web:lobby", "2 videos an hour"),
            *limits(Scope.TIER, "crew", "5 videos a day"),
            *limits(Scope.CHAT, "web:lobby", "$2 a day", "3 running", is_cap=True),
            *limits(Scope.BOT, "", "$3 a day", "7 videos in 100 minutes", "$9 a month", is_cap=True),
        ]
    ),
    members={"crew": ("discord:bob",)},
    exempt=frozenset({"web:bob"}),
    zone=BERLIN,
    zones={"web:lobby": ZoneInfo("Asia/Kathmandu")},
)


@dataclass
class Known:
    """What the test itself remembers of a job."""

    job: Job
    chat: str
    granted: dict[Unit, int] = field(default_factory=dict)
    is_refunded: bool = False
    is_settled: bool = False

    @property
    def runs(self) -> bool:
        return not self.is_refunded and not self.is_settled


class Books(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.loop = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.now = AUTUMN
        self.jobs: list[Known] = []
        self.person = {identity.key: number for number, identity in enumerate(PEOPLE)}
        self.number = 0
        self.granted: dict[Unit, int] = dict.fromkeys(Unit, 0)
        self.stack = AsyncExitStack()
        self.restart()

    def teardown(self) -> None:
        self.loop.run(self.stack.aclose())
        self.folder.cleanup()
        self.loop.close()

    @rule()
    def restart(self) -> None:
        async def reopened() -> SqliteStore:
            await self.stack.aclose()
            return await self.stack.enter_async_context(sqlite_store(Path(self.folder.name) / "rushes.db", PSEUDONYM))

        self.store: SqliteStore = self.loop.run(reopened())

    @rule(minutes=st.sampled_from([1, 20, 59, 60, 125, 60 * 24, 60 * 24 * 8, -30, -60 * 25]))
    def time_passes_or_the_clock_is_set(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES), price=st.sampled_from(PRICES))
    def order(self, who: Identity, place: Place, price: Micros) -> None:
        expected = self.has_room(who, place, price)
        before = self.shown_granted(who, place)
        accepted = self.accepted(self.drawn_up(who, place, price))
        assert bool(accepted) is expected
        if accepted:
            self.remember(accepted[0], before)

    @rule(who=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES), price=st.sampled_from(PRICES))
    def many_at_once(self, who: Identity, place: Place, price: Micros) -> None:
        for job in self.accepted(*(self.drawn_up(who, place, price) for _ in range(4))):
            self.remember(job, None)

    @rule(pick=st.randoms(use_true_random=False), price=st.sampled_from(PRICES))
    def amend_or_film_elsewhere(self, pick: st.DrawFn, price: Micros) -> None:
        running = [known for known in self.jobs if known.runs and known.job.phase is Phase.ACCEPTED]
        if not running:
            return
        known = pick.choice(running)  # type: ignore[attr-defined]
        entry = Entry(EntryKind.ADJUST, price, "changed")
        try:
            adjusted = self.loop.run(self.store.adjust(replace(known.job, price=price), entry, RULES))
        except LimitReached:
            assert price > known.job.price
            return
        rises, known.job = adjusted.price > known.job.price, adjusted
        self.read_granted(known)
        if rises:
            self.check_room_for(known, at=known.job.ordered_at)

    @rule(
        pick=st.randoms(use_true_random=False), ending=st.sampled_from([Phase.DELIVERED, Phase.FAILED, Phase.CANCELLED])
    )
    def a_job_ends(self, pick: st.DrawFn, ending: Phase) -> None:
        running = [known for known in self.jobs if known.runs]
        if not running:
            return
        known = pick.choice(running)  # type: ignore[attr-defined]
        if ending is Phase.DELIVERED:
            done = replace(known.job, phase=Phase.DELIVERING, charged=True, clip=CLIP, ticket=Ticket("t"))
            known.job = self.loop.run(self.store.save(done, Entry(EntryKind.SETTLE, known.job.price, "filmed")))
            known.is_settled = True
        else:
            ended = replace(known.job, phase=ending, phase_since=self.now)
            known.job = self.loop.run(self.store.save(ended, Entry(EntryKind.REFUND, Micros(0), "failed")))
            known.is_refunded = True
            known.granted = {}

    @rule(
        who=st.sampled_from(PEOPLE),
        unit=st.sampled_from([Unit.VIDEOS, Unit.MONEY]),
        minutes=st.sampled_from([None, 30, 2000]),
    )
    def grant(self, who: Identity, unit: Unit, minutes: int | None) -> None:
        amount = 2 if unit is Unit.VIDEOS else 350_000
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        self.granted[unit] += amount
        given = Grant(unit=unit, amount=amount, left=amount, reason="a prize", until=until)
        decision = Decision(by="web:owner", at=self.now, what="grant")
        self.loop.run(self.store.rulebook.grant(who, given, decision))

    @rule(one=st.sampled_from(PEOPLE), other=st.sampled_from(PEOPLE))
    def link(self, one: Identity, other: Identity) -> None:
        async def linked() -> LinkAttempt:
            await self.store.withdraw_link("code")
            await self.store.offer_link(one, "code", self.now, self.now + timedelta(minutes=1))
            return await self.store.redeem_link(other, "code", self.now, since=self.now, most_tries=5)

        self.loop.run(linked())
        kept, gone = self.person[one.key], self.person[other.key]
        self.person = {key: kept if person == gone else person for key, person in self.person.items()}

    @invariant()
    def the_ledger_adds_up(self) -> None:
        connection = sqlite3.connect(Path(self.folder.name) / "rushes.db")
        try:
            (odd,) = connection.execute(_ODD_JOBS).fetchone()
            assert odd == 0
            (odd,) = connection.execute(_ODD_GRANTS).fetchone()
            assert odd == 0
            summed_up = connection.execute("SELECT * FROM use_of_all WHERE videos > 0 ORDER BY 1, 2").fetchall()
            assert summed_up == connection.execute(_SUMMED_UP_ANEW).fetchall()
            granted = dict(
                connection.execute("SELECT unit, sum(amount) FROM ledger WHERE kind = 'grant' GROUP BY unit")
            )
            assert {unit: granted.get(unit, 0) for unit in Unit} == self.granted
        finally:
            connection.close()

    @invariant()
    def what_is_shown_is_what_was_used(self) -> None:
        place = PLACES[self.number % 2]
        for who in PEOPLE:
            standing = self.loop.run(self.store.standing(who, place, self.now, RULES))
            for use in standing.uses:
                assert use.used == self.used(use.limit, use.allowance.reach, who, place.chat_key)

    def used(self, limit: Limit, reach: Reach, who: Identity, chat: str) -> int:
        """Reckoned from what the test remembers, one job after the other."""
        total = 0
        for known in self.jobs:
            is_own = self.person[known.job.identity.key] == self.person[who.key]
            if known.is_refunded or (reach in (Reach.PERSON, Reach.PERSON_HERE) and not is_own):
                continue
            if reach in (Reach.CHAT, Reach.PERSON_HERE) and known.chat != chat:
                continue
            if limit.unit is Unit.RUNNING:
                total += known.runs
            elif self.is_within(limit, reach, chat, known.job.ordered_at):
                whole = 1 if limit.unit is Unit.VIDEOS else known.job.price
                is_personal = reach in (Reach.PERSON, Reach.PERSON_HERE)
                total += whole - (known.granted.get(limit.unit, 0) if is_personal else 0)
        return total

    def is_within(self, limit: Limit, reach: Reach, chat: str, at: datetime) -> bool:
        assert limit.window is not None
        if isinstance(limit.window, Rolling):
            return at > self.now - limit.window.length
        zone = RULES.zone_in(chat) if reach in (Reach.CHAT, Reach.PERSON_HERE) else BERLIN
        within = frame(limit.window, self.now, zone)
        return within.since <= at < (within.until or at)

    def has_room(self, who: Identity, place: Place, price: Micros) -> bool:
        """As somebody would reckon who reads what is shown."""
        standing = self.loop.run(self.store.standing(who, place, self.now, RULES))
        granted = {unit: sum(grant.left for grant in standing.grants if grant.unit is unit) for unit in Unit}
        for use in standing.uses:
            wanted = price if use.limit.unit is Unit.MONEY else 1
            lacking = min(wanted, max(0, use.used + wanted - use.limit.most))
            if lacking > (granted[use.limit.unit] if use.allowance.is_personal else 0):
                return False
        return True

    def accepted(self, *jobs: Job) -> list[Job]:
        async def at_once() -> list[Job]:
            orders = (self.store.accept(job, f"e{job.id}", RULES) for job in jobs)
            outcomes = await asyncio.gather(*orders, return_exceptions=True)
            refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
            assert all(isinstance(outcome, LimitReached) for outcome in refused), refused
            return [outcome.job for outcome in outcomes if not isinstance(outcome, BaseException)]

        return self.loop.run(at_once())

    def drawn_up(self, who: Identity, place: Place, price: Micros) -> Job:
        self.number += 1
        return Job(
            id=JobId(f"{self.number:020x}"),
            person="",
            identity=who,
            place=place,
            request=VideoRequest(prompt="a fox"),
            offer_id=OFFER.id,
            seed=7,
            price=price,
            ordered_at=self.now,
            phase=Phase.ACCEPTED,
            phase_since=self.now,
        )

    def remember(self, job: Job, before: dict[Unit, int] | None) -> None:
        known = Known(job, job.place.chat_key)
        self.jobs.append(known)
        self.read_granted(known)
        if before is not None:
            after = self.shown_granted(job.identity, job.place)
            assert {unit: before[unit] - known.granted.get(unit, 0) for unit in Unit} == after
        self.check_room_for(known, at=self.now)

    def check_room_for(self, known: Known, at: datetime) -> None:
        """What was just accepted is within every limit, in the windows around the order."""
        now, self.now = self.now, at
        who, place = known.job.identity, known.job.place
        for use in self.loop.run(self.store.standing(who, place, at, RULES)).uses:
            used = self.used(use.limit, use.allowance.reach, who, place.chat_key)
            whole = known.job.price if use.limit.unit is Unit.MONEY else 1
            covered = known.granted.get(use.limit.unit, 0) if use.allowance.is_personal else 0
            is_changed_only = at != now and use.limit.unit is not Unit.MONEY
            assert used <= use.limit.most or whole == covered or is_changed_only, use
        self.now = now

    def shown_granted(self, who: Identity, place: Place) -> dict[Unit, int]:
        standing = self.loop.run(self.store.standing(who, place, self.now, RULES))
        return {unit: sum(grant.left for grant in standing.grants if grant.unit is unit) for unit in Unit}

    def read_granted(self, known: Known) -> None:
        connection = sqlite3.connect(Path(self.folder.name) / "rushes.db")
        try:
            known.granted = {Unit(unit): amount for unit, amount in connection.execute(_GRANTED, (known.job.id,))}
        finally:
            connection.close()


_GRANTED = """
SELECT unit, sum(grant_uses.amount) FROM grant_uses
JOIN grants ON grants.number = source JOIN jobs ON jobs.number = job WHERE jobs.id = ? GROUP BY unit
"""

_ODD_JOBS = """
SELECT count(*) FROM jobs WHERE
    (SELECT count(*) FROM ledger WHERE job = jobs.number AND kind = 'reserve') <> 1
    OR (SELECT count(*) FROM ledger WHERE job = jobs.number AND kind IN ('settle', 'refund'))
        <> (phase NOT IN ('accepted', 'submitting', 'rendering', 'fetching'))
    OR (SELECT amount FROM ledger WHERE job = jobs.number ORDER BY number DESC LIMIT 1) <> price * counts
    OR granted_money <> (SELECT coalesce(sum(grant_uses.amount), 0) FROM grant_uses JOIN grants ON
        grants.number = source WHERE job = jobs.number AND unit = 'money')
    OR granted_videos <> (SELECT coalesce(sum(grant_uses.amount), 0) FROM grant_uses JOIN grants ON
        grants.number = source WHERE job = jobs.number AND unit = 'videos')
    OR granted_money > price
    OR (counts = 0 AND EXISTS (SELECT 1 FROM grant_uses WHERE job = jobs.number))
    OR EXISTS (SELECT 1 FROM ledger WHERE job = jobs.number AND ledger.person <> jobs.person)
"""
"""Jobs of which the last line is not what they cost, or that did not end once, or took what they did not get."""

_ODD_GRANTS = """
SELECT count(*) FROM grants WHERE amount <> remaining
    + (SELECT coalesce(sum(amount), 0) FROM grant_uses WHERE source = grants.number)
    + (SELECT coalesce(sum(amount), 0) FROM ledger WHERE source = grants.number AND kind = 'expire')
"""
"""What was granted is left, used or expired."""

_SUMMED_UP_ANEW = """
SELECT ordered_in, ordered_at / 900000000 AS quarter, count(*), sum(price) FROM jobs WHERE counts = 1 GROUP BY 1, 2
UNION ALL SELECT '', ordered_at / 900000000, count(*), sum(price) FROM jobs WHERE counts = 1 GROUP BY 2 ORDER BY 1, 2
"""

TestBooks = Books.TestCase
TestBooks.settings = settings(
    max_examples=300 if "LONG" in os.environ else 10,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_every_phase_that_ends_a_job_is_one_that_no_longer_runs() -> None:
    assert {phase.value for phase in ENDS} == {"delivered", "failed", "cancelled", "unresolved"}
