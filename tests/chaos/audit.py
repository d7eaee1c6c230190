"""What is found when everything is over, by whoever looks at it from outside: a line for each demand."""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.job import Phase
from tests.chaos.orders import Order
from tests.chaos.scene import Scene
from tests.chaos.sights import Seen, Sort
from tests.chaos.wishes import Kind

_LEDGER = """
SELECT jobs.*,
    (SELECT count(*) FROM ledger WHERE job = jobs.number AND kind = 'reserve') AS reserves,
    (SELECT count(*) FROM ledger WHERE job = jobs.number AND kind IN ('settle', 'refund')) AS endings,
    (SELECT amount FROM ledger WHERE job = jobs.number AND kind IN ('reserve', 'adjust')
        ORDER BY number DESC LIMIT 1) AS held,
    (SELECT amount FROM ledger WHERE job = jobs.number AND kind = 'settle') AS settled,
    (SELECT amount FROM ledger WHERE job = jobs.number AND kind = 'refund') AS refunded
FROM jobs
"""

_PEOPLE = """
SELECT people.id,
    (SELECT coalesce(sum(amount), 0) FROM ledger WHERE person = people.id AND kind = 'settle') AS paid,
    (SELECT coalesce(sum(price), 0) FROM jobs WHERE person = people.id AND charged = 1) AS owed
FROM people
"""

_USE = """
SELECT (SELECT coalesce(sum(videos), 0) FROM use_of_all WHERE ordered_in = '') - count(*),
    (SELECT coalesce(sum(money), 0) FROM use_of_all WHERE ordered_in = '') - coalesce(sum(price), 0)
FROM jobs WHERE counts = 1
"""


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    found: int
    is_demanded: bool = True
    """That it be none; else it is only counted."""
    where: str = ""
    """Which orders, where that is of help."""

    @property
    def is_met(self) -> bool:
        return not (self.is_demanded and self.found)


@dataclass(frozen=True, slots=True)
class Create:
    """A generation at the provider."""

    id: str
    dialect: str
    prompt: str
    mark: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """An order, the jobs that it became, and what stands in the chats about it."""

    order: Order
    jobs: Sequence[sqlite3.Row]
    seen: Sequence[Seen]

    @property
    def job(self) -> sqlite3.Row | None:
        return self.jobs[0] if self.jobs else None

    @property
    def phase(self) -> str:
        return self.job["phase"] if self.job else ""

    def all(self, sort: Sort) -> list[Seen]:
        return sorted((seen for seen in self.seen if seen.sort is sort), key=lambda seen: seen.at)

    def __str__(self) -> str:
        wish, job = self.order.wish, self.job["id"] if self.job else "none"
        return f"{wish.kind} {wish.number} on {self.order.platform}, job {job}"

    @property
    def is_wrong(self) -> bool:
        return self.order.wish.kind is Kind.WRONG


async def audit(scene: Scene, orders: Sequence[Order]) -> list[Line]:
    creates = [
        Create(each["id"], each["dialect"], each["prompt"], each["mark"])
        for each in (await scene.control.get("/control/creates")).json()
    ]
    cases = [_case(scene, order) for order in orders]
    films = await _films(scene, cases)
    return [
        *_about_orders(scene, cases),
        *_about_submissions(scene, creates),
        *_about_clips(scene, cases, films),
        *_about_messages(cases),
        *_about_money(scene),
        *_about_files(scene),
    ]


def _case(scene: Scene, order: Order) -> Case:
    jobs = scene.jobs_of(order.platform, order.events())
    return Case(order, jobs, order.seen(jobs[0]["id"] if jobs else None))


async def _films(scene: Scene, cases: Iterable[Case]) -> dict[str, str]:
    """What the provider shows for each request, as a digest."""
    addresses = {case.job["request"]: case.job["media_url"] for case in cases if case.job and case.job["media_url"]}
    return {
        request: hashlib.sha256((await scene.control.get(url)).content).hexdigest()
        for request, url in addresses.items()
    }


def _about_orders(scene: Scene, cases: Sequence[Case]) -> Iterator[Line]:
    phases = Counter(case.phase for case in cases)
    yield Line("orders", len(cases), is_demanded=False)
    yield Line("times that the program was killed", len(scene.kills), is_demanded=False)
    for phase in ("delivered", "failed", "cancelled", "unresolved"):
        yield Line(f"jobs that ended {phase}", phases[phase], is_demanded=False)
    ends = ("delivered", "failed", "cancelled", "unresolved")
    yield Line("jobs that did not end", sum(row["phase"] not in ends for row in scene.rows("SELECT phase FROM jobs")))
    known = sum(len(case.jobs) for case in cases)
    yield Line("jobs that nobody ordered", len(scene.rows("SELECT id FROM jobs")) - known)
    yield _found("orders that became no job", (case for case in cases if not case.jobs and not case.is_wrong))
    yield Line("orders that became two jobs", sum(len(case.jobs) > 1 for case in cases))
    yield Line("wrong orders that became a job", sum(len(case.jobs) for case in cases if case.is_wrong))
    silent = [case for case in cases if case.is_wrong and not case.all(Sort.REFUSAL)]
    died = [case for case in silent if case.order.was_heard_in_vain()]
    yield _found("wrong orders that were not refused", (case for case in silent if case not in died))
    yield Line("wrong orders whose refusal died with the program", len(died), is_demanded=False)
    films = (case for case in cases if case.job)
    yield Line("jobs that film something else", sum(not _films_what_was_ordered(case) for case in films))
    mended = (Kind.MODERATED, Kind.CANCELLED)
    odd = (case for case in cases if case.phase == Phase.FAILED and case.order.wish.kind not in mended)
    yield _found("jobs that failed although nothing was wrong with them", odd)
    yield Line(
        "interactions to which nobody responded, so that the member ordered again",
        sum(max(0, len(case.order.events()) - 1) for case in cases if case.order.platform == "discord"),
        is_demanded=False,
    )


def _films_what_was_ordered(case: Case) -> bool:
    request = json.loads(case.job["request"]) if case.job else {}
    return case.order.wish.is_met_by(request["prompt"], request["seed"])


def _about_submissions(scene: Scene, creates: Sequence[Create]) -> Iterator[Line]:
    jobs = scene.rows("SELECT * FROM jobs")
    # A ticket may have more in it than the provider's id.
    tickets, intents = " ".join(job["ticket"] or "" for job in jobs), {job["correlation"] for job in jobs}
    marked = Counter(create.mark for create in creates if create.mark)
    yield Line("submissions", len(creates), is_demanded=False)
    yield Line("jobs that were submitted twice", sum(count - 1 for count in marked.values()))
    yield Line("submissions that belong to no job", sum(mark not in intents for mark in marked))
    lost = [job for job in jobs if job["phase"] == Phase.UNRESOLVED]
    yield Line(
        "unresolved jobs that the provider could have told of", sum(job["correlation"] in marked for job in lost)
    )
    begun = [create for create in creates if create.id not in tickets]
    yield Line("submissions whose answer was lost for good, at the operator's cost", len(begun), is_demanded=False)
    unknown = Counter(create.prompt for create in begun) - Counter(json.loads(job["request"])["prompt"] for job in lost)
    yield Line("submissions of which nobody knows", unknown.total())


def _about_clips(scene: Scene, cases: Sequence[Case], films: dict[str, str]) -> Iterator[Line]:
    delivered = [case for case in cases if case.job and case.phase == Phase.DELIVERED and not case.job["deleted"]]
    clips = [(case, clip) for case in cases for clip in case.all(Sort.CLIP)]
    yield Line("clips that were paid for and did not arrive", sum(not case.all(Sort.CLIP) for case in delivered))
    yield Line("clips of jobs that were not paid for", sum(not case.job["charged"] for case, _ in clips if case.job))
    wrong = (not case.job or clip.sha256 != films[case.job["request"]] for case, clip in clips)
    yield Line("clips that are not byte for byte what was filmed", sum(wrong))
    yield Line("clips in another place, or that call nobody", sum(not clip.is_in_place for _, clip in clips))
    yield Line("clips that answer no order", scene.clips_in_chats() - len(clips))
    gone = [case for case in cases if case.job and case.job["deleted"]]
    standing = [
        clip for case in gone for clip in case.all(Sort.CLIP) if case.job and _is_known(clip, case.job["receipt"])
    ]
    yield Line("clips that were deleted", len(gone), is_demanded=False)
    yield Line("clips that were deleted and still stand there", len(standing))
    yield Line("third copies", sum(len(case.all(Sort.CLIP)) > 2 for case in cases))
    yield from _twice("clips", cases, Sort.CLIP)
    there = (case for case in cases if case.order.platform == "discord" and len(case.all(Sort.CLIP)) > 1)
    yield _found("clips that stand twice on Discord", there)


def _found(what: str, cases: Iterable[object]) -> Line:
    found = list(map(str, cases))
    return Line(what, len(found), where="; ".join(found))


def _is_known(seen: Seen, written: str | None) -> bool:
    """Whether the program has written down that this message is there."""
    return re.search(rf"(?<!\d){re.escape(seen.mark)}(?!\d)", written or "") is not None


def _twice(what: str, cases: Sequence[Case], sort: Sort) -> Iterator[Line]:
    """Where the program died between the platform's answer and its own next write, and cannot know; nowhere else.

    Every life but the last was killed. When, does not tell: what it had sent may be taken in only after that.
    """
    twice = [(case, pair) for case in cases for pair in pairwise(case.all(sort))]
    by_one = [(case, first.by) for case, (first, second) in twice if first.by == second.by]
    yield _found(f"{what} that one life wrote twice", (f"{case}, life {life}" for case, life in by_one))
    yield Line(f"{what} that stand twice because a life was killed", len(twice) - len(by_one), is_demanded=False)


def _about_messages(cases: Sequence[Case]) -> Iterator[Line]:
    yield from _twice("refusals", [case for case in cases if case.is_wrong], Sort.REFUSAL)
    yield from _twice("endings", cases, Sort.ENDING)
    told = (Phase.FAILED, Phase.UNRESOLVED, Phase.CANCELLED)
    silent = sum(not case.all(Sort.ENDING) for case in cases if case.phase in told)
    yield Line("jobs whose end without a clip nobody reads", silent)
    promises = [(case, seen) for case in cases for seen in case.all(Sort.PROMISE)]
    known = [case for case, seen in promises if case.job and _is_known(seen, case.job["status"])]
    yield _found("messages that promise what is over", known)
    orphans = len(promises) - len(known)
    yield Line("the same, written just before a kill, so that nobody knows them", orphans, is_demanded=False)
    thoughts = [(case, seen) for case in cases for seen in case.all(Sort.THOUGHT)]
    vain = sum(case.job is not None and _is_known(seen, case.job["status"]) for case, seen in thoughts)
    yield Line("answers on Discord that stay empty although there is a job", vain)
    yield Line("the same without one, since the order died unwritten", len(thoughts) - vain, is_demanded=False)


def _about_money(scene: Scene) -> Iterator[Line]:
    jobs = scene.rows(_LEDGER)
    yield Line("jobs without exactly one reservation", sum(job["reserves"] != 1 for job in jobs))
    yield Line("jobs without exactly one ending in the ledger", sum(job["endings"] != 1 for job in jobs))
    yield Line("jobs whose price is not what is held for them", sum(job["price"] != job["held"] for job in jobs))
    wrong = (
        job["settled"] != (job["price"] if job["charged"] else None) or job["refunded"] not in (0, None) for job in jobs
    )
    yield Line("jobs that were charged otherwise", sum(wrong))
    people = scene.rows(_PEOPLE)
    yield Line("people whose account does not add up", sum(person["paid"] != person["owed"] for person in people))
    yield Line("sums of use that do not add up", sum(difference != 0 for row in scene.rows(_USE) for difference in row))


def _about_files(scene: Scene) -> Iterator[Line]:
    kept = {row["id"] for row in scene.rows("SELECT id FROM jobs WHERE phase = 'delivered' AND deleted = 0")}
    files = [file for file in (scene.folder / "data").rglob("*") if file.is_file() and file.parent == scene.clips]
    unfinished = [file for file in (scene.folder / "data").rglob("*") if file.suffix in (".part", ".new", ".tmp")]
    yield Line("files that are half done", len(unfinished))
    strange = sum(file.name.partition(".")[0] not in kept for file in files if file not in unfinished)
    yield Line("files of clips that nobody has", strange)


def table(lines: Iterable[Line]) -> str:
    return "\n".join(
        f"{line.found:>7}  {_demand(line):<18}{line.what}{f' ({line.where})' if line.where else ''}" for line in lines
    )


def _demand(line: Line) -> str:
    if not line.is_demanded:
        return "counted"
    return "none, as it must" if line.is_met else "MUST BE NONE"
