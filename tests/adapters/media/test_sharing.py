"""Links to clips."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from adapters.media.sharing import LIFETIME, Sharing
from adapters.network import tls
from tests.stage import CLIP, NOON, HandClock


class Shop:
    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.folder = folder
        (folder / CLIP.name).write_bytes(b"film")
        self.sharing = Sharing(folder, b"key", "https://bot.example/", self.clock.now)

    async def get(self, url: str) -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=self.sharing.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://here", verify=tls()) as client:
            return await client.get(urlsplit(url).path)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


async def test_a_link_shows_the_clip_until_the_moment_that_it_names(shop: Shop) -> None:
    link = shop.sharing.link(CLIP)
    assert link.url.startswith("https://bot.example/shared/")
    assert link.until == NOON + LIFETIME
    answer = await shop.get(link.url)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"film", "video/mp4")
    shop.clock.jump((LIFETIME + timedelta(seconds=1)).total_seconds())
    assert (await shop.get(link.url)).status_code == 410


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CLIP.name, "other.mp4"),
        ("/shared/1", "/shared/2"),
        ("/shared/1", f"/shared/{'9' * 5000}"),
        (CLIP.name, "..%2Flinks.key"),
    ],
)
async def test_a_link_that_was_changed_shows_nothing(shop: Shop, before: str, after: str) -> None:
    (shop.folder / "other.mp4").write_bytes(b"secret")
    url = shop.sharing.link(CLIP).url.replace(before, after)
    assert (await shop.get(url)).status_code == 404


async def test_a_clip_that_is_gone_is_told_to_be_gone(shop: Shop) -> None:
    link = shop.sharing.link(CLIP)
    (shop.folder / CLIP.name).unlink()
    assert (await shop.get(link.url)).status_code == 410


async def test_another_key_makes_other_links(shop: Shop) -> None:
    other = Sharing(shop.folder, b"other", "https://bot.example", shop.clock.now).link(CLIP)
    assert (await shop.get(other.url)).status_code == 404
