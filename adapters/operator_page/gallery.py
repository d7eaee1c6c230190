"""The latest clips, of those that were not meant for one person alone."""

import asyncio
import os

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from adapters.operator_page.jobs import is_shown
from adapters.operator_page.sheets import Sheet, further, number_in
from bot.desk import Desk, NotOneJob
from bot.ports import Library
from bot.survey import Search

PAGE = 24


class Gallery:
    def __init__(self, desk: Desk, library: Library) -> None:
        self._desk = desk
        self._library = library

    async def show(self, request: Request) -> Sheet:
        asked = request.query_params
        found = await self._desk.jobs(Search(has_clip=True), PAGE, number_in(asked, "before"))
        shown = [job for job in found.jobs if is_shown(job)]
        return Sheet(
            name="gallery",
            section="gallery",
            is_live=False,
            facts={
                "jobs": shown,
                "private": len(found.jobs) - len(shown),
                "older": further(asked, before=found.older) if found.older else None,
                "newest": further(asked, before=None) if "before" in asked else None,
            },
        )

    async def clip(self, request: Request) -> Response:
        """404 for every one that the page does not show."""
        try:
            job = (await self._desk.story(request.path_params["job"])).job
        except NotOneJob:
            return Response(status_code=404)
        if job.clip is None or not is_shown(job):
            return Response(status_code=404)
        file = self._library.file(job.clip)
        try:
            found = await asyncio.to_thread(os.stat, file)
        except FileNotFoundError:
            return Response(status_code=404)
        headers = {"Cache-Control": "private, no-store"}
        return FileResponse(file, headers=headers, media_type="video/mp4", stat_result=found)
