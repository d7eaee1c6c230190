import httpx
import pytest

from simulator.fault_table import TABLE

V55 = "/fal/fal-ai/pixverse/v5.5/text-to-video"


async def submit(api: httpx.AsyncClient, prompt: str = "a boat") -> httpx.Response:
    return await api.post(V55, json={"prompt": prompt})


async def test_an_armed_fault_befalls_the_next_calls_only(api: httpx.AsyncClient) -> None:
    armed = await api.post("/control/faults", json={"fault": "create-503", "count": 2, "retry_after": 7})
    assert (armed.status_code, armed.json()) == (201, [{"fault": "create-503", "left": 2, "dialect": None}])
    answers = [await submit(api) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["retry-after"] == "7"


async def test_a_fault_armed_for_another_dialect_waits_for_it(api: httpx.AsyncClient) -> None:
    await api.post("/control/faults", json={"fault": "create-500", "dialect": "aimlapi"})
    assert (await submit(api)).status_code == 200
    assert (await api.get("/control/faults")).json()["armed"][0]["left"] == 1


async def test_armed_faults_can_be_cleared(api: httpx.AsyncClient) -> None:
    await api.post("/control/faults", json={"fault": "create-500", "seconds": 1})
    assert (await api.delete("/control/faults")).status_code == 204
    assert (await submit(api)).status_code == 200


async def test_every_fault_is_listed_with_its_meaning(api: httpx.AsyncClient) -> None:
    known = (await api.get("/control/faults")).json()["known"]
    assert known == {name: fault.help for name, fault in TABLE.items()}
    assert all(known.values())


@pytest.mark.parametrize(
    ("body", "status"),
    [({"fault": "nonsense"}, 404), ({"fault": "failed", "count": 0}, 422), ({"fault": "failed", "x": 1}, 422)],
)
async def test_what_cannot_be_armed_is_refused(api: httpx.AsyncClient, body: dict[str, object], status: int) -> None:
    assert (await api.post("/control/faults", json=body)).status_code == status


async def test_creates_are_listed_without_the_key(api: httpx.AsyncClient) -> None:
    headers = {"authorization": "Key 0123456789-secret", "x-fal-queue-priority": "low"}
    answer = await api.post(V55, json={"prompt": "a boat"}, headers=headers)
    (create,) = (await api.get("/control/creates")).json()
    assert create["id"] == answer.json()["request_id"]
    assert (create["dialect"], create["prompt"], create["key"]) == ("fal", "a boat", "0123…")
    assert create["headers"]["x-fal-queue-priority"] == "low"


async def test_polls_are_counted_by_generation(api: httpx.AsyncClient) -> None:
    body = (await submit(api)).json()
    for _ in range(3):
        await api.get(body["status_url"])
    assert (await api.get("/control/polls")).json() == {body["request_id"]: 3}
