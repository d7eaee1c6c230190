"""Which clips the page shows, and to whom."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.card import Order, Verb
from bot.job import Clip, JobId
from tests.adapters.operator_page.office import Office
from tests.stage import ANN, CLIP, LOBBY, Script


@pytest.fixture
def clips(office: Office, tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    office.stage.library.folder = folder
    (folder / CLIP.name).write_bytes(b"\0\0\0\x18ftypmp42" + bytes(1000))
    return folder


async def filmed(office: Office, text: str = "a fox", *, private: bool = False, clip: Clip = CLIP) -> JobId:
    stage = office.stage
    stage.library.fetches = Script(clip)
    place = replace(LOBBY, chat="ann", is_private=True) if private else LOBBY
    await stage.studio.order(Order(identity=ANN, place=place, event=text, text=text))
    (job,) = await stage.store.unfinished()
    return (await stage.finish(job.id)).id


async def status_of(office: Office, job: str) -> int:
    return (await office.browser.client.get(f"/operator/clips/{job}.mp4")).status_code


async def test_a_clip_is_shown_and_served_also_in_parts(office: Office, clips: Path) -> None:
    job = await filmed(office)
    for path in ("/gallery", f"/jobs/{job}"):
        page = await office.browser.get(path)
        assert f'src="/operator/clips/{job}.mp4"' in page
        assert 'class="veil"' not in page
    whole = await office.browser.client.get(f"/operator/clips/{job}.mp4")
    assert whole.content == (clips / CLIP.name).read_bytes()
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["cache-control"] == "private, no-store"
    part = await office.browser.client.get(f"/operator/clips/{job}.mp4", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")


@pytest.mark.usefixtures("clips")
async def test_a_clip_is_for_whoever_has_signed_in(office: Office) -> None:
    job = await filmed(office)
    answer = await office.stranger().client.get(f"/operator/clips/{job}.mp4")
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.usefixtures("clips")
async def test_a_covered_clip_stays_covered_until_somebody_wants_to_see_it(office: Office) -> None:
    job = await filmed(office, "a fox --spoiler")
    page = await office.browser.get("/gallery")
    assert "<summary>Covered. Show the clip</summary>" in page
    assert 'preload="none"' in page
    assert await status_of(office, job) == 200


@pytest.mark.usefixtures("clips")
async def test_what_was_ordered_in_private_is_only_counted(office: Office) -> None:
    job = await filmed(office, "a secret", private=True)
    page = await office.browser.get("/gallery")
    assert "1 clip that was ordered in private is not shown." in page
    assert job not in page
    assert "secret" not in page
    assert "<video" not in await office.browser.get(f"/jobs/{job}")
    assert await status_of(office, job) == 404


@pytest.mark.usefixtures("clips")
async def test_what_was_forgotten_deleted_or_swept_is_gone_from_here_as_well(office: Office) -> None:
    stage = office.stage
    deleted, forgotten = await filmed(office, "a fox"), await filmed(office, "a hare")
    await stage.press(Verb.DELETE, deleted)
    assert await status_of(office, deleted) == 404
    assert "deleted by somebody" in await office.browser.get(f"/jobs/{deleted}")
    await stage.say("/forget me", ANN)
    assert await status_of(office, forgotten) == 404
    assert "There is none." in await office.browser.get("/gallery")
    swept = await filmed(office, "a badger")
    stage.clock.forward(1)
    await stage.store.sweep_clips(stage.clock.now(), 10)
    assert await status_of(office, swept) == 404
    assert "no longer kept" in await office.browser.get(f"/jobs/{swept}")


async def test_a_clip_whose_file_is_missing_is_not_found(office: Office, clips: Path) -> None:
    job = await filmed(office)
    (clips / CLIP.name).unlink()
    assert await status_of(office, job) == 404


@pytest.mark.parametrize("name", ["nothing", "..%2frushes", "../rushes", "%2e%2e/rushes.db"])
async def test_of_the_files_here_clips_alone_are_served(office: Office, name: str) -> None:
    assert await status_of(office, name) in (303, 404)


@pytest.mark.usefixtures("clips")
async def test_older_clips_are_on_further_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.operator_page.gallery.PAGE", 1)
    older, newer = await filmed(office, "a fox"), await filmed(office, "a hare")
    page = await office.browser.get("/gallery")
    assert newer in page
    assert older not in page
    second = await office.browser.get("/gallery?before=2")
    assert older in second
    assert 'href="?"' in second


@pytest.mark.parametrize(("width", "height", "shape"), [(720, 1280, "tall"), (1280, 720, "wide"), (720, 720, "square")])
@pytest.mark.usefixtures("clips")
async def test_the_shape_of_a_clip_is_known_before_it_is_loaded(
    office: Office, width: int, height: int, shape: str
) -> None:
    await filmed(office, clip=replace(CLIP, width=width, height=height))
    assert f'class="clip {shape}"' in await office.browser.get("/gallery")
