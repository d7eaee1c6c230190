"""The stream that keeps every browser up to date."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from adapters.network import tls
from bot.job import Phase
from tests.adapters.web.conftest import House, guest
from tests.visitor import Visitor, visiting


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    mark: str
    jobs: dict[str, str]
    """The HTML of each job."""


@asynccontextmanager
async def listening(house: House, after: str = "", **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
    async with (
        asyncio.timeout(30),
        httpx.AsyncClient(verify=tls(), base_url=house.url, headers=headers, timeout=30) as client,
        client.stream("GET", "/events", params={"after": after}) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        yield _events(stream)


async def _events(stream: httpx.Response) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    async for line in stream.aiter_lines():
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            jobs = {card["job"]: card["html"] for card in json.loads(fields["data"])["cards"]}
            yield Event(fields["event"], fields["id"], jobs)
            fields = {}


async def until_delivered(events: AsyncIterator[Event]) -> dict[str, str]:
    """The last that was heard of each job, once one is delivered."""
    known: dict[str, str] = {}
    async for event in events:
        known |= event.jobs
        if any(f'data-phase="{Phase.DELIVERED}"' in html for html in event.jobs.values()):
            break
    return known


async def over(visitor: Visitor) -> None:
    """An order of which nothing more will be heard."""
    job = await visitor.order("a fox --res 360p --seed 1")
    await visitor.until(job, Phase.RENDERING)
    await visitor.press(job, "cancel")
    await visitor.until(job, Phase.CANCELLED)


async def test_a_newcomer_hears_the_history_first(slow_house: House) -> None:
    async with visiting(slow_house.url) as ann, listening(slow_house) as early:
        assert (await anext(early)).jobs == {}
        job = await ann.order("a fox --res 360p --seed 1")
        async with listening(slow_house) as late:
            first = await anext(late)
    assert (first.kind, list(first.jobs)) == ("history", [job])


async def test_everybody_sees_the_clip_come(house: House) -> None:
    async with visiting(house.url) as ann, listening(house) as one, listening(house) as other:
        job = await ann.order("a fox --res 360p --seed 1")
        last = [await until_delivered(events) for events in (one, other)]
    assert last[0] == last[1]
    assert f'src="/clips/{job}.mp4"' in last[0][job]


async def test_who_comes_back_hears_only_what_was_missed(slow_house: House) -> None:
    async with visiting(slow_house.url) as ann:
        await over(ann)
        async with listening(slow_house) as events:
            mark = (await anext(events)).mark
        async with listening(slow_house, **{"Last-Event-ID": mark}) as events:
            second = await ann.order("a hare --res 360p --seed 1")
            first = await anext(events)
    assert (first.kind, list(first.jobs)) == ("cards", [second])


async def test_the_page_knows_what_it_shows_already(slow_house: House) -> None:
    async with visiting(slow_house.url) as ann:
        await over(ann)
        async with guest(slow_house) as bob:
            mark = (await bob.get("/")).text.partition('data-mark="')[2].partition('"')[0]
        async with listening(slow_house, after=mark) as events:
            second = await ann.order("a hare --res 360p --seed 1")
            first = await anext(events)
    assert (first.kind, list(first.jobs)) == ("cards", [second])


async def test_the_server_goes_though_browsers_are_connected(slow_house: House) -> None:
    async with listening(slow_house) as events:
        await anext(events)
        slow_house.rushes.web.close()
        slow_house.server.should_exit = True
        assert [event async for event in events] == []
        async with asyncio.timeout(30):
            await slow_house.serving
