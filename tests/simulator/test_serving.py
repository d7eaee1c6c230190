"""Over real sockets, with uvicorn, and with the fal client as it is published."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator

import fal_client
import httpx
import pytest
from fal_client.client import FalClientHTTPError

from adapters.network import tls
from simulator.app import Addresses, Options, bound, simulate, url_of
from tests.simulator.receiver import listening

MODEL = "fal-ai/pixverse/v5.5/text-to-video"
SMALL = {"prompt": "a boat", "resolution": "360p", "seed": 1}
CREATE = f"/fal/{MODEL}"


@pytest.fixture
async def served() -> AsyncIterator[Addresses]:
    announced: asyncio.Future[Addresses] = asyncio.get_running_loop().create_future()
    options = Options(speed=200, seed=1)
    serving = asyncio.create_task(simulate("127.0.0.1", 0, options, announced.set_result))
    yield await announced
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


@pytest.fixture
async def client(served: Addresses) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=tls(), base_url=served.api, headers={"authorization": "Key k"}) as client:
        yield client


def point_at(served: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published client speaks TLS only, unless told otherwise here."""
    monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{served.api}/fal/")


@pytest.fixture
async def fal(served: Addresses, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[fal_client.AsyncClient]:
    point_at(served, monkeypatch)
    client = fal_client.AsyncClient(key="id:secret")
    yield client
    await (await client._client).aclose()  # noqa: SLF001  # it has no other way to be closed


async def test_the_published_client_films(fal: fal_client.AsyncClient) -> None:
    handle = await fal.submit(MODEL, SMALL, webhook_url="https://me.invalid/x?a=1", priority="low")
    events = [type(event) async for event in handle.iter_events(with_logs=True, interval=0.02)]
    assert events[-1] is fal_client.Completed
    assert set(events[:-1]) <= {fal_client.Queued, fal_client.InProgress}
    async with httpx.AsyncClient(verify=tls()) as plain:
        film = await plain.get((await handle.get())["video"]["url"])
    assert film.content[4:8] == b"ftyp"


async def test_the_published_client_finds_a_request_by_its_id(fal: fal_client.AsyncClient) -> None:
    submitted = await fal.submit(MODEL, SMALL)
    found = await fal.get_handle(MODEL, submitted.request_id)
    assert (await found.get())["video"]["content_type"] == "video/mp4"


async def test_the_published_client_cancels(fal: fal_client.AsyncClient) -> None:
    handle = await fal.submit(MODEL, SMALL | {"prompt": "sim:endless"})
    await handle.cancel()
    with pytest.raises(FalClientHTTPError) as caught:
        await handle.get()
    assert (caught.value.status_code, caught.value.error_type) == (499, "client_cancelled")


@pytest.mark.parametrize(
    ("fault", "status", "kind"), [("moderated", 422, None), ("crashed", 500, "runner_server_error")]
)
async def test_the_published_client_tells_of_a_failure(
    fal: fal_client.AsyncClient, fault: str, status: int, kind: str | None
) -> None:
    handle = await fal.submit(MODEL, SMALL | {"prompt": f"sim:{fault}"})
    with pytest.raises(FalClientHTTPError) as caught:
        await handle.get()
    assert (caught.value.status_code, caught.value.error_type) == (status, kind)


async def test_the_published_client_tells_what_is_wrong_with_a_request(fal: fal_client.AsyncClient) -> None:
    with pytest.raises(FalClientHTTPError) as caught:
        await fal.submit(MODEL, SMALL | {"duration": 5})
    assert caught.value.status_code == 422


async def test_the_published_client_tries_again_after_a_broken_connection(
    fal: fal_client.AsyncClient, client: httpx.AsyncClient
) -> None:
    await fal.submit(MODEL, SMALL | {"prompt": "sim:create-vanish"})
    assert len((await client.get("/control/creates")).json()) == 2


async def test_the_published_synchronous_client_films(served: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(served, monkeypatch)
    client = fal_client.SyncClient(key="id:secret")

    def film() -> list[type]:
        handle = client.submit(MODEL, SMALL)
        events = [type(event) for event in handle.iter_events(interval=0.02)]
        assert handle.get()["video"]["file_size"] > 0
        client._client.close()  # noqa: SLF001  # it has no other way to be closed
        return events

    assert (await asyncio.to_thread(film))[-1] is fal_client.Completed


@pytest.mark.parametrize("fault", ["create-cut", "create-vanish"])
async def test_a_connection_really_breaks(client: httpx.AsyncClient, fault: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await client.post(CREATE, json=SMALL | {"prompt": f"sim:{fault}"})
    assert (await client.post(CREATE, json=SMALL)).status_code == 200


async def test_a_film_really_breaks_off(fal: fal_client.AsyncClient) -> None:
    handle = await fal.submit(MODEL, SMALL | {"prompt": "a boat sim:media-cut-midway"})
    url = (await handle.get())["video"]["url"]
    async with httpx.AsyncClient(verify=tls()) as plain:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
            await plain.get(url)


async def test_a_film_is_far_too_long(fal: fal_client.AsyncClient) -> None:
    handle = await fal.submit(MODEL, SMALL | {"prompt": "a boat sim:media-oversize"})
    url = (await handle.get())["video"]["url"]
    received = 0
    async with httpx.AsyncClient(verify=tls()) as plain, plain.stream("GET", url) as film:
        assert "content-length" not in film.headers
        async for piece in film.aiter_bytes():
            received += len(piece)
            if received > 10_000_000:
                break
    assert received > 10_000_000


async def test_a_second_simulator_cannot_take_the_same_port(served: Addresses) -> None:
    port = httpx.URL(served.api).port
    assert port
    with pytest.raises(OSError, match="in use"):
        await simulate("127.0.0.1", port, Options())


def test_an_address_can_be_dialled_whatever_was_bound() -> None:
    with bound("0.0.0.0", 0) as every, bound("::1", 0) as six:  # noqa: S104  # that it is not told
        assert url_of("0.0.0.0", every) == f"http://localhost:{every.getsockname()[1]}"  # noqa: S104  # the same
        assert url_of("::1", six) == f"http://[::1]:{six.getsockname()[1]}"


def test_what_films_or_signs_is_loaded_only_when_needed() -> None:
    program = "import sys, simulator.app; print({'numpy', 'PIL', 'av', 'cryptography'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


async def test_a_webhook_comes_though_nobody_looks(fal: fal_client.AsyncClient, client: httpx.AsyncClient) -> None:
    async with listening() as receiver:
        handle = await fal.submit(MODEL, SMALL, webhook_url=receiver.url)
        told = json.loads((await receiver.next()).body)
    assert (told["request_id"], told["status"]) == (handle.request_id, "OK")
    assert (await client.get("/control/polls")).json() == {}
