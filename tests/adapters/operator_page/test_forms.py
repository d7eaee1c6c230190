"""Nobody but the page's own forms has anything done."""

import httpx
import pytest

from tests.adapters.operator_page.office import HERE, TOKEN, Office

PAUSE = {"words": "pause", "reason": "fun"}


async def is_paused(office: Office) -> bool:
    return await office.stage.core.lookout.why_paused("") is not None


async def test_a_form_of_the_page_is_obeyed(office: Office) -> None:
    page = await office.browser.do("/say", **PAUSE)
    assert "No new orders everywhere: fun." in page
    assert await is_paused(office)


@pytest.mark.parametrize("seal", ["", "0" * 64, "é"])
async def test_a_form_without_the_seal_of_its_visit_is_not_obeyed(office: Office, seal: str) -> None:
    answer = await office.browser.post("/say", **PAUSE, seal=seal)
    assert answer.status_code == 403
    assert not await is_paused(office)


async def test_the_seal_of_another_visit_is_of_no_use(office: Office) -> None:
    thief = office.stranger()
    await thief.get("/login")
    answer = await office.browser.post("/say", **PAUSE, seal=thief._seal)  # noqa: SLF001 - what a thief can have
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://rushes.example.evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/say", "/login", "/logout"])
async def test_another_sites_form_is_not_obeyed_even_with_the_seal(
    office: Office, path: str, headers: dict[str, str]
) -> None:
    await office.browser.get()
    office.browser.client.headers.update(headers)
    assert (await office.browser.post(path, **PAUSE, token=TOKEN)).status_code == 403
    assert not await is_paused(office)
    assert (await office.browser.client.get("/operator")).status_code == httpx.codes.OK


async def test_a_browser_that_says_nothing_of_where_a_form_stood_is_not_obeyed(office: Office) -> None:
    await office.browser.get()
    del office.browser.client.headers["Origin"]
    assert (await office.browser.post("/say", **PAUSE)).status_code == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=%ff", "application/x-www-form-urlencoded", 415),
        (b"a=\xff", "application/x-www-form-urlencoded", 415),
        (b"&".join([b"a=b"] * 100), "application/x-www-form-urlencoded", 415),
        (b"a=" + b"b" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"", "application/x-www-form-urlencoded", 403),
    ],
)
async def test_what_no_form_sends_is_turned_away_in_a_sentence(
    office: Office, body: bytes, kind: str, status: int
) -> None:
    answer = await office.browser.client.post("/operator/say", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert "<h1>" in answer.text


@pytest.mark.parametrize("path", ["/jobs/0/explode", "/jobs/0/answer", "/people/forbid", "/people/pause"])
async def test_there_is_no_such_deed(office: Office, path: str) -> None:
    page = await office.browser.do(path, key="telegram:1", words="x")
    assert "Not readable" in page


@pytest.mark.parametrize("key", ["", "telegram:1 because of", "everyone", "nowhere:1", "telegram:1\nresume"])
async def test_nobody_is_decided_about_who_is_not_named_by_a_key(office: Office, key: str) -> None:
    assert "Not readable" in await office.browser.do("/people/ban", key=key)
    assert "Not readable" in await office.browser.do("/say", chat=key or "-", words="pause")
    assert await office.stage.desk.audit("", 10) == []


async def test_what_a_form_leads_to_is_a_page_of_ours(office: Office) -> None:
    await office.browser.get()
    answer = await office.browser.post("/say", **PAUSE, next="https://evil.example/")
    assert answer.headers["location"] == "/operator"
    assert (await office.browser.post("/say", **PAUSE, next="/operator/jobs?q=fox")).headers["location"] == (
        "/operator/jobs?q=fox"
    )


async def test_what_came_of_a_form_is_told_once(office: Office) -> None:
    assert "No new orders everywhere" in await office.browser.do("/say", **PAUSE)
    assert "No new orders everywhere" not in await office.browser.get()


async def test_a_refusal_is_told_where_the_form_stood(office: Office) -> None:
    page = await office.browser.do("/say", words="fly", next="/operator/chats")
    assert 'class="told bad"' in page
    assert "There is no “fly”." in page


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_nothing_is_done_in_another_way(office: Office, method: str) -> None:
    answer = await office.browser.client.request(method, "/operator/say")
    assert answer.status_code == httpx.codes.METHOD_NOT_ALLOWED
