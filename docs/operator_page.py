"""Takes pictures of the operator page with a month of made-up orders on it.

`python -m docs.operator_page FOLDER` takes what the README shows, and with `all` behind it every page.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, async_playwright

from bot.job import Clip
from simulator.camera import shoot
from simulator.film import Film
from tests.adapters.operator_page.month import CHATS, PEOPLE, PROMPTS, lived
from tests.adapters.operator_page.office import TOKEN, page_of, served
from tests.chromium import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.stage import Stage, staged

RATIOS = ("16:9", "16:9", "9:16", "1:1")


class Picture(NamedTuple):
    name: str
    path: str
    width: int = 1280
    height: int = 860
    scheme: str = "light"
    is_whole: bool = False
    """Also of what lies below the screen."""


SHOWN = (Picture("operator-page", ""),)


async def main(folder: Path, *, every: bool) -> None:
    with tempfile.TemporaryDirectory() as data:
        async with staged(Path(data), providers=("fal", "aimlapi")) as stage:
            stage.library.folder = Path(data)
            await lived(stage, await asyncio.to_thread(filmed, Path(data)))
            pictures = await everything(stage) if every else SHOWN
            async with served(page_of(stage)) as url, async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
                await take(browser, url, folder, pictures)
                await browser.close()


def filmed(folder: Path) -> list[Clip]:
    clips = []
    for number, prompt in enumerate(PROMPTS):
        ratio = RATIOS[number % len(RATIOS)]
        film, file = Film(prompt=prompt, seed=number, resolution="360p", aspect_ratio=ratio), folder / f"{number}.mp4"
        shoot(film, file)
        width, height = film.size
        clips.append(Clip(name=file.name, width=width, height=height, seconds=5.0, size=file.stat().st_size))
    return clips


async def everything(stage: Stage) -> list[Picture]:
    """Each page on a large and on a small screen, by day and by night."""
    job = (await stage.store.unfinished())[0].id
    pages = {
        "login": "/login",
        "now": "",
        "money": "/money",
        "jobs": "/jobs",
        "job": f"/jobs/{job}",
        "people": "/people",
        "person": f"/people?q={PEOPLE[0].key}",
        "chats": "/chats",
        "chat": f"/chats?chat={CHATS[0].chat_key}",
        "gallery": "/gallery",
        "audit": "/audit",
    }
    screens = (("desktop", 1280, 800), ("phone", 390, 844))
    return [
        Picture(f"{name}-{screen}-{scheme}", path, width, height, scheme, is_whole=True)
        for name, path in pages.items()
        for screen, width, height in screens
        for scheme in ("light", "dark")
    ]


async def take(browser: Browser, url: str, folder: Path, pictures: Iterable[Picture]) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    for picture in pictures:
        await page.set_viewport_size({"width": picture.width, "height": picture.height})
        await page.emulate_media(color_scheme="dark" if picture.scheme == "dark" else "light")
        await page.goto(f"{url}/operator{picture.path}")
        if picture.path != "/login" and "/login" in page.url:
            await page.get_by_label("Token").fill(TOKEN)
            async with page.expect_navigation(url=lambda address: "/login" not in address):
                await page.keyboard.press("Enter")
        await page.wait_for_function(
            "[...document.querySelectorAll('video[preload=metadata]')].every((v) => v.readyState)"
        )
        await page.screenshot(path=folder / f"{picture.name}.png", full_page=picture.is_whole)
    await context.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), every="all" in sys.argv[2:]))
