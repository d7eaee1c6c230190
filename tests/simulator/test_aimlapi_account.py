from datetime import UTC, datetime

import httpx
import pytest

from simulator.clock import Clock
from tests.simulator.aimlapi_client import DASHED, DOTTED, PATH, ROOT, SMALL, V5, Opened, create, id_of, logged, look
from tests.simulator.speakers import LONG_ENOUGH


async def test_a_lost_create_is_found_in_the_log(usual: httpx.AsyncClient) -> None:
    headers = {"x-client-request-id": "job-1"}
    await create(usual)
    with pytest.raises(httpx.RemoteProtocolError):
        await usual.post(PATH, json=SMALL | {"prompt": "sim:create-vanish"}, headers=headers)
    (row,) = await logged(usual, client_request_id="job-1")
    assert (await look(usual, row["inference_id"]))["id"] == row["inference_id"]
    assert (row["model"], row["status"], row["client_request_id"]) == (DASHED, "succeeded", "job-1")
    assert datetime.fromisoformat(row["created"]).tzinfo is UTC
    assert await logged(usual, client_request_id="job-2") == []


async def test_the_log_may_ignore_the_id_asked_for(opened: Opened) -> None:
    with opened("logs-unfiltered") as api:
        await create(api)
        assert len(await logged(api, client_request_id="job-1")) == 1


async def test_the_log_tells_what_was_charged_and_what_failed(usual: httpx.AsyncClient, clock: Clock) -> None:
    for prompt in ("a boat", "sim:failed", "sim:endless"):
        await create(usual, prompt=prompt)
    await clock.sleep(LONG_ENOUGH)
    rows = await logged(usual)
    assert [row["status"] for row in rows] == ["succeeded", "failed", "succeeded"]
    assert [row["cost"]["credits"] for row in rows] == [0, 0, 315_000]
    assert [row["status"] for row in await logged(usual, status="failed")] == ["failed"]
    assert await logged(usual, model=DOTTED) == []


async def test_the_log_comes_by_pages(usual: httpx.AsyncClient) -> None:
    ids = [id_of(await create(usual)) for _ in range(3)]
    answer = await usual.get(f"{ROOT}/v2/logs", params={"period": "24h", "limit": 1, "offset": 1})
    body = answer.json()
    assert [row["inference_id"] for row in body["data"]] == [ids[1]]
    assert body["pagination"] == {"limit": 1, "offset": 1, "total": 3, "has_more": True}


async def test_the_log_is_of_the_window_asked_for(usual: httpx.AsyncClient, clock: Clock) -> None:
    await create(usual)
    await clock.sleep(2 * 3600)
    assert await logged(usual, period="1h") == []
    hour = [datetime.fromtimestamp(clock.now() - ago, UTC) for ago in (3 * 3600, 3600)]
    for zone in ("", "Z"):
        start, end = (moment.strftime(f"%Y-%m-%dT%H:%M:%S{zone}") for moment in hour)
        answer = await usual.get(f"{ROOT}/v2/logs", params={"start": start, "end": end})
        assert len(answer.json()["data"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "period=1w",
        "period=93d",
        "period=1d&start=2026-01-01",
        "start=2026-01-01",
        "start=2026-01-02&end=2026-01-01",
        "start=yesterday&end=today",
        "period=1d&limit=0",
        "period=1d&limit=x",
        "period=1d&offset=-1",
    ],
)
async def test_a_window_is_demanded(usual: httpx.AsyncClient, query: str) -> None:
    assert (await usual.get(f"{ROOT}/v2/logs?{query}")).status_code == 400


async def test_the_balance_falls_by_what_was_filmed(usual: httpx.AsyncClient, clock: Clock) -> None:
    await create(usual, resolution="1080p")
    await create(usual, prompt="sim:failed")
    await clock.sleep(LONG_ENOUGH)
    dollars = (await usual.get(f"{ROOT}/v2/billing")).json()
    assert dollars == {"current_balance": 99.58, "currency": "USD"}
    told = (await usual.get(f"{ROOT}/v1/billing/balance")).json()
    assert (told["balance"], told["lowBalance"]) == (199_160_000, False)


@pytest.mark.parametrize("path", ["/v2/billing", "/v1/billing/balance", "/v2/logs"])
async def test_the_account_demands_a_key(usual: httpx.AsyncClient, path: str) -> None:
    assert (await usual.get(f"{ROOT}{path}", headers={"authorization": ""})).status_code == 401


async def test_the_models_are_listed_for_anybody(usual: httpx.AsyncClient) -> None:
    body = (await usual.get(f"{ROOT}/v1/models", headers={"authorization": ""})).json()
    assert body["object"] == "list"
    assert [(model["id"], model["aliases"]) for model in body["data"]] == [(DOTTED, [DASHED]), (V5, [])]
    assert not {"pricing", "capabilities"} & set(body["data"][0])


@pytest.mark.parametrize(
    ("wanted", "found"), [(DASHED, [DOTTED]), (V5.upper(), [V5]), (f"{V5},{DASHED}", [DOTTED, V5])]
)
async def test_a_model_is_found_by_its_id_or_an_alias(usual: httpx.AsyncClient, wanted: str, found: list[str]) -> None:
    body = (await usual.get(f"{ROOT}/v1/models", params={"id": wanted})).json()
    assert [model["id"] for model in body["data"]] == found


@pytest.mark.parametrize("query", [{"include": "pricing,capabilities"}, {"include": "all"}, {"details": "true"}])
async def test_prices_and_capabilities_are_told_when_asked_for(usual: httpx.AsyncClient, query: dict[str, str]) -> None:
    model = (await usual.get(f"{ROOT}/v1/models", params={"id": DASHED, **query})).json()["data"][0]
    assert model["capabilities"] == ["text_to_video", "audio_generation"]
    prices = {
        (each["when"]["resolution"], each["when"]["duration"]): each["price"] for each in model["pricing"]["variants"]
    }
    assert (prices["720p", 5], prices["1080p", 8]) == (0.21, 0.84)
