"""A clip that is too large, rung by rung."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from adapters.chat.ladder import down_the_ladder
from adapters.chat.mishap import TooLarge
from bot.job import Clip
from bot.trouble import DeliveryUnknown, Passing, Undeliverable
from tests.adapters.discord.club import shelf_in
from tests.offline import Shelf
from tests.stage import CLIP, Script


@dataclass
class Uploads:
    """Takes files of at most so many bytes."""

    most: int
    sizes: list[int] = field(default_factory=list)

    async def __call__(self, clip: Clip) -> str:
        self.sizes.append(clip.size)
        if clip.size > self.most:
            raise TooLarge("413")
        return "sent"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return shelf_in(tmp_path / "shelf")


async def descend(uploads: Uploads, shelf: Shelf, size: int, limit: int = 1000) -> str | None:
    return await down_the_ladder(shelf, replace(CLIP, size=size), limit, uploads)


async def test_a_clip_that_is_small_enough_goes_as_it_is(shelf: Shelf) -> None:
    uploads = Uploads(1000)
    assert await descend(uploads, shelf, 1000) == "sent"
    assert (uploads.sizes, shelf.limits) == ([1000], [])


async def test_one_that_is_larger_is_made_to_fit(shelf: Shelf) -> None:
    uploads = Uploads(1000)
    assert await descend(uploads, shelf, 1001) == "sent"
    assert (uploads.sizes, shelf.limits) == ([1000], [1000])


async def test_one_that_is_refused_all_the_same_is_made_half_as_large(shelf: Shelf) -> None:
    uploads = Uploads(600)
    assert await descend(uploads, shelf, 800) == "sent"
    assert (uploads.sizes, shelf.limits) == ([800, 500], [500])


async def test_one_that_is_refused_even_then_goes_as_no_file(shelf: Shelf) -> None:
    uploads = Uploads(400)
    assert await descend(uploads, shelf, 2000) is None
    assert uploads.sizes == [1000, 500]


async def test_one_that_cannot_be_made_smaller_goes_as_no_file(shelf: Shelf) -> None:
    uploads = Uploads(1000)
    shelf.fits = Script(Undeliverable("no encoder"))
    assert await descend(uploads, shelf, 2000) is None
    assert uploads.sizes == []


@pytest.mark.parametrize("trouble", [Passing("busy"), DeliveryUnknown("lost")])
async def test_other_trouble_is_no_reason_to_go_down(shelf: Shelf, trouble: Exception) -> None:
    shelf.fits = Script(trouble)
    with pytest.raises(type(trouble)):
        await descend(Uploads(1000), shelf, 2000)


async def test_one_that_somebody_took_from_the_disk_can_be_sent_nowhere(shelf: Shelf) -> None:
    shelf.file(CLIP).unlink()
    with pytest.raises(Undeliverable, match="no longer on the disk"):
        await descend(Uploads(1000), shelf, 500)
