"""`rushes clips`: which clips are kept, and copies of them with names that people can read."""

import argparse
import json
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic_core import to_jsonable_python
from rich.progress import Progress

from bot.job import Job
from bot.overview import SHORT_ID
from bot.phrase import counted_videos
from bot.survey import Search
from rushes.jobs import search, without_secrets
from rushes.office import Office, worked
from rushes.premises import writable
from rushes.tables import Column, as_json, moment_words, say, show

INDEX = "clips.json"

_PAGE = 200
_LONGEST = 40
"""Letters of a prompt that become part of a name."""


def main(chosen: argparse.Namespace) -> int:
    async def work(office: Office) -> int:
        wanted = replace(await search(office, chosen), has_clip=True)
        if chosen.action:
            return await _export(office, wanted, Path(chosen.folder))
        page = await office.desk.jobs(wanted, chosen.limit, chosen.before)
        if chosen.json:
            as_json({"clips": [without_secrets(job) for job in page.jobs], "older": page.older})
            return 0
        show(page.jobs, *_COLUMNS, empty="No clip is like that.")
        if page.older is not None:
            say(f"There are older ones: --before {page.older}")
        return 0

    return worked(work)


async def _export(office: Office, wanted: Search, folder: Path) -> int:
    jobs = [job async for job in _every(office, wanted)]
    missing = _export_to(folder, jobs, office.clips)
    say(f"{counted_videos(len(jobs) - len(missing))} in {folder}, and {INDEX} tells of each.")
    say(*(f"The file of job {job.id[:SHORT_ID]} is missing; rushes db check tells more." for job in missing))
    return 1 if missing else 0


async def _every(office: Office, wanted: Search) -> AsyncIterator[Job]:
    before: int | None = None
    while True:
        page = await office.desk.jobs(wanted, _PAGE, before)
        for job in page.jobs:
            yield job
        if page.older is None:
            return
        before = page.older


def _export_to(folder: Path, jobs: list[Job], clips: Path) -> list[Job]:
    """Those of which there is no file."""
    with writable(f"FOLDER is {folder}", "folder"):
        folder.mkdir(parents=True, exist_ok=True)
        missing = [job for job in _shown(jobs) if not _copied(job, clips, folder)]
        index = [without_secrets(job) for job in jobs]
        (folder / INDEX).write_text(json.dumps(to_jsonable_python(index), indent=2, ensure_ascii=False))
    return missing


def _shown(jobs: list[Job]) -> Iterator[Job]:
    """One after the other, with a bar where somebody looks."""
    with Progress(disable=not sys.stdout.isatty()) as progress:
        yield from progress.track(jobs, description="Copying")


def _copied(job: Job, clips: Path, folder: Path) -> bool:
    """False where the file is not there."""
    if job.clip is None or not (clips / job.clip.name).is_file():
        return False
    target = folder / _name(job)
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(clips / job.clip.name, part)
    part.replace(target)
    return True


def _name(job: Job) -> str:
    words = re.sub(r"\W+", "-", job.request.prompt.casefold())[:_LONGEST].strip("-")
    return f"{job.ordered_at:%Y-%m-%d}-{job.id[:SHORT_ID]}-{words}.mp4"


def _file(job: Job) -> str:
    return job.clip.name if job.clip else "-"


_COLUMNS = (
    Column[Job]("JOB", lambda job: job.id[:SHORT_ID]),
    Column[Job]("ARRIVED (UTC)", lambda job: moment_words(job.phase_since)),
    Column[Job]("BY", lambda job: job.identity.name or job.identity.key),
    Column[Job]("SIZE", lambda job: f"{job.clip.size / 1e6:.1f} MB" if job.clip else "-", is_number=True),
    Column[Job]("FILE", _file),
    Column[Job]("PROMPT", lambda job: job.request.prompt, is_cut=True),
)
