from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from simulator.app import Options, assembled
from simulator.clock import Clock
from tests.simulator.speakers import LONG_ENOUGH, PIXVERSE, PLATFORM, Member

CREATE = PLATFORM.create


@pytest.fixture
def member(api: httpx.AsyncClient) -> Member:
    return Member(api, PLATFORM)


async def asked(api: httpx.AsyncClient, fields: Mapping[str, object] | None = None, trace: str = "t") -> dict[str, Any]:
    headers = {"api-key": "k", "ai-trace-id": trace}
    body = {name: value for name, value in {**PLATFORM.ask("a boat"), **(fields or {})}.items() if value is not None}
    answer = await api.post(CREATE, json=body, headers=headers)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


async def test_an_id_is_a_number_that_a_float_cannot_hold(api: httpx.AsyncClient) -> None:
    told = await asked(api)
    assert (told["ErrCode"], told["ErrMsg"]) == (0, "success")
    assert isinstance(told["Resp"]["video_id"], int)
    assert told["Resp"]["video_id"] > 2**53
    assert told["Resp"]["credits"] == 45


async def test_a_repeated_trace_id_films_once(api: httpx.AsyncClient) -> None:
    first, again, other = [await asked(api, {"seed": seed}, trace) for trace, seed in (("a", 1), ("a", 2), ("b", 1))]
    assert first["Resp"]["video_id"] == again["Resp"]["video_id"] != other["Resp"]["video_id"]
    creates = (await api.get("/control/creates")).json()
    assert [create["headers"]["ai-trace-id"] for create in creates] == ["a", "b"]
    assert [create["mark"] for create in creates] == ["a", "b"]


async def test_a_lost_create_is_found_by_its_trace_id(api: httpx.AsyncClient) -> None:
    await api.post("/control/faults", json={"fault": "create-vanish"})
    with pytest.raises(httpx.RemoteProtocolError):
        await asked(api)
    found = (await asked(api))["Resp"]["video_id"]
    (create,) = (await api.get("/control/creates")).json()
    assert create["id"] == str(found)


async def test_the_end_tells_the_film(member: Member, clock: Clock, media: httpx.AsyncClient) -> None:
    await member.created()
    await clock.sleep(LONG_ENOUGH)
    told = (await member.looked())["Resp"]
    film = await media.get(told["url"])
    assert (told["id"], told["seed"], told["size"]) == (int(member.id), 1, len(film.content))
    assert (told["outputWidth"], told["outputHeight"]) == (640, 360)
    assert told["create_time"].endswith("Z")


@pytest.mark.parametrize(
    ("manner", "states"), [("", [5, 5, 1]), ("states-2-3", [2, 3, 1]), ("states-9-10", [9, 10, 1])]
)
async def test_states_are_those_of_the_page_the_tool_or_the_client(
    member: Member, clock: Clock, manner: str, states: list[int]
) -> None:
    if manner:
        await member.arm(manner)
    await member.created()
    said = [await member.state()]
    for seconds in (10, LONG_ENOUGH):
        await clock.sleep(seconds)
        said.append(await member.state())
    assert said == states


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"prompt": ""}, 400011, "prompt"),
        ({"prompt": None}, 400011, "prompt"),
        ({"quality": None}, 400011, "quality"),
        ({"duration": None}, 400011, "duration"),
        ({"aspect_ratio": None}, 400011, "aspect_ratio"),
        ({"model": None}, 400011, "model"),
        ({"model": "v9"}, 400017, "model"),
        ({"prompt": "x" * 2049}, 400018, ""),
        ({"duration": "5"}, 400017, "duration"),
        ({"duration": 6}, 400017, "duration"),
        ({"model": "v5", "duration": 10}, 400017, "duration"),
        ({"quality": "1080p", "duration": 10}, 400017, "duration"),
        ({"quality": "4k"}, 400017, "quality"),
        ({"seed": -1}, 400017, "seed"),
        ({"seed": 2**31}, 400017, "seed"),
        ({"style": "noir"}, 400017, "style"),
        ({"generate_audio_switch": "true"}, 400017, "generate_audio_switch"),
    ],
)
async def test_what_is_wrong_has_a_code_and_status_200(
    api: httpx.AsyncClient, change: dict[str, object], code: int, field: str
) -> None:
    told = await asked(api, change)
    assert (told["ErrCode"], told["Resp"]) == (code, None)
    assert told["ErrMsg"].endswith(field)


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "v5", "duration": 8, "quality": "1080p"},
        {"duration": 10, "generate_audio_switch": True, "generate_multi_clip_switch": True, "thinking_type": "auto"},
        {"style": "anime", "negative_prompt": "fog", "seed": 2**31 - 1, "motion_mode": "normal"},
    ],
)
async def test_every_documented_wish_is_accepted(api: httpx.AsyncClient, fields: dict[str, object]) -> None:
    assert (await asked(api, fields))["ErrCode"] == 0


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"ai-trace-id": "t"}, 10003),
        ({"api-key": "wrong", "ai-trace-id": "t"}, 10005),
        ({"api-key": "right"}, 400011),
        ({"api-key": "right", "ai-trace-id": "t"}, 0),
    ],
)
async def test_both_headers_are_demanded(clock: Clock, headers: dict[str, str], code: int) -> None:
    with assembled(Options(key="right"), clock) as simulator:
        transport = httpx.ASGITransport(simulator.api)
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator.invalid") as client:
            answer = await client.post(CREATE, json=PLATFORM.ask("a boat"), headers=headers)
    assert (answer.status_code, answer.json()["ErrCode"]) == (200, code)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("broke", 200, 500090),
        ("create-busy", 200, 500044),
        ("create-moderated", 200, 500063),
        ("create-401", 200, 10005),
        ("create-429", 429, 429),
        ("create-503", 503, 99999),
    ],
)
async def test_a_create_is_refused_by_a_code(member: Member, fault: str, status: int, code: int) -> None:
    await member.arm(fault)
    answer = await member.create()
    assert (answer.status_code, answer.json()["ErrCode"]) == (status, code)


@pytest.mark.parametrize("video", ["1", "none"])
async def test_an_unknown_video_is_not_found(api: httpx.AsyncClient, video: str) -> None:
    answer = await api.get(f"{PIXVERSE}/video/result/{video}", headers=PLATFORM.headers)
    assert (answer.status_code, answer.json()["ErrCode"]) == (200, 400001)


async def test_the_balance_falls_by_what_was_filmed(api: httpx.AsyncClient, member: Member, clock: Clock) -> None:
    await member.created()
    await clock.sleep(LONG_ENOUGH)
    answer = await api.get(f"{PIXVERSE}/account/balance", headers=PLATFORM.headers)
    assert answer.json()["Resp"] == {"account_id": 1, "credit_monthly": 0, "credit_package": 9955}
