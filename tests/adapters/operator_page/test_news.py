"""What changes while somebody looks on."""

import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from adapters.network import tls
from adapters.operator_page.routes import EVERY
from adapters.operator_page.sessions import IDLE
from tests.adapters.operator_page.office import Office, served


class Line:
    """An open one, event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()
        self.mark = ""

    async def next(self) -> str:
        """The HTML that came, `over`, or what keeps the line open; nothing once it is closed."""
        event = ""
        async for line in self._lines:
            kind, _, value = line.partition(": ")
            if kind == "id":
                self.mark = value
            elif kind == "event":
                event = value
            elif kind == "data":
                return "over" if event == "over" else str(json.loads(value))
            elif line.startswith(": "):
                return line
        return ""


@asynccontextmanager
async def looking(office: Office, path: str = "", **headers: str) -> AsyncIterator[Line]:
    cookies = {"rushes_operator": office.browser.client.cookies["rushes_operator"]}
    async with (
        served(office.page) as url,
        httpx.AsyncClient(verify=tls(), base_url=url, cookies=cookies, timeout=30) as client,
        client.stream("GET", f"/operator{path}", headers={"Accept": "text/event-stream"} | headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        yield Line(response)


async def test_whoever_looks_on_sees_what_has_changed_and_nothing_else(office: Office) -> None:
    page = await office.browser.get("/jobs")
    mark = re.findall(r'data-mark="(\w+)"', page)[0]
    async with looking(office, f"/jobs?seen={mark}") as line:
        assert await line.next() == ": still here"
        job = (await office.stage.order("a red fox")).job
        office.stage.clock.forward(EVERY)
        news = await line.next()
        assert job in news
        assert 'data-live id="found"' in news
        assert "<html" not in news


async def test_the_news_are_those_of_the_search_on_the_page(office: Office) -> None:
    await office.stage.order("a fox")
    await office.stage.order("a hare")
    async with looking(office, "/jobs?q=hare&seen=0") as line:
        news = await line.next()
        assert "a hare" in news
        assert "a fox" not in news


async def test_a_browser_that_comes_back_is_told_only_what_it_missed(office: Office) -> None:
    mark = re.findall(r'data-mark="(\w+)"', await office.browser.get("/people"))[0]
    async with looking(office, "/people?seen=0", **{"Last-Event-ID": mark}) as line:
        assert await line.next() == ": still here"


async def test_looking_on_keeps_nobody_signed_in(office: Office) -> None:
    async with looking(office) as line:
        await line.next()
        office.stage.clock.forward(IDLE.total_seconds() - 1)
        await line.next()
        office.stage.clock.forward(EVERY)
        assert await line.next() == "over"
        assert await line.next() == ""


async def test_signing_out_ends_every_line(office: Office) -> None:
    async with looking(office) as line:
        await line.next()
        await office.browser.get()
        await office.browser.post("/logout")
        office.stage.clock.forward(EVERY)
        assert await line.next() == "over"


async def test_a_line_breaks_where_nothing_can_be_read_and_the_browser_comes_back(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Other servers of the tests say nothing, and it is the same log.
    caplog.set_level(logging.ERROR, "uvicorn.error")
    async with looking(office, "/jobs") as line:
        await line.next()
        monkeypatch.setattr(office.stage.store.survey, "_database", None)
        office.stage.clock.forward(EVERY)
        with pytest.raises(httpx.RemoteProtocolError):
            await line.next()
    assert "Exception in ASGI application" in caplog.text


async def test_a_stop_ends_every_line_at_once(office: Office) -> None:
    async with looking(office) as line:
        await line.next()
        office.page.close()
        assert await line.next() == ""
