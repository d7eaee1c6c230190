"""Jobs: found, told from beginning to end, and moved on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from starlette.datastructures import QueryParams
from starlette.requests import Request

from adapters.operator_page.forms import Fields, NotAForm
from adapters.operator_page.moments import Clocks
from adapters.operator_page.sheets import Sheet, further, number_in
from adapters.operator_page.signature import OPERATOR
from bot.actions import CANCELLABLE
from bot.card import Card
from bot.catalogue import PROVIDERS
from bot.desk import Deed, Desk, NotOneJob
from bot.grammar import flags_of
from bot.job import ENDS, Job, Phase
from bot.survey import Search, Story

PAGE = 50
MOST_WORDS = 200

OF_JOBS = (Deed.CANCEL, Deed.SEND_AGAIN, Deed.FILM_AGAIN, Deed.REFUND)

UNDER_WAY = "under-way"
"""Beside the phases, what is not over yet."""


class Jobs:
    def __init__(self, desk: Desk, clocks: Clocks) -> None:
        self._desk = desk
        self._clocks = clocks

    async def show(self, request: Request) -> Sheet:
        asked = request.query_params
        found = await self._desk.jobs(self._search(asked), PAGE, number_in(asked, "before"))
        return Sheet(
            name="jobs",
            section="jobs",
            facts={
                "asked": {
                    name: asked.get(name, "") for name in ("q", "phase", "chat", "person", "provider", "since", "until")
                },
                "jobs": found.jobs,
                "older": further(asked, before=found.older) if found.older else None,
                "newest": further(asked, before=None) if "before" in asked else None,
                "phases": (UNDER_WAY, *Phase),
                "providers": PROVIDERS,
            },
        )

    async def tell(self, request: Request) -> Sheet:
        try:
            story = await self._desk.story(request.path_params["job"])
        except NotOneJob:
            return Sheet(name="nothing", is_live=False, status=404)
        return Sheet(name="job", section="jobs", facts={"story": story, "job": story.job, **_told(story)})

    async def do(self, request: Request, fields: Fields) -> Card:
        path = request.path_params
        if path["deed"] not in OF_JOBS:
            raise NotAForm
        return await self._desk.do(Deed(path["deed"]), OPERATOR, path["job"], fields.get("reason", "").strip())

    def _search(self, asked: QueryParams) -> Search:
        return Search(
            phases=_phases(asked.get("phase", "")),
            chat=asked.get("chat", ""),
            person=asked.get("person", ""),
            provider=asked.get("provider", ""),
            words=asked.get("q", "").strip()[:MOST_WORDS],
            since=self._midnight(asked.get("since", "")),
            until=self._midnight(asked.get("until", ""), timedelta(days=1)),
        )

    def _midnight(self, day: str, later: timedelta = timedelta(0)) -> datetime | None:
        """`None` for what is no date."""
        try:
            return self._clocks.midnight(date.fromisoformat(day) + later)
        except (ValueError, OverflowError):
            return None


def _phases(asked: str) -> frozenset[Phase]:
    if asked == UNDER_WAY:
        return frozenset(Phase) - ENDS
    return frozenset({Phase(asked)}) if asked in list(Phase) else frozenset()


def _told(story: Story) -> Mapping[str, object]:
    job = story.job
    ends = [*(step.at for step in story.steps[1:]), None]
    return {
        "steps": list(zip(story.steps, ends, strict=True)),
        "options": flags_of(job.request),
        "is_shown": is_shown(job),
        "deeds": deeds(story),
    }


def is_shown(job: Job) -> bool:
    """Whether the page may show the clip: it is there, and was not meant for one person alone."""
    is_kept = job.clip is not None and job.phase is Phase.DELIVERED and not (job.deleted or job.swept)
    return is_kept and not (job.forgotten or job.place.is_private)


def deeds(story: Story) -> list[Deed]:
    """What can be done with the job as it is."""
    job = story.job
    may = {
        Deed.CANCEL: job.phase in CANCELLABLE and not job.cancel_asked,
        Deed.SEND_AGAIN: job.waits_for_a_person or (job.phase is Phase.DELIVERED and not (job.deleted or job.swept)),
        Deed.FILM_AGAIN: job.is_over and job.phase is not Phase.DELIVERED and not job.erased,
        Deed.REFUND: job.charged and not story.is_refunded,
    }
    return [deed for deed, can in may.items() if can and not job.forgotten]
