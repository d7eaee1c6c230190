"""What a browser may send, and what it is answered."""

import logging
import sqlite3

import httpx
import pytest

from adapters.network import tls
from bot.flags import FLAGS
from bot.job import Phase
from tests.adapters.web.conftest import House, guest, order
from tests.visitor import visiting

EVENT = "0b0e7a58-6f4f-4b5e-9e5c-0d0c2f0c7a11"


async def test_an_order_is_answered_with_its_card(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        answer = await order(ann, "/video a red fox --ar 9:16")
    said = answer.json()
    assert answer.status_code == 200
    assert (said["title"], said["tone"]) == ("Waiting", "busy")
    assert f'data-job="{said["job"]}"' in said["html"]


async def test_words_without_a_command_are_a_prompt(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        assert "a red fox</strong>" in (await order(ann, "a red fox")).json()["html"]


@pytest.mark.parametrize("text", ["help", "/help", "/video help"])
async def test_help_is_for_whoever_asks_and_films_nothing(slow_house: House, text: str) -> None:
    async with guest(slow_house) as ann:
        answer = await order(ann, text)
    assert answer.status_code == 200
    assert answer.json()["job"] is None
    assert all(f"--{flag.name}" in answer.json()["html"] for flag in FLAGS)


async def test_another_command_is_not_filmed(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        answer = await order(ann, "/dance")
    assert answer.status_code == 422
    assert answer.json()["title"] == "Unknown command"


async def test_a_price_is_told_without_an_order(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        answer = await order(ann, "a fox --cost")
    assert answer.json()["job"] is None
    assert "for this clip" in answer.json()["title"]


async def test_a_refusal_says_what_why_and_what_next(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        answer = await order(ann, "a fox --ar 9:17")
    said = answer.json()
    assert answer.status_code == 422
    assert (said["title"], said["tone"], said["job"]) == ("Unknown value", "bad", None)
    assert "9:16" in said["lines"][0]
    assert said["lines"][-1] == "Nothing was charged."
    assert "Only you can see this" in said["html"]


async def test_the_same_event_orders_once(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        answers = [(await order(ann, "a fox", EVENT)).json()["job"] for _ in range(2)]
        page = await ann.get("/")
    assert answers[0] == answers[1]
    assert page.text.count("<article") == 1


async def test_nobody_can_take_anothers_event(slow_house: House) -> None:
    async with guest(slow_house) as ann, guest(slow_house) as bob:
        jobs = [(await order(one, "a fox", EVENT)).json()["job"] for one in (ann, bob)]
    assert jobs[0] != jobs[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_page_cannot_order(slow_house: House, headers: dict[str, str]) -> None:
    async with guest(slow_house, **headers) as ann:
        answer = await order(ann, "a fox")
    assert answer.status_code == 403
    assert answer.json()["title"] == "Not from this page"


async def test_a_post_must_say_where_it_comes_from(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        del ann.headers["Origin"]
        assert (await order(ann, "a fox")).status_code == 403
        ann.headers["Sec-Fetch-Site"] = "same-origin"
        assert (await order(ann, "a fox")).status_code == 200


@pytest.mark.parametrize("cookie", [None, "", "short", "x" * 33, "{" * 32])
async def test_a_post_needs_the_pages_cookie(slow_house: House, cookie: str | None) -> None:
    headers = {} if cookie is None else {"Cookie": f"rushes_guest={cookie}"}
    body = {"text": "a fox", "event": EVENT}
    async with httpx.AsyncClient(verify=tls(), base_url=slow_house.url, headers={"Origin": slow_house.url}) as stranger:
        answer = await stranger.post("/orders", json=body, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_form_of_another_kind_is_turned_away(slow_house: House, kind: str) -> None:
    body = b'{"text": "a fox", "event": "12345678"}'
    async with guest(slow_house) as ann:
        answer = await ann.post("/orders", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"text": "a fox"}',
        b'{"event": "12345678"}',
        b'{"text": 7, "event": "12345678"}',
        b'{"text": null, "event": "12345678"}',
        b'{"text": "a \\ud800 fox", "event": "12345678"}',
        b'{"text": "a fox", "event": 12345678}',
        b'{"text": "a fox", "event": "short"}',
        b'{"text": "a fox", "event": "12345678\\n"}',
        b'{"text": "a fox", "event": "../../etc/passwd"}',
    ],
)
async def test_what_cannot_be_read_is_answered_clearly(slow_house: House, body: bytes) -> None:
    async with guest(slow_house) as ann:
        answer = await ann.post("/orders", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["title"] == "Not readable"
    assert answer.json()["lines"][0].startswith("The message cannot be read: ")


async def test_a_character_that_nobody_can_read_is_refused_by_name(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        answer = await order(ann, "a \x00 fox")
    assert answer.status_code == 422
    assert "U+0000" in answer.text


async def test_a_message_has_its_limit(slow_house: House) -> None:
    async with guest(slow_house) as ann:
        answer = await order(ann, "x" * 65_536)
    assert answer.status_code == 413
    assert "64 KiB" in answer.json()["lines"][0]


async def test_a_running_order_is_cancelled_by_its_button(slow_house: House) -> None:
    async with visiting(slow_house.url) as ann:
        job = await ann.order("a fox")
        await ann.until(job, Phase.RENDERING)
        assert (await ann.press(job, "cancel")).status_code == 200
        assert "Nothing was charged." in await ann.until(job, Phase.CANCELLED)


async def test_only_the_owner_cancels(slow_house: House) -> None:
    async with visiting(slow_house.url) as ann, visiting(slow_house.url) as bob:
        answer = await bob.press(await ann.order("a fox"), "cancel")
    assert answer.status_code == 422
    assert answer.json()["title"] == "Not yours"


@pytest.mark.parametrize("path", ["/jobs/00000000000000000000/cancel", "/jobs/%00/cancel", "/jobs/x'--/again"])
async def test_a_button_of_an_unknown_order_is_not_found(slow_house: House, path: str) -> None:
    async with guest(slow_house) as ann:
        answer = await ann.post(path, json={"event": EVENT})
    assert answer.status_code == 404
    assert answer.json()["tone"] == "bad"


async def test_an_unknown_button_is_not_found(slow_house: House) -> None:
    async with visiting(slow_house.url) as ann:
        answer = await ann.press(await ann.order("a fox"), "explode")
    assert answer.status_code == 404
    assert answer.json()["title"] == "Not found"


async def test_a_mishap_is_told_with_the_reference_that_the_log_has(
    slow_house: House, caplog: pytest.LogCaptureFixture
) -> None:
    broken = sqlite3.connect(slow_house.folder / "rushes.db")
    broken.execute("ALTER TABLE events RENAME TO gone")
    broken.close()
    async with guest(slow_house) as ann:
        with caplog.at_level(logging.ERROR):
            answer = await order(ann, "a secret fox")
    assert answer.status_code == 500
    assert answer.json()["title"] == "Something went wrong here"
    reference = answer.json()["lines"][0].rstrip(".").split()[-1]
    assert [reference in record.getMessage() for record in caplog.records] == [True]
    assert "secret" not in caplog.records[0].getMessage()
    assert "events" not in answer.text


async def test_a_page_that_cannot_be_made_says_so_on_a_page(slow_house: House) -> None:
    broken = sqlite3.connect(slow_house.folder / "rushes.db")
    broken.execute("ALTER TABLE jobs RENAME TO gone")
    broken.close()
    async with httpx.AsyncClient(verify=tls(), base_url=slow_house.url) as ann:
        answer = await ann.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
