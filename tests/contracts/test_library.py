"""`bot.ports.Library`: clips from the simulator's media origin, whole or not at all."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import av
import httpx
import pytest

from adapters.media import library as library_module
from adapters.media.addresses import Addresses as Allowed
from adapters.media.boxes import outline
from adapters.media.lab import Lab
from adapters.media.library import ClipFolder, media_transport
from adapters.network import open_client, tls
from adapters.providers.fal import Fal
from bot.catalogue import offer_named
from bot.job import JobId
from bot.ports import Finished, Take
from bot.request import Ratio, Resolution, VideoRequest
from bot.trouble import MediaExpired, MediaForbidden, MediaUnplayable, NotKept, Passing, Undeliverable
from simulator.app import Addresses
from tests.full_disk import no_file_larger_than
from tests.stage import NOON

JOB = JobId("0123456789abcdef0123")


@dataclass
class Shelf:
    folder: Path
    library: ClipFolder
    provider: Fal
    control: httpx.AsyncClient

    async def url(self, fault: str = "") -> str:
        """The address of a finished clip that this fault befalls."""
        request = VideoRequest(prompt=f"a fox {fault}", resolution=Resolution.P360, ratio=Ratio.TALL, seed=1)
        ticket = await self.provider.submit(
            Take(offer=offer_named("fal/pixverse-v5.5"), request=request, correlation="c")
        )
        async with asyncio.timeout(60):
            while True:
                sight = await self.provider.look(ticket)
                if isinstance(sight, Finished) and sight.media_url:
                    return sight.media_url

    def files(self) -> set[str]:
        return {file.name for file in self.folder.iterdir()}


@pytest.fixture
async def shelf(addresses: Addresses, tmp_path: Path) -> AsyncIterator[Shelf]:
    folder = tmp_path / "clips"
    folder.mkdir()
    trusting = Allowed(["127.0.0.1", "nobody.invalid"])
    async with (
        open_client(transport=media_transport(trusting)) as client,
        httpx.AsyncClient(verify=tls(), base_url=addresses.api) as control,
    ):
        library, provider = (
            ClipFolder(folder, client, trusting, Lab()),
            Fal(client, "id:secret", f"{addresses.api}/fal"),
        )
        yield Shelf(folder, library, provider, control)


async def test_a_clip_is_on_the_disk_with_its_measures(shelf: Shelf) -> None:
    url = await shelf.url()
    clip = await shelf.library.fetch(JOB, url)
    assert (clip.name, clip.width, clip.height, clip.seconds) == (f"{JOB}.mp4", 360, 640, 5.0)
    async with httpx.AsyncClient(verify=tls()) as client:
        assert (shelf.folder / clip.name).read_bytes() == (await client.get(url)).content
    assert clip.size == (shelf.folder / clip.name).stat().st_size
    assert shelf.files() == {clip.name}


@pytest.fixture
def late(tmp_path: Path) -> bytes:
    """A clip with its index at the end."""
    with av.open(tmp_path / "late.mp4", "w") as made:
        stream = made.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        made.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        made.mux(stream.encode())
    return (tmp_path / "late.mp4").read_bytes()


@pytest.mark.parametrize("has_room", [True, False])
async def test_an_index_that_comes_late_is_brought_to_the_front_where_there_is_room_to(
    late: bytes, tmp_path: Path, *, has_room: bool
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    origin = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(late)))
    async with httpx.AsyncClient(transport=origin) as client:
        library = ClipFolder(folder, client, Allowed(), Lab())
        if not has_room:
            (folder / f"{JOB}.part.first.part").mkdir()
        clip = await library.fetch(JOB, "https://media.example/late.mp4")
    assert outline(library.file(clip)).faststart is has_room
    assert clip.size == library.file(clip).stat().st_size == len(late)


async def test_a_second_fetch_replaces_the_first(shelf: Shelf) -> None:
    first = await shelf.library.fetch(JOB, await shelf.url())
    assert await shelf.library.fetch(JOB, await shelf.url()) == first
    assert shelf.files() == {first.name}


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("media-expired", MediaExpired),
        ("media-gone", MediaExpired),
        ("media-500", Passing),
        ("media-503", Passing),
        ("media-html", MediaUnplayable),
        ("media-truncated", MediaUnplayable),
    ],
)
async def test_what_is_not_a_whole_clip_leaves_nothing_behind(
    shelf: Shelf, fault: str, trouble: type[Exception]
) -> None:
    url = await shelf.url(f"sim:{fault}")
    with pytest.raises(trouble):
        await shelf.library.fetch(JOB, url)
    assert shelf.files() == set()


async def test_a_download_that_breaks_in_the_middle_goes_on_where_it_was(shelf: Shelf) -> None:
    clip = await shelf.library.fetch(JOB, await shelf.url("sim:media-cut-midway"))
    assert clip.seconds == 5.0


async def test_a_clip_without_a_length_arrives_whole(shelf: Shelf) -> None:
    clip = await shelf.library.fetch(JOB, await shelf.url("sim:media-unsized"))
    assert clip.seconds == 5.0


async def test_a_file_without_end_is_cut_off(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "SIZE_LIMIT", 4 << 20)
    with pytest.raises(MediaUnplayable, match="larger"):
        await shelf.library.fetch(JOB, await shelf.url("sim:media-oversize"))
    assert shelf.files() == set()


async def test_a_file_that_comes_too_slowly_is_given_up_for_now(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    url = await shelf.url("sim:media-slow")
    monkeypatch.setattr(library_module, "FETCH_SECONDS", 0.1)
    with pytest.raises(Passing, match="slowly"):
        await shelf.library.fetch(JOB, url)
    assert shelf.files() == set()


async def test_a_clip_for_which_the_disk_has_no_room_leaves_none_taken_and_arrives_when_there_is(shelf: Shelf) -> None:
    url = await shelf.url()
    with pytest.raises(NotKept, match="too large"), no_file_larger_than(4096):
        await shelf.library.fetch(JOB, url)
    assert shelf.files() == set()
    assert (await shelf.library.fetch(JOB, url)).seconds == 5.0


async def test_what_is_made_of_a_clip_takes_no_room_that_is_not_there(shelf: Shelf) -> None:
    clip = await shelf.library.fetch(JOB, await shelf.url())
    with no_file_larger_than(100):
        assert await shelf.library.thumbnail(clip) is None
        with pytest.raises(NotKept):
            await shelf.library.fitted(clip, clip.size // 2)
    assert shelf.files() == {clip.name}


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://a/b", "http://", "http://[::", "http://a:b/"])
async def test_what_is_no_address_is_not_fetched_from(shelf: Shelf, url: str) -> None:
    with pytest.raises(MediaForbidden):
        await shelf.library.fetch(JOB, url)


async def test_a_host_that_does_not_exist_may_exist_later(shelf: Shelf) -> None:
    with pytest.raises(Passing):
        await shelf.library.fetch(JOB, "https://nobody.invalid/a.mp4")


async def test_a_part_that_a_killed_process_left_behind_is_swept_away(shelf: Shelf) -> None:
    (shelf.folder / "x.part").write_bytes(b"half")
    async with httpx.AsyncClient(verify=tls()) as client:
        ClipFolder(shelf.folder, client, Allowed(), Lab())
    assert shelf.files() == set()


async def test_the_media_host_sees_no_key(shelf: Shelf) -> None:
    await shelf.library.fetch(JOB, await shelf.url())
    assert (await shelf.control.get("/control/violations")).json() == []


async def test_what_is_made_of_a_clip_goes_with_it(shelf: Shelf) -> None:
    clip = await shelf.library.fetch(JOB, await shelf.url())
    limit = clip.size // 2
    smaller, picture = await shelf.library.fitted(clip, limit), await shelf.library.thumbnail(clip)
    assert smaller.size <= limit
    assert smaller.size == shelf.library.file(smaller).stat().st_size
    assert picture is not None
    assert await shelf.library.fitted(clip, limit) == smaller
    assert await shelf.library.thumbnail(clip) == picture
    assert len(shelf.files()) == 3
    await shelf.library.discard(JOB)
    await shelf.library.discard(JOB)
    assert shelf.files() == set()


async def test_files_are_untouched_only_where_nobody_writes_to_any_of_them(shelf: Shelf) -> None:
    other = JobId("f" * 20)
    for name in (f"{JOB}.mp4", f"{JOB}.1.mp4", f"{other}.mp4", f"{other}.1234abcd.part", "somebody's notes.txt"):
        (shelf.folder / name).touch()
        if not name.endswith(".part"):
            os.utime(shelf.folder / name, (NOON.timestamp(), NOON.timestamp()))
    assert await shelf.library.untouched(NOON) == []
    assert await shelf.library.untouched(NOON + timedelta(days=1)) == [JOB]
    await shelf.library.discard(JOB, other)
    assert shelf.files() == {"somebody's notes.txt"}
    await shelf.library.discard()


async def test_a_clip_that_cannot_be_made_so_small_cannot_be_sent(shelf: Shelf) -> None:
    clip = await shelf.library.fetch(JOB, await shelf.url())
    with pytest.raises(Undeliverable):
        await shelf.library.fitted(clip, 1000)
    assert shelf.files() == {clip.name}


async def test_of_what_is_no_clip_nothing_is_made(shelf: Shelf) -> None:
    clip = await shelf.library.fetch(JOB, await shelf.url())
    shelf.library.file(clip).write_bytes(b"no clip")
    assert await shelf.library.thumbnail(clip) is None
    with pytest.raises(Undeliverable):
        await shelf.library.fitted(clip, 1000)


async def test_without_an_address_of_ours_there_is_no_link(shelf: Shelf) -> None:
    assert shelf.library.link(await shelf.library.fetch(JOB, await shelf.url())) is None
