"""Who is let in, and what it takes to get in otherwise."""

import logging
from datetime import timedelta

import httpx
import pytest

from adapters.operator_page.sessions import IDLE, LONGEST, MOST
from tests.adapters.operator_page.office import TOKEN, Browser, Office, page_of
from tests.stage import Stage

INSIDE, OUTSIDE = "rushes_operator", "rushes_operator_door"
PAGES = ("", "/money", "/jobs", "/jobs/0", "/people", "/chats", "/gallery", "/audit", "/nothing", "/clips/0.mp4")


def cookie(answer: httpx.Response, name: str) -> str:
    return next(value for value in answer.headers.get_list("set-cookie") if value.startswith(f"{name}="))


async def is_inside(browser: Browser) -> bool:
    answer = await browser.client.get("/operator")
    return answer.status_code == httpx.codes.OK


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_is_shown_to_whoever_has_not_signed_in(office: Office, path: str) -> None:
    answer = await office.stranger().client.get(f"/operator{path}")
    assert answer.status_code in (303, 401)
    assert not answer.content


@pytest.mark.parametrize("path", ["/jobs/0/refund", "/people/ban", "/requests/0", "/say", "/logout"])
async def test_nothing_is_done_for_whoever_has_not_signed_in(office: Office, path: str) -> None:
    stranger = office.stranger()
    await stranger.get("/login")
    answer = await stranger.post(path, words="pause", reason="fun")
    assert (answer.status_code, answer.headers["location"]) == (303, "/operator/login")
    assert await office.stage.desk.audit("", 10) == []


async def test_a_line_for_news_ends_at_once_for_whoever_has_not_signed_in(office: Office) -> None:
    answer = await office.stranger().client.get("/operator", headers={"Accept": "text/event-stream"})
    assert answer.text == "event: over\ndata: \n\n"


async def test_the_token_lets_in_to_the_page_that_was_wanted(office: Office) -> None:
    stranger = office.stranger()
    led = await stranger.client.get("/operator/jobs?q=fox%20%26%20hare")
    assert led.headers["location"] == "/operator/login?next=%2Foperator%2Fjobs%3Fq%3Dfox%2520%2526%2520hare"
    page = await stranger.client.get(led.headers["location"])
    assert 'name="next" value="/operator/jobs?q=fox%20%26%20hare"' in page.text
    answer = await stranger.sign_in(next="/operator/jobs?q=fox%20%26%20hare")
    assert (answer.status_code, answer.headers["location"]) == (303, "/operator/jobs?q=fox%20%26%20hare")
    assert await is_inside(stranger)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/operator//evil.example", "/operator\\evil", "/operatorx", "/", "",
     "/operator/jobs\r\nX: y", "javascript:alert(1)"],
)  # fmt: skip
async def test_signing_in_leads_nowhere_else(office: Office, elsewhere: str) -> None:
    answer = await office.stranger().sign_in(next=elsewhere)
    assert answer.headers["location"] == "/operator"


async def test_the_cookie_is_kept_from_scripts_and_other_sites(office: Office) -> None:
    stranger = office.stranger()
    before = cookie(await stranger.client.get("/operator/login"), OUTSIDE)
    after = cookie(await stranger.sign_in(), INSIDE)
    for each in (before, after):
        assert {"HttpOnly", "Path=/operator", "SameSite=strict"} <= set(each.split("; "))
        assert "Secure" not in each
        assert "expires" not in each.lower()
        assert "max-age" not in each.lower()


@pytest.mark.parametrize(
    ("here", "public_url", "is_secure"),
    [
        ("https://rushes.example", None, True),
        ("http://rushes.example", "https://rushes.example", True),
        ("http://127.0.0.1", "https://rushes.example", False),
        ("http://rushes.example", "http://rushes.example", False),
    ],
)
async def test_the_cookie_is_for_https_alone_where_the_page_is(
    stage: Stage, here: str, public_url: str | None, *, is_secure: bool
) -> None:
    browser = Browser(page_of(stage, public_url), here=here)
    answer = await browser.client.get("/operator/login")
    assert ("Secure" in cookie(answer, OUTSIDE)) == is_secure


async def test_a_cookie_that_somebody_else_put_there_is_not_the_one_that_counts(office: Office) -> None:
    stranger, planted = office.stranger(), "A" * 43
    for name in (INSIDE, OUTSIDE):
        stranger.client.cookies.set(name, planted, domain="rushes.example", path="/operator")
    await stranger.sign_in()
    assert stranger.client.cookies.get(INSIDE, path="/operator") != planted
    assert await is_inside(stranger)
    thief = office.stranger()
    for name in (INSIDE, OUTSIDE):
        thief.client.cookies.set(name, planted, domain="rushes.example", path="/operator")
    assert not await is_inside(thief)


async def test_everybody_who_signs_in_gets_another_key(office: Office) -> None:
    keys = {cookie(await office.stranger().sign_in(), INSIDE) for _ in range(3)}
    assert len(keys) == 3


async def test_whoever_signs_out_is_out_also_with_the_cookie_of_before(office: Office) -> None:
    browser = office.browser
    key = browser.client.cookies[INSIDE]
    await browser.get()
    assert (await browser.post("/logout")).headers["location"] == "/operator/login"
    assert INSIDE not in browser.client.cookies
    browser.client.cookies.set(INSIDE, key, domain="rushes.example", path="/operator")
    assert not await is_inside(browser)


async def test_a_session_ends_after_an_hour_in_which_nothing_was_done(office: Office) -> None:
    office.stage.clock.forward(IDLE.total_seconds() - 1)
    assert await is_inside(office.browser)
    office.stage.clock.forward(IDLE.total_seconds() - 1)
    assert await is_inside(office.browser)
    office.stage.clock.forward(IDLE.total_seconds())
    assert not await is_inside(office.browser)


async def test_a_session_ends_after_half_a_day_whatever_is_done(office: Office) -> None:
    for _ in range(int(LONGEST / timedelta(minutes=30)) - 1):
        office.stage.clock.forward(1800)
        assert await is_inside(office.browser)
    office.stage.clock.forward(1800)
    assert not await is_inside(office.browser)


async def test_setting_the_clock_ends_no_session(office: Office) -> None:
    office.stage.clock.jump(10 * LONGEST.total_seconds())
    assert await is_inside(office.browser)


async def test_of_very_many_sessions_the_one_that_was_used_longest_ago_ends(office: Office) -> None:
    others = [office.stranger() for _ in range(MOST)]
    for other in others:
        office.stage.clock.forward(1)
        await other.sign_in()
    assert not await is_inside(office.browser)
    assert all([await is_inside(other) for other in others])


async def test_who_has_signed_in_needs_no_form_for_it(office: Office) -> None:
    assert (await office.browser.client.get("/operator/login")).headers["location"] == "/operator"


async def test_a_wrong_token_is_told_and_never_written_down(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stranger = office.stranger("203.0.113.9")
    answer = await stranger.sign_in("a wrong guess of the token")
    assert answer.status_code == 401
    assert "Wrong token" in answer.text
    assert "a wrong guess" not in answer.text
    assert (await stranger.sign_in()).status_code == 303
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("adapters.")]
    assert ours == [
        "operator page: wrong token from 203.0.113.9, next try in 0 s",
        "operator page: signed in from 203.0.113.9",
    ]
    assert TOKEN not in caplog.text
    assert "a wrong guess" not in caplog.text


async def test_who_guesses_waits_longer_each_time_and_is_not_even_heard_meanwhile(office: Office) -> None:
    thief, clock = office.stranger(), office.stage.clock
    for _ in range(3):
        assert (await thief.sign_in("no")).status_code == 401
    waits = []
    for _ in range(4):
        refused = await thief.sign_in("no")
        assert refused.status_code == 401
        waits.append(int(refused.headers["retry-after"]))
        late = await thief.sign_in()
        assert (late.status_code, late.headers["retry-after"]) == (429, refused.headers["retry-after"])
        assert "Too many tries" in late.text
        clock.forward(waits[-1])
    assert waits == [1, 2, 4, 8]
    assert (await thief.sign_in()).status_code == 303


async def test_guesses_of_others_keep_nobody_else_out(office: Office) -> None:
    thief = office.stranger("203.0.113.66")
    for _ in range(4):
        await thief.sign_in("no")
    assert (await office.stranger("198.51.100.1").sign_in()).status_code == 303


@pytest.mark.parametrize("path", ["", "/money", "/login"])
async def test_every_page_is_shielded_and_kept_in_no_store(office: Office, path: str) -> None:
    browser = office.browser if path != "/login" else office.stranger()
    headers = (await browser.client.get(f"/operator{path}")).headers
    assert "script-src 'self'; style-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    # With less than that, a browser would not say on whose page a form stood.
    assert headers["referrer-policy"] == "same-origin"


async def test_the_token_stands_on_no_page(office: Office) -> None:
    for path in PAGES[:8]:
        assert TOKEN not in (await office.browser.client.get(f"/operator{path}")).text
    assert TOKEN not in str(office.browser.client.cookies)
