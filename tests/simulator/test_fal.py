import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.app import Options, Simulator, assembled
from simulator.clock import Clock

V55 = "/fal/fal-ai/pixverse/v5.5/text-to-video"
V5 = "/fal/fal-ai/pixverse/v5/text-to-video"
SMALL = {"prompt": "a boat", "resolution": "360p", "seed": 1}
LONG_ENOUGH = 1000  # seconds


async def submitted(api: httpx.AsyncClient, **fields: object) -> dict[str, Any]:
    answer = await api.post(V55, json=SMALL | fields)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


async def test_submit_answers_with_the_addresses_of_the_request(api: httpx.AsyncClient) -> None:
    answer = await api.post(V55, json=SMALL)
    body = answer.json()
    url = f"http://simulator.invalid/fal/fal-ai/pixverse/requests/{body['request_id']}"
    assert answer.status_code == 200
    assert answer.headers["x-fal-request-id"] == body["request_id"]
    assert (body["status"], body["queue_position"]) == ("IN_QUEUE", 0)
    assert (body["response_url"], body["status_url"], body["cancel_url"]) == (url, f"{url}/status", f"{url}/cancel")


async def test_the_addresses_are_those_of_whatever_host_was_asked(simulator: Simulator) -> None:
    transport = httpx.ASGITransport(simulator.api, root_path="/proxy")
    async with httpx.AsyncClient(transport=transport) as client:
        headers = {"authorization": "Key k"}
        answer = await client.post(f"https://elsewhere.invalid:8443/proxy{V55}", json=SMALL, headers=headers)
    assert answer.json()["status_url"].startswith("https://elsewhere.invalid:8443/proxy/fal/fal-ai/pixverse/")


async def test_a_request_queues_runs_and_completes(api: httpx.AsyncClient, clock: Clock) -> None:
    body = await submitted(api)
    queued = await api.get(body["status_url"])
    assert queued.status_code == 202
    assert queued.json()["status"] == "IN_QUEUE"
    await clock.sleep(10)
    running = await api.get(body["status_url"], params={"logs": "1"})
    assert running.status_code == 202
    assert running.json()["status"] == "IN_PROGRESS"
    assert set(running.json()["logs"][0]) == {"timestamp", "level", "message", "source"}
    early = await api.get(body["response_url"])
    assert (early.status_code, early.json()) == (400, {"detail": "Request is still in progress"})
    await clock.sleep(LONG_ENOUGH)
    completed = await api.get(body["status_url"])
    assert completed.status_code == 200
    assert completed.json()["status"] == "COMPLETED"
    assert completed.json()["logs"] is None
    assert completed.json()["metrics"]["inference_time"] > 0
    assert "error" not in completed.json()


@pytest.mark.parametrize("ending", ["", "/response"])
async def test_the_result_is_a_file(
    api: httpx.AsyncClient, media: httpx.AsyncClient, clock: Clock, ending: str
) -> None:
    body = await submitted(api)
    await clock.sleep(LONG_ENOUGH)
    result = await api.get(body["response_url"] + ending)
    assert result.status_code == 200
    video = result.json()["video"]
    film = await media.get(video["url"])
    assert (video["content_type"], video["file_name"]) == ("video/mp4", "output.mp4")
    assert video["file_size"] == len(film.content)


async def test_the_queue_position_counts_those_ahead(api: httpx.AsyncClient) -> None:
    positions = [(await submitted(api, prompt="sim:x"))["queue_position"] for _ in range(5)]
    assert positions[-1] >= 2
    assert positions == sorted(positions)


async def test_the_stream_tells_each_status_until_the_end(api: httpx.AsyncClient) -> None:
    body = await submitted(api)
    stream = await api.get(body["status_url"] + "/stream")
    events = [json.loads(line.removeprefix("data: ")) for line in stream.text.splitlines() if line]
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert [event["status"] for event in events] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]


async def test_a_queued_request_can_be_cancelled(api: httpx.AsyncClient) -> None:
    body = await submitted(api)
    cancelled = await api.put(body["cancel_url"])
    assert (cancelled.status_code, cancelled.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    status = (await api.get(body["status_url"])).json()
    assert (status["status"], status["error_type"]) == ("COMPLETED", "client_cancelled")
    result = await api.get(body["response_url"])
    assert result.status_code == 499
    assert result.headers["x-fal-error-type"] == result.json()["error_type"] == "client_cancelled"


async def test_a_completed_request_cannot_be_cancelled(api: httpx.AsyncClient, clock: Clock) -> None:
    body = await submitted(api)
    await clock.sleep(LONG_ENOUGH)
    cancelled = await api.put(body["cancel_url"])
    assert (cancelled.status_code, cancelled.json()) == (400, {"status": "ALREADY_COMPLETED"})


@pytest.mark.parametrize(("method", "end"), [("GET", ""), ("GET", "/status"), ("PUT", "/cancel")])
async def test_an_unknown_request_is_not_found(api: httpx.AsyncClient, method: str, end: str) -> None:
    answer = await api.request(method, f"/fal/fal-ai/pixverse/requests/none{end}")
    assert (answer.status_code, answer.json()["status"]) == (404, "NOT_FOUND")
    assert answer.headers["x-fal-request-id"]


@pytest.mark.parametrize("path", ["/fal/fal-ai/pixverse/v9/text-to-video", "/fal/fal-ai/other"])
async def test_an_unknown_application_is_not_found(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.post(path, json=SMALL)
    assert answer.status_code == 404
    assert "not found" in answer.json()["detail"]


@pytest.mark.parametrize("header", ["", "Key ", "Bearer k"])
async def test_a_key_is_demanded(api: httpx.AsyncClient, header: str) -> None:
    body = await submitted(api)
    for method, url in (("POST", V55), ("GET", body["status_url"]), ("PUT", body["cancel_url"])):
        answer = await api.request(method, url, headers={"authorization": header}, json=SMALL)
        assert answer.status_code == 401
        assert isinstance(answer.json()["detail"], str)


async def test_only_the_configured_key_is_accepted(clock: Clock) -> None:
    with assembled(Options(key="right"), clock) as simulator:
        transport = httpx.ASGITransport(simulator.api)
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator.invalid") as client:
            codes = [
                (await client.post(V55, json=SMALL, headers={"authorization": f"Key {key}"})).status_code
                for key in ("wrong", "right")
            ]
    assert codes == [401, 200]


@pytest.mark.parametrize(
    ("path", "change", "field", "kind"),
    [
        (V55, {"prompt": None}, "prompt", "string_type"),
        (V55, {"prompt": ""}, "prompt", "string_too_short"),
        (V55, {"prompt": "x" * 2049}, "prompt", "string_too_long"),
        (V55, {"duration": 5}, "duration", "literal_error"),
        (V55, {"duration": "5s"}, "duration", "literal_error"),
        (V55, {"duration": "10", "resolution": "1080p"}, "duration", "value_error"),
        (V5, {"duration": "10"}, "duration", "literal_error"),
        (V55, {"aspect_ratio": "21:9"}, "aspect_ratio", "literal_error"),
        (V55, {"resolution": "720"}, "resolution", "literal_error"),
        (V55, {"style": "noir"}, "style", "enum"),
        (V55, {"seed": "1"}, "seed", "int_type"),
        (V55, {"generate_audio_switch": "true"}, "generate_audio_switch", "bool_type"),
        (V55, {"thinking_type": "maybe"}, "thinking_type", "literal_error"),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    api: httpx.AsyncClient, path: str, change: dict[str, object], field: str, kind: str
) -> None:
    answer = await api.post(path, json=SMALL | change)
    (detail,) = answer.json()["detail"]
    assert answer.status_code == 422
    assert answer.headers["x-fal-retryable"] == "false"
    assert (detail["loc"], detail["type"]) == (["body", field], kind)
    assert {"msg", "url", "input"} <= set(detail)


async def test_a_prompt_is_required(api: httpx.AsyncClient) -> None:
    answer = await api.post(V55, json={"resolution": "360p"})
    assert [detail["type"] for detail in answer.json()["detail"]] == ["missing"]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b""])
async def test_a_body_that_is_no_json_is_refused(api: httpx.AsyncClient, content: bytes) -> None:
    answer = await api.post(V55, content=content)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["type"] == "json_invalid"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (V55, {"duration": "10"}),
        (V55, {"duration": "8", "resolution": "1080p"}),
        (V55, {"generate_audio_switch": True, "generate_multi_clip_switch": True, "thinking_type": "auto"}),
        (V5, {"style": "anime", "negative_prompt": "fog"}),
        (V5, {"generate_audio_switch": "a field that v5 does not know"}),
    ],
)
async def test_every_documented_wish_is_accepted(api: httpx.AsyncClient, path: str, fields: dict[str, object]) -> None:
    assert (await api.post(path, json=SMALL | fields)).status_code == 200


async def test_the_callback_is_remembered(api: httpx.AsyncClient) -> None:
    await api.post(V55, json=SMALL, params={"fal_webhook": "https://me.invalid/x?a=1"})
    (create,) = (await api.get("/control/creates")).json()
    assert create["callback_url"] == "https://me.invalid/x?a=1"


async def test_a_restarted_simulator_knows_its_requests(api: httpx.AsyncClient, clock: Clock, directory: Path) -> None:
    body = await submitted(api)
    await clock.sleep(LONG_ENOUGH)
    with assembled(Options(seed=1, directory=directory), clock) as restarted:
        transport = httpx.ASGITransport(restarted.api)
        async with httpx.AsyncClient(transport=transport, headers=dict(api.headers)) as client:
            result = await client.get(body["response_url"])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(restarted.media)) as client:
            film = await client.get(result.json()["video"]["url"])
    assert film.content[4:8] == b"ftyp"
