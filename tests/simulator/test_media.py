import httpx
import pytest

from simulator.clock import Clock

V55 = "/fal/fal-ai/pixverse/v5.5/text-to-video"


@pytest.fixture
async def url(api: httpx.AsyncClient, clock: Clock) -> str:
    body = {"prompt": "a boat", "resolution": "360p", "seed": 1}
    request = (await api.post(V55, json=body)).json()
    await clock.sleep(1000)
    found: str = (await api.get(request["response_url"])).json()["video"]["url"]
    return found


async def test_a_film_is_served_whole(media: httpx.AsyncClient, url: str) -> None:
    answer = await media.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "video/mp4"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.content[4:8] == b"ftyp"


async def test_a_part_can_be_asked_for(media: httpx.AsyncClient, url: str) -> None:
    whole = (await media.get(url)).content
    part = await media.get(url, headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert part.content == whole[100:200]
    beyond = await media.get(url, headers={"range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416


async def test_the_head_tells_the_size(media: httpx.AsyncClient, url: str) -> None:
    head = await media.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len((await media.get(url)).content)


@pytest.mark.parametrize("header", ["Authorization", "API-KEY", "Cookie"])
async def test_a_secret_is_refused_and_recorded(
    api: httpx.AsyncClient, media: httpx.AsyncClient, url: str, header: str
) -> None:
    answer = await media.get(url, headers={header: "Key k"})
    assert answer.status_code == 400
    (violation,) = (await api.get("/control/violations")).json()
    assert violation["path"] == httpx.URL(url).path
    assert violation["headers"] == [header.lower()]


async def test_a_link_expires(media: httpx.AsyncClient, clock: Clock, url: str) -> None:
    await clock.sleep(3500)
    assert (await media.get(url)).status_code == 200
    await clock.sleep(200)
    assert (await media.get(url)).status_code == 403


async def test_a_guessed_link_leads_nowhere(media: httpx.AsyncClient, url: str) -> None:
    assert (await media.get(url.replace("invalid/", "invalid/0"))).status_code == 404


async def test_a_film_is_not_served_before_it_is_made(
    api: httpx.AsyncClient, media: httpx.AsyncClient, clock: Clock, url: str
) -> None:
    request = (await api.post(V55, json={"prompt": "sim:moderated"})).json()
    await clock.sleep(1000)
    assert (await api.get(request["response_url"])).status_code == 422
    assert (await media.get(url)).status_code == 200
