"""What the page shows, and what it keeps to itself."""

import json
import re
from pathlib import Path

import httpx
import pytest

from adapters.network import tls
from bot.flags import FLAGS
from bot.job import Phase
from tests.adapters.web.conftest import House, guest, order
from tests.visitor import visiting

NASTY = "<img src=x onerror=alert(1)> @everyone <script>alert(2)</script> \"' {{ 7*7 }}"


async def page_of(house: House) -> httpx.Response:
    async with httpx.AsyncClient(verify=tls(), base_url=house.url) as anyone:
        return await anyone.get("/")


@pytest.mark.parametrize("path", ["/", "/static/chat.css", "/clips/none.mp4", "/clips/" + "0" * 20 + ".mp4"])
async def test_every_answer_is_shielded(slow_house: House, path: str) -> None:
    async with httpx.AsyncClient(verify=tls(), base_url=slow_house.url) as anyone:
        headers = (await anyone.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] in {"no-cache", "no-store"}


async def test_the_cookie_stays_out_of_scripts_and_other_sites(slow_house: House) -> None:
    cookie = (await page_of(slow_house)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_a_guest_keeps_the_name_and_nobody_sees_the_cookie(slow_house: House) -> None:
    async with httpx.AsyncClient(verify=tls(), base_url=slow_house.url) as ann:
        pages = [(await ann.get("/")).text for _ in range(2)]
        token = ann.cookies["rushes_guest"]
    names = {re.findall(r"Guest [0-9A-F]{4}", page)[0] for page in pages}
    assert len(names) == 1
    assert token not in pages[0]


async def test_what_people_type_is_never_markup(slow_house: House) -> None:
    async with visiting(slow_house.url) as ann:
        job = await ann.order(NASTY)
        shown = await ann.until(job, Phase.RENDERING)
    for html in (shown, (await page_of(slow_house)).text):
        assert "<img src=x" not in html
        assert "<script>alert" not in html
        assert "&lt;img src=x onerror=alert(1)&gt; @everyone" in html
        assert "{{ 7*7 }}" in html


async def test_own_orders_stand_on_the_other_side(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        await order(ann, "a fox")
        mine = (await ann.get("/")).text
    theirs = (await page_of(slow_house)).text
    assert 'class="exchange own"' in mine
    assert "<b>You</b>" in mine
    assert 'class="exchange own"' not in theirs
    assert "<b>You</b>" not in theirs


async def test_the_composer_completes_what_the_parser_understands(slow_house: House) -> None:
    page = (await page_of(slow_house)).text
    embedded = re.search(r'<script type="application/json" id="flags">(.*?)</script>', page, re.DOTALL)
    assert embedded
    flags = json.loads(embedded[1])
    assert [flag["name"] for flag in flags] == [flag.name for flag in FLAGS]
    ratio = next(flag for flag in flags if flag["name"] == "ar")
    assert {"value": "9:16", "words": "tall, vertical"} in ratio["values"]
    assert next(flag for flag in flags if flag["name"] == "audio")["takes"] is False


def test_nothing_comes_from_elsewhere() -> None:
    folder = Path("adapters/chat/web")
    sources = [*folder.glob("static/*"), *folder.glob("templates/*")]
    assert sources
    for source in sources:
        assert re.findall(r"(?:src|href|url|from|import)\W{1,3}(?:https?:)?//[^\s\"']+", source.read_text()) == []


async def test_a_demo_says_that_it_is_one(slow_house: House) -> None:
    assert "<b>Demo</b>" in (await page_of(slow_house)).text
