from typing import Any

import httpx
import pytest

from simulator.clock import Clock
from tests.simulator.speakers import LONG_ENOUGH, SHORTAPI, Member

CREATE = SHORTAPI.create
KEY = {"authorization": "Bearer k"}


@pytest.fixture
def member(api: httpx.AsyncClient) -> Member:
    return Member(api, SHORTAPI)


async def asked(api: httpx.AsyncClient, args: object = None, **fields: object) -> dict[str, Any]:
    body = SHORTAPI.ask("a boat") | fields
    if isinstance(args, dict):
        body["args"] = body["args"] | args
    answer = await api.post(CREATE, json=body, headers=KEY)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


async def test_a_job_is_created(api: httpx.AsyncClient) -> None:
    told = await asked(api)
    assert told["code"] == 0
    assert told["data"]["amount"] == "0.128"
    assert len(told["data"]["job_id"]) == 24


@pytest.mark.parametrize(
    ("args", "amount"),
    [
        ({"resolution": "720p", "duration": "10", "generate_audio": True, "multi_shot": True}, "0.655"),
        ({"resolution": "1080p", "duration": "8"}, "0.680"),
        ({"resolution": "720p", "generate_audio": True}, "0.213"),
        ({"resolution": "540p", "multi_shot": True, "duration": "10"}, "0.468"),
    ],
)
async def test_the_price_is_that_of_the_published_table(
    api: httpx.AsyncClient, args: dict[str, object], amount: str
) -> None:
    assert (await asked(api, args))["data"]["amount"] == amount


@pytest.mark.parametrize(
    ("args", "info"),
    [
        ({"prompt": ""}, "args.prompt"),
        ({"prompt": None}, "args.prompt"),
        ({"duration": 5}, "args.duration"),
        ({"duration": "6"}, "args.duration"),
        ({"duration": "10", "resolution": "1080p"}, "1080p is not supported for 10s"),
        ({"resolution": "360p"}, "args.resolution"),
        ({"aspect_ratio": "21:9"}, "args.aspect_ratio"),
        ({"generate_audio": "true"}, "args.generate_audio"),
        ({"multi_shot": 1}, "args.multi_shot"),
        ({"style": "anime"}, "args.style: Extra inputs"),
        ({"seed": 1}, "args.seed: Extra inputs"),
        ({"negative_prompt": "fog"}, "args.negative_prompt"),
        ({"thinking_type": "auto"}, "args.thinking_type"),
    ],
)
async def test_wrong_arguments_are_an_error_with_status_200(
    api: httpx.AsyncClient, args: dict[str, object], info: str
) -> None:
    told = await asked(api, args)
    assert (told["code"], told["data"]) == (1, None)
    assert told["info"].startswith("invalid args")
    assert info in told["info"]


@pytest.mark.parametrize("model", ["pixverse/v5.5/text-to-video", 5])
async def test_a_model_it_does_not_know_is_invalid(api: httpx.AsyncClient, model: object) -> None:
    told = await asked(api, model=model)
    assert (told["code"], told["info"]) == (1, f"invalid model: {model}")


async def test_a_model_is_required(api: httpx.AsyncClient) -> None:
    answer = await api.post(CREATE, json={"args": {"prompt": "a boat"}}, headers=KEY)
    assert answer.json()["info"] == "invalid model: Field required"


@pytest.mark.parametrize(
    ("manner", "states"),
    [
        ("", [0, 1, 2]),
        ("states-words", ["pending", "processing", "succeeded"]),
        ("states-digits", ["0", "1", "2"]),
    ],
)
async def test_states_are_numbers_or_words(member: Member, clock: Clock, manner: str, states: list[object]) -> None:
    if manner:
        await member.arm(manner)
    await member.created()
    said = [await member.state()]
    for seconds in (10, LONG_ENOUGH):
        await clock.sleep(seconds)
        said.append(await member.state())
    assert said == states


@pytest.mark.parametrize(("fault", "refunded"), [("", False), ("failed", True), ("moderated", True)])
async def test_a_failure_is_refunded(member: Member, clock: Clock, fault: str, refunded: bool) -> None:  # noqa: FBT001  # a case
    if fault:
        await member.arm(fault)
    await member.created()
    await clock.sleep(LONG_ENOUGH)
    data = (await member.looked())["data"]
    assert (data["refunded"], data["credit"]) == (refunded, "0.128")
    assert bool(data.get("error")) == refunded


async def test_the_job_id_may_stand_beside_the_data(api: httpx.AsyncClient, member: Member) -> None:
    await member.arm("job-id-on-top")
    told = await asked(api)
    assert told["data"] == {"amount": "0.128"}
    member.id = told["job_id"]
    assert await member.state() == 0


@pytest.mark.parametrize("fault", ["create-busy", "status-busy"])
async def test_an_unstable_upstream_is_code_3000_with_status_200(
    api: httpx.AsyncClient, member: Member, fault: str
) -> None:
    if fault == "status-busy":
        await member.created()
    await member.arm(fault)
    answer = await (member.look() if member.id else api.post(CREATE, json=SHORTAPI.ask("a boat"), headers=KEY))
    assert (answer.status_code, answer.json()["code"]) == (200, 3000)


@pytest.mark.parametrize(
    ("fault", "code", "info"), [("broke", 403, "insufficient balance"), ("create-moderated", 200, "moderation")]
)
async def test_a_create_is_refused(member: Member, fault: str, code: int, info: str) -> None:
    await member.arm(fault)
    answer = await member.create()
    assert (answer.status_code, answer.json()["code"]) == (code, 1)
    assert info in answer.json()["info"]


async def test_an_unknown_job_is_an_error_with_status_200(api: httpx.AsyncClient) -> None:
    answer = await api.get("/shortapi/api/v1/job/query", headers=KEY)
    assert (answer.status_code, answer.json()) == (200, {"code": 1, "data": None, "info": "job not found"})


async def test_the_callback_is_remembered(api: httpx.AsyncClient) -> None:
    await asked(api, callback_url="https://me.invalid/x?token=t")
    (create,) = (await api.get("/control/creates")).json()
    assert create["callback_url"] == "https://me.invalid/x?token=t"
