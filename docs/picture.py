"""Takes the README's picture: the web chat, a command typed in it, and the clip that came back."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

PICTURE = Path(__file__).parent / "web-chat.png"
COMMAND = "/video a red fox trotting through fresh snow, low morning sun --dur 8 --seed 3"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"RUSHES_WEB_PORT": "0", "RUSHES_SIMULATOR_SPEED": "60"}
        rushes = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rushes", "run", cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
        )
        try:
            await shoot(await greeting(rushes))
        finally:
            rushes.terminate()
            await rushes.wait()


async def greeting(rushes: asyncio.subprocess.Process) -> str:
    """The address at the end of the line that says that the program is ready."""
    if rushes.stdout is None:
        raise RuntimeError
    return (await rushes.stdout.readline()).decode().split()[-1]


async def shoot(url: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = await browser.new_page(viewport={"width": 1100, "height": 760}, bypass_csp=True)
        await page.goto(url)
        await page.get_by_role("combobox").fill(COMMAND)
        await page.keyboard.press("Enter")
        await page.wait_for_function("document.querySelector('video')?.currentTime > 1.5")
        await page.screenshot(path=PICTURE)
        await browser.close()


asyncio.run(main())
