"""Takes the pictures of the README and of the documentation: the web chat of a program that was just started."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
COMMAND = "/video a red fox trotting through fresh snow, low morning sun --dur 8 --seed 3"
TYPO = "/video a paper boat in the rain --ar 2:1"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


async def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        async with served(speed=60) as url:
            page = await opened(browser, url, width=1100, height=760)
            await order(page, COMMAND)
            await page.wait_for_function("document.querySelector('video')?.currentTime > 1.5")
            await page.screenshot(path=DOCS / "web-chat.png")
        async with served(speed=60) as url:
            page = await opened(browser, url, width=760, height=640)
            await order(page, COMMAND)
            await page.wait_for_function("document.querySelector('video')?.currentTime > 1.5")
            await page.screenshot(path=PICTURES / "ready.png")
            await page.emulate_media(reduced_motion="reduce")
            await order(page, TYPO)
            await page.get_by_text("Nothing was charged.", exact=True).wait_for()
            await page.screenshot(path=PICTURES / "refused.png")
        async with served(speed=1) as url:
            page = await opened(browser, url, width=760, height=400)
            await order(page, COMMAND)
            await page.get_by_text("Filming").first.wait_for()
            await page.screenshot(path=PICTURES / "running.png")
        await browser.close()


@asynccontextmanager
async def served(speed: int) -> AsyncIterator[str]:
    """The address of a program with nothing set, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"RUSHES_WEB_PORT": "0", "RUSHES_SIMULATOR_SPEED": str(speed)}
        rushes = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rushes", "run", cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
        )
        try:
            yield await greeting(rushes)
        finally:
            rushes.terminate()
            await rushes.wait()


async def greeting(rushes: asyncio.subprocess.Process) -> str:
    """The address at the end of the line that says that the program is ready."""
    if rushes.stdout is None:
        raise RuntimeError
    return (await rushes.stdout.readline()).decode().split()[-1]


async def opened(browser: Browser, url: str, width: int, height: int) -> Page:
    page = await browser.new_page(viewport={"width": width, "height": height}, bypass_csp=True)
    await page.goto(url)
    return page


async def order(page: Page, command: str) -> None:
    await page.get_by_role("combobox").fill(command)
    await page.keyboard.press("Enter")


if __name__ == "__main__":
    asyncio.run(main())
