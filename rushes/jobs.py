"""`rushes jobs`: what was ordered, one job's whole story, and what an operator does with it."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from bot.desk import Deed
from bot.grammar import render
from bot.job import Job, Phase
from bot.money import shown
from bot.overview import SHORT_ID
from bot.span import span
from bot.survey import Posting, Search, Story
from bot.usage import amount_words
from rushes.admin import answered
from rushes.office import Office, worked
from rushes.tables import Column, as_json, moment_words, say, show
from rushes.trouble import CannotStart


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        match chosen.action:
            case None:
                return await _list(office, chosen)
            case "show":
                return await _show(office, chosen)
            case deed:
                answer = await office.do(Deed(deed), chosen.job, chosen.because)
                return answered(answer, as_script=chosen.json)

    return worked(work)


async def search(office: Office, chosen: argparse.Namespace) -> Search:
    """What the options mean that choose jobs. Raises `CannotStart`."""
    return Search(
        phases=frozenset(map(Phase, getattr(chosen, "phase", ()))),
        chat=chosen.chat,
        person=(await office.whom(chosen.who)).key if chosen.who else "",
        provider=getattr(chosen, "provider", ""),
        words=chosen.words,
        since=_day(chosen.since) if chosen.since else None,
        until=_day(chosen.until) + timedelta(days=1) if chosen.until else None,
    )


def phase_words(job: Job) -> str:
    return "cannot be sent" if job.waits_for_a_person else job.phase.value


def without_secrets(job: Job) -> Job:
    """What a provider proves with that it calls back is for nobody's eyes."""
    return replace(job, correlation=None)


async def _list(office: Office, chosen: argparse.Namespace) -> int:
    page = await office.desk.jobs(await search(office, chosen), chosen.limit, chosen.before)
    if chosen.json:
        as_json({"jobs": [without_secrets(job) for job in page.jobs], "older": page.older})
        return 0
    show(page.jobs, *_COLUMNS, empty="No job is like that.")
    if page.older is not None:
        say(f"There are older ones: --before {page.older}")
    return 0


async def _show(office: Office, chosen: argparse.Namespace) -> int:
    story = await office.desk.story(chosen.job)
    if chosen.json:
        as_json(replace(story, job=without_secrets(story.job)))
    else:
        say(*_told(story))
    return 0


def _told(story: Story) -> Iterator[str]:
    job = story.job
    yield f"Job {job.id}, {phase_words(job)}"
    yield f"  {render(job.request)}"
    yield f"  by {job.identity.name or 'nobody'} ({job.identity.key}) in {job.place.chat_key}"
    yield f"  {job.offer.id}, {shown(job.price)}{' refunded' if story.is_refunded else ''}"
    if job.clip:
        yield f"  {job.clip.name}, {job.clip.width}×{job.clip.height}, {job.clip.size / 1e6:.1f} MB{_kept(job)}"
    if job.failure:
        yield f"  {job.failure.kind}: {job.failure.detail or 'nothing more is known'}"
    yield from (f"  {note}" for note in job.notes)
    yield "What happened (UTC)"
    happened = sorted([*_steps(story), *_lines(story), *_decisions(story)], key=itemgetter(0))
    yield from (f"  {at:%Y-%m-%d %H:%M:%S}  {words}" for at, words in happened)


Event = tuple[datetime, str]


def _steps(story: Story) -> Iterator[Event]:
    before: datetime | None = None
    for step in story.steps:
        took = f", after {span((step.at - before).total_seconds())}" if before else ""
        yield step.at, f"{step.phase}{took}"
        before = step.at


def _lines(story: Story) -> Iterator[Event]:
    yield from ((line.at, posting_words(line)) for line in story.postings)


def _decisions(story: Story) -> Iterator[Event]:
    yield from ((each.at, f"{each.name or each.by}: {each.what}") for each in story.decisions)


def posting_words(line: Posting) -> str:
    return f"{line.kind} {amount_words(line.unit, line.amount)}: {line.reason}"


def _kept(job: Job) -> str:
    return ", kept no longer" if job.swept or job.deleted else ""


def _day(typed: str) -> datetime:
    try:
        return datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise CannotStart(f"“{typed}” is no day", "Write it like 2026-01-31") from error


_COLUMNS = (
    Column[Job]("JOB", lambda job: job.id[:SHORT_ID]),
    Column[Job]("ORDERED (UTC)", lambda job: moment_words(job.ordered_at)),
    Column[Job]("BY", lambda job: job.identity.name or job.identity.key),
    Column[Job]("CHAT", lambda job: job.place.chat_key),
    Column[Job]("PHASE", phase_words),
    Column[Job]("PRICE", lambda job: shown(job.price), is_number=True),
    Column[Job]("PROMPT", lambda job: job.request.prompt, is_cut=True),
)
