"""The operator page as people use it: a real browser, with and without the page's script, and what axe finds."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from adapters.operator_page.routes import EVERY
from adapters.operator_page.sessions import IDLE
from adapters.operator_page.signature import OPERATOR
from bot.job import Phase
from bot.survey import Search
from tests.adapters.operator_page.month import CHATS, PEOPLE, lived
from tests.adapters.operator_page.office import TOKEN, clip_file, page_of, served
from tests.stage import CLIP, Stage, staged

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

AXE = Path(__file__).parents[2] / "browser" / "node_modules" / "axe-core" / "axe.min.js"
IN_VIEW_WIDTH = "document.documentElement.scrollWidth <= window.innerWidth"
SECTIONS = ("", "/money", "/jobs", "/people", "/chats", "/gallery", "/audit")


@dataclass(frozen=True, slots=True)
class House:
    """With a month of orders in it."""

    stage: Stage
    url: str


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("operator")
    async with staged(folder, providers=("fal", "aimlapi")) as stage:
        stage.library.folder = folder
        clip_file(folder)
        await lived(stage, [CLIP], days=8)
        async with served(page_of(stage)) as url:
            yield House(stage, url)


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    opened = await browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext, house: House) -> AsyncIterator[Page]:
    """Signed in. Fails where a script or the content policy complained."""
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    await sign_in(opened, house)
    yield opened
    assert complaints == []


async def sign_in(page: Page, house: House) -> None:
    await page.goto(f"{house.url}/operator")
    await page.get_by_label("Token").fill(TOKEN)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Now")).to_be_visible()


async def until(house: House, shown: Locator) -> None:
    """The clock goes on as long as this cannot be seen: the page may not have been looking yet when it moved."""
    async with asyncio.timeout(30):
        while not await shown.is_visible():
            house.stage.clock.forward(EVERY)


async def flaws(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """What axe objects to, and where: by these of its rules, or by all."""
    assert AXE.exists(), (
        f"{AXE} is not there: make {AXE.parents[1].relative_to(Path.cwd()) / '.ready'}, which needs npm"
    )
    # Not by a script tag, which the content policy refuses.
    await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate("(rules) => axe.run(rules.length ? { runOnly: rules } : {})", rules)
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]


async def test_axe_finds_nothing_in_any_section_by_day_or_by_night(page: Page, house: House) -> None:
    (held_up,) = (await house.stage.desk.jobs(Search(phases=frozenset({Phase.DELIVERING})), 1)).jobs
    job, person, chat = held_up.id, PEOPLE[0].key, CHATS[0].chat_key
    for path in (*SECTIONS, f"/jobs/{job}", f"/people?q={person}", f"/chats?chat={chat}", "/nothing"):
        await page.goto(f"{house.url}/operator{path}")
        assert await flaws(page) == [], path
    await page.emulate_media(color_scheme="dark")
    for path in ("", f"/jobs/{job}", f"/people?q={person}", "/chats"):
        await page.goto(f"{house.url}/operator{path}")
        assert await flaws(page, "color-contrast") == [], path


async def test_axe_finds_nothing_at_the_door(context: BrowserContext, house: House) -> None:
    stranger = await context.new_page()
    await stranger.goto(f"{house.url}/operator")
    assert await flaws(stranger) == []
    await stranger.get_by_label("Token").fill("a wrong guess")
    await stranger.get_by_role("button", name="Sign in").click()
    await expect(stranger.get_by_role("alert")).to_contain_text("Wrong token")
    await expect(stranger.get_by_label("Token")).to_be_focused()
    assert await flaws(stranger) == []


@pytest.mark.parametrize("width", [360, 390])
async def test_a_phone_needs_no_scrolling_sideways(page: Page, house: House, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 780})
    for path in (*SECTIONS, f"/people?q={PEOPLE[0].key}"):
        await page.goto(f"{house.url}/operator{path}")
        assert await page.evaluate(IN_VIEW_WIDTH), path


async def test_an_order_appears_by_itself_and_leaves_alone_what_is_in_use(page: Page, house: House) -> None:
    await page.goto(f"{house.url}/operator/jobs")
    job = await house.stage.order("a fox that came later")
    await until(house, page.locator("tbody tr").first.get_by_text("a fox that came later"))
    await page.goto(f"{house.url}/operator/jobs/{job.job}")
    await page.get_by_text("Cancel", exact=True).first.click()
    question = page.get_by_text("Cancel it?")
    await expect(question).to_be_visible()
    await house.stage.desk.say(OPERATOR, f"cancel {job.job}")
    await until(house, page.locator("#state").get_by_text("cancelled", exact=True))
    await expect(question).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("status")).to_contain_text("There is nothing left to cancel.")


async def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name=re.compile("Under way"))).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    await page.get_by_label("Words, name or number").fill("Lisbon")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("q=Lisbon"))


async def test_without_the_script_everything_but_the_news_works(browser: Browser, house: House) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, house)
    job = await house.stage.order("a fox without a script")
    await page.goto(f"{house.url}/operator/jobs/{job.job}")
    await page.get_by_text("Cancel", exact=True).first.click()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("status")).to_contain_text("Cancelled")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Token")).to_be_visible()
    await context.close()


async def test_the_end_of_the_session_asks_to_sign_in_again(page: Page, house: House) -> None:
    house.stage.clock.forward(IDLE.total_seconds())
    await until(house, page.get_by_label("Token"))
