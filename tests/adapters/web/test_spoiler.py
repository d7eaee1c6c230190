"""A clip that stays covered until somebody clicks."""

import pytest
from playwright.async_api import Page, expect

from bot.job import Phase
from tests.adapters.web.conftest import House
from tests.adapters.web.test_chat import field, playing, send
from tests.visitor import visiting

asynchronous = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.browser
@asynchronous
async def test_a_covered_clip_shows_and_plays_nothing_until_it_is_clicked(page: Page) -> None:
    await send(page, "/video a fox --res 360p --spoiler")
    show = page.get_by_role("button", name="Covered. Show the clip")
    await expect(show).to_be_visible(timeout=30_000)
    await expect(page.locator("video")).to_be_hidden()
    await show.click()
    await expect(show).to_be_hidden()
    await expect(page.locator("video")).to_be_focused()
    await page.locator("video").evaluate("(video) => video.play()")
    await playing(page)


@pytest.mark.browser
@asynchronous
async def test_what_was_uncovered_stays_so_while_the_page_is_kept_up_to_date(page: Page) -> None:
    await send(page, "/video a fox --res 360p --spoiler")
    await page.get_by_role("button", name="Covered. Show the clip").click(timeout=30_000)
    await page.evaluate(
        """async () => {
            const { show } = await import("/static/messages.js");
            const card = document.querySelector(".exchange");
            const html = card.outerHTML.replace(' data-open=""', "").replaceAll("Ready", "Ready again");
            show({ job: card.dataset.job, html });
        }"""
    )
    await expect(page.locator(".exchange")).to_contain_text("Ready again")
    await expect(page.locator("video")).to_be_visible()
    await expect(field(page)).to_be_visible()


async def test_only_covered_clips_have_a_veil(house: House) -> None:
    async with visiting(house.url) as ann:
        plain = await ann.until(await ann.order("a fox --res 360p"), Phase.DELIVERED)
        covered = await ann.until(await ann.order("a fox --res 360p --spoiler"), Phase.DELIVERED)
    assert ('class="veil"' in plain, 'class="veil"' in covered) == (False, True)
