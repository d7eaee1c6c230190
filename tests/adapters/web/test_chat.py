"""The web chat as people use it: a real browser, the real program."""

import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.process import Program

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SLOW = pytest.mark.parametrize("program", [0.001], indirect=True)

PLAYS = "(video) => video.readyState >= 2 && video.currentTime > 0.2"
IN_VIEW_WIDTH = "document.documentElement.scrollWidth <= window.innerWidth"
GROUND = "getComputedStyle(document.body).backgroundColor"


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Message")


async def send(page: Page, text: str) -> None:
    await field(page).fill(text)
    await field(page).press("Enter")


def exchanges(page: Page) -> Locator:
    return page.locator(".exchange")


async def playing(page: Page) -> None:
    video = page.locator("video").first
    await expect(video).to_be_visible(timeout=30_000)
    await page.wait_for_function(PLAYS, arg=await video.element_handle(), timeout=30_000)


async def test_a_command_becomes_a_playing_video(page: Page) -> None:
    await send(page, "/video a red fox in snow --ar 9:16 --res 360p")
    await expect(exchanges(page)).to_contain_text("a red fox in snow")
    await playing(page)
    await expect(exchanges(page)).to_contain_text("Ready")
    await expect(field(page)).to_have_value("")
    box = await page.locator("video").bounding_box()
    assert box
    assert box["height"] / box["width"] == pytest.approx(16 / 9, rel=0.02)


async def test_an_example_fills_the_field(page: Page) -> None:
    await page.get_by_role("button", name="a red fox").click()
    await expect(field(page)).to_have_value(re.compile("^/video a red fox .*--ar 9:16"))
    await expect(field(page)).to_be_focused()


@SLOW
async def test_options_and_values_are_completed_with_the_keyboard(page: Page) -> None:
    await field(page).press_sequentially("a fox --s")
    options = page.get_by_role("option")
    await expect(field(page)).to_have_attribute("aria-expanded", "true")
    await expect(options).to_contain_text(["--style", "--seed", "--dur", "--audio"])
    await field(page).press("Tab")
    await expect(field(page)).to_have_value("a fox --style ")
    await field(page).press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    await expect(field(page)).to_have_attribute("aria-activedescendant", await chosen.get_attribute("id") or "")
    await field(page).press_sequentially("cl")
    await field(page).press("Enter")
    await expect(field(page)).to_have_value("a fox --style clay ")
    await field(page).press("Enter")
    await expect(exchanges(page)).to_contain_text("--style clay")


@SLOW
async def test_escape_closes_the_list_and_enter_then_sends(page: Page) -> None:
    await field(page).press_sequentially("a fox --")
    await expect(page.get_by_role("listbox")).to_be_visible()
    await field(page).press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await field(page).press("Enter")
    await expect(exchanges(page)).to_have_count(1)


@SLOW
async def test_shift_and_enter_starts_a_line(page: Page) -> None:
    await field(page).fill("a fox")
    before = await field(page).bounding_box()
    await field(page).press("Shift+Enter")
    await expect(field(page)).to_have_value("a fox\n")
    after = await field(page).bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"]
    await expect(exchanges(page)).to_have_count(0)


@SLOW
async def test_two_tabs_stay_in_step(page: Page) -> None:
    other = await page.context.new_page()
    await other.goto(page.url)
    await send(page, "a fox")
    await expect(exchanges(other)).to_contain_text("Filming")
    await other.get_by_role("button", name="Cancel").click()
    await expect(exchanges(page)).to_contain_text("Cancelled")


@SLOW
async def test_others_are_in_the_same_room_on_the_other_side(page: Page, browser: Browser) -> None:
    await send(page, "a fox")
    theirs = await (await browser.new_context()).new_page()
    await theirs.goto(page.url)
    await expect(page.locator(".who b")).to_have_text("You")
    await expect(theirs.locator(".who b")).to_have_text(re.compile("^Guest [0-9A-F]{4}$"))


async def test_a_reload_keeps_the_history(page: Page) -> None:
    await send(page, "a fox --res 360p")
    await playing(page)
    await page.reload()
    await expect(exchanges(page)).to_have_count(1)
    await expect(exchanges(page)).to_contain_text("a fox")
    await page.wait_for_function("document.querySelector('video').readyState >= 1")


@SLOW
async def test_cancel_ends_the_order_and_offers_another_try(page: Page) -> None:
    await send(page, "a fox")
    await page.get_by_role("button", name="Cancel").click()
    await expect(exchanges(page)).to_contain_text("Nothing was charged.")
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()


@SLOW
async def test_a_double_click_on_cancel_does_not_order_again(page: Page) -> None:
    await send(page, "a fox")
    await page.get_by_role("button", name="Cancel").dblclick()
    await expect(exchanges(page)).to_contain_text("Cancelled")
    await page.reload()
    await expect(exchanges(page)).to_have_count(1)


@SLOW
async def test_a_refusal_is_seen_by_one_kept_to_be_mended_and_dismissed(page: Page) -> None:
    other = await page.context.new_page()
    await other.goto(page.url)
    await send(page, "a fox --ar 9:17")
    note = page.locator(".note")
    await expect(note).to_contain_text("Did you mean 9:16?")
    await expect(note).to_contain_text("Only you can see this")
    await expect(field(page)).to_have_value("a fox --ar 9:17")
    await expect(page.locator("#announcer")).to_contain_text("Unknown value")
    await note.get_by_role("button", name="Dismiss").click()
    await expect(note).to_have_count(0)
    await expect(other.locator(".note")).to_have_count(0)


@SLOW
async def test_help_puts_an_option_into_the_message(page: Page) -> None:
    await send(page, "/help")
    await page.locator(".note").get_by_role("button", name="--style clay").click()
    await expect(field(page)).to_have_value("/video --style clay")


@SLOW
async def test_a_long_message_is_counted(page: Page) -> None:
    await field(page).fill("x" * 1000)
    await expect(page.locator("#count")).to_be_hidden()
    await field(page).fill("x" * 2049)
    await expect(page.locator("#count")).to_have_text("2,049 / 2,048")


@SLOW
async def test_edit_brings_the_command_back(page: Page) -> None:
    await send(page, "a fox --dur 8")
    await page.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Edit").click()
    await expect(field(page)).to_have_value("/video a fox --dur 8")


@SLOW
async def test_an_order_survives_a_broken_line_and_is_made_once(page: Page) -> None:
    lost = 0

    async def lose_the_first_answer(route: object) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()  # type: ignore[attr-defined] # Playwright does not export the type that it passes
            await route.abort()  # type: ignore[attr-defined]
        else:
            await route.continue_()  # type: ignore[attr-defined]

    await page.route("**/orders", lose_the_first_answer)
    await send(page, "a fox")
    await expect(field(page)).to_have_value("")
    assert lost == 2
    await page.reload()
    await expect(exchanges(page)).to_have_count(1)


@SLOW
async def test_what_is_typed_is_shown_as_it_was_typed(page: Page) -> None:
    await send(page, "<img src=x onerror=document.title='hit'> @everyone")
    await expect(page.locator(".prompt")).to_have_text("<img src=x onerror=document.title='hit'> @everyone")
    await expect(page).to_have_title("Rushes")


async def test_a_lost_server_is_told(page: Page, program: Program) -> None:
    assert await program.stop() == 0
    await expect(page.get_by_text("Reconnecting…")).to_be_visible()


async def test_a_playing_clip_plays_on_while_other_orders_come(page: Page) -> None:
    await send(page, "a fox --res 360p")
    await playing(page)
    await page.locator("video").evaluate("(video) => (video.marked = true)")
    await send(page, "a hare --res 360p")
    await expect(page.locator("video")).to_have_count(2, timeout=30_000)
    assert await page.locator("video").first.evaluate("(video) => video.marked && !video.paused")


@SLOW
async def test_a_button_with_the_focus_does_not_hand_it_to_another(page: Page) -> None:
    await send(page, "a fox")
    await page.get_by_role("button", name="Cancel").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
    await expect(exchanges(page)).to_be_focused()


@pytest.mark.parametrize("width", [360, 390])
async def test_a_phone_needs_no_scrolling_sideways(page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 780})
    assert await page.evaluate(IN_VIEW_WIDTH)
    await send(page, "/help")
    await send(page, f"{'unbreakable' * 20} --res 360p --ar 4:3")
    await expect(page.locator("video")).to_be_visible(timeout=30_000)
    await field(page).press_sequentially("a fox --")
    assert await page.evaluate(IN_VIEW_WIDTH)
    widest = "Math.max(...[...document.querySelectorAll('#messages *')].map((e) => e.getBoundingClientRect().right))"
    assert await page.evaluate(widest) <= width


@SLOW
async def test_a_dark_system_gets_a_dark_chat(page: Page) -> None:
    light = await page.evaluate(GROUND)
    await page.emulate_media(color_scheme="dark")
    dark = await page.evaluate(GROUND)
    assert brightness(dark) < 40
    assert brightness(light) > 200


def brightness(colour: str) -> float:
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3
