"""Finished clips over HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.network import tls
from bot.job import Phase
from tests.adapters.web.conftest import House
from tests.visitor import visiting


@pytest.fixture
async def clip(house: House) -> str:
    """The path of a finished clip."""
    async with visiting(house.url) as ann:
        job = await ann.order("a fox --res 360p --seed 1")
        await ann.until(job, Phase.DELIVERED)
    return f"/clips/{job}.mp4"


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=tls(), base_url=house.url) as opened:
        yield opened


async def test_a_clip_is_an_mp4_that_plays_in_the_page(client: httpx.AsyncClient, clip: str) -> None:
    answer = await client.get(clip)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.content[4:8] == b"ftyp"


async def test_a_player_can_ask_for_a_part(client: httpx.AsyncClient, clip: str) -> None:
    whole = (await client.get(clip)).content
    part = await client.get(clip, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{len(whole)}"


async def test_a_part_beyond_the_end_is_not_there(client: httpx.AsyncClient, clip: str) -> None:
    assert (await client.get(clip, headers={"Range": "bytes=999999999-"})).status_code == 416


async def test_a_download_is_saved_as_a_file(client: httpx.AsyncClient, clip: str) -> None:
    answer = await client.get(clip, params={"download": "1"})
    assert answer.headers["content-disposition"] == f'attachment; filename="{clip.removeprefix("/clips/")}"'


@pytest.mark.parametrize(
    "name",
    [
        "../rushes.db",
        "..%2frushes.db",
        "%2e%2e/rushes.db",
        "..%5crushes.db",
        "%00",
        "0" * 20 + ".mp4%00",
        "0" * 20 + ".mp4%0a",
        "0" * 20 + ".MP4",
        "0" * 20 + ".mp4",
        "%c3%a9.mp4",
        "%ff.mp4",
        "",
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    path = httpx.URL(str(client.base_url)).copy_with(raw_path=f"/clips/{name}".encode())
    assert (await client.get(path)).status_code == 404
