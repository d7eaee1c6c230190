import re

import httpx
import pytest

from simulator.clock import Clock
from tests.simulator.aimlapi_client import DASHED, DOTTED, LEGACY, PATH, SMALL, V5, Opened, create, id_of, logged, look
from tests.simulator.speakers import LONG_ENOUGH


async def test_a_create_is_answered_with_what_it_may_cost(usual: httpx.AsyncClient) -> None:
    answer = await create(usual, resolution="720p", generate_audio_switch=True)
    body = answer.json()
    assert body["meta"] == {"usage": {"credits_used": 525_000}}
    assert answer.headers["x-inference-id"] == id_of(answer)
    assert answer.headers["x-aimlapi-credits-used"] == "525000"
    assert answer.headers["x-aimlapi-usd-spent"] == "0.2625"


@pytest.mark.parametrize(("asked_at", "looked_at"), [(PATH, LEGACY), (LEGACY, PATH)])
async def test_both_paths_lead_to_the_same_book(usual: httpx.AsyncClient, asked_at: str, looked_at: str) -> None:
    generation_id = id_of(await usual.post(asked_at, json=SMALL))
    assert (await look(usual, generation_id, looked_at))["id"] == generation_id


async def test_the_end_tells_no_usage(usual: httpx.AsyncClient, clock: Clock) -> None:
    generation_id = id_of(await create(usual))
    assert "meta" in await look(usual, generation_id)
    await clock.sleep(LONG_ENOUGH)
    end = await look(usual, generation_id)
    assert set(end) == {"id", "status", "video", "error"}
    assert end["error"] is None


async def test_unless_asked_it_speaks_in_each_way_that_was_seen(usual: httpx.AsyncClient, clock: Clock) -> None:
    answers = [await create(usual) for _ in range(6)]
    await clock.sleep(LONG_ENOUGH)
    words = [(await look(usual, id_of(answer)))["status"] for answer in answers]
    assert words == ["completed", "complete", "succeeded"] * 2
    assert [answer.status_code for answer in answers] == [200, 201] * 3
    keys = ["id" if "id" in answer.json() else "generation_id" for answer in answers]
    assert keys == ["id", "id", "generation_id", "generation_id", "id", "id"]


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        ("says-completed", ["queued", "generating", "completed", "error"]),
        ("says-complete", ["waiting", "active", "complete", "failed"]),
        ("says-succeeded", ["pending", "processing", "succeeded", "failure"]),
        ("says-success", ["queueing", "running", "success", "timeout"]),
        ("says-done", ["preparing", "in_progress", "done", "timed_out"]),
        ("says-ready", ["submitted", "dreaming", "ready", "expired"]),
        ("says-finished", ["Queued", "Processing", "Finished", "Failed"]),
    ],
)
async def test_every_word_can_be_asked_for(opened: Opened, clock: Clock, manner: str, words: list[str]) -> None:
    with opened(manner) as api:
        generation_id, doomed = id_of(await create(api)), id_of(await create(api, prompt="sim:failed"))
        said = [(await look(api, generation_id))["status"]]
        await clock.sleep(10)
        said.append((await look(api, generation_id))["status"])
        await clock.sleep(LONG_ENOUGH)
        said += [(await look(api, each))["status"] for each in (generation_id, doomed)]
    assert said == words


@pytest.mark.parametrize(
    ("manner", "model", "shape"),
    [
        ("id-nanoid", DASHED, r"[A-Za-z0-9_-]{21}"),
        ("id-dash", DASHED, r"-[A-Za-z0-9_-]{20}"),
        ("id-digits", DASHED, r"\d{16}"),
        ("id-path", DASHED, r"[0-9a-f-]{36}:pixverse/v5-5-text-to-video"),
        ("says-done", V5, r"[0-9a-f-]{36}:pixverse/v5/text-to-video"),
        ("id-digits", V5, r"\d{16}"),
    ],
)
async def test_an_id_of_every_shape_is_found_again(opened: Opened, manner: str, model: str, shape: str) -> None:
    with opened(manner) as api:
        generation_id = id_of(await create(api, model=model))
        assert re.fullmatch(shape, generation_id)
        assert (await look(api, generation_id))["id"] == generation_id


async def test_unless_asked_ids_come_in_three_shapes(usual: httpx.AsyncClient) -> None:
    ids = [id_of(await create(usual)) for _ in range(3)]
    assert [len(each) for each in ids] == [21, 21, 16]
    assert (ids[1][0], ids[2].isdigit()) == ("-", True)


@pytest.mark.parametrize(
    ("manners", "codes"),
    [((), [2, 2]), (("only-dashed",), [2, 400]), (("only-dotted",), [400, 2])],
)
async def test_a_model_is_known_by_either_spelling_or_by_one(
    opened: Opened, manners: tuple[str, ...], codes: list[int]
) -> None:
    with opened(*manners) as api:
        answers = [await create(api, model=model) for model in (DASHED, DOTTED)]
    assert [2 if answer.is_success else answer.status_code for answer in answers] == codes
    refused = [answer.json()["message"] for answer in answers if not answer.is_success]
    assert all("Invalid enum value. Expected '" in message for message in refused)


async def test_the_manner_can_be_armed_for_one_create(usual: httpx.AsyncClient) -> None:
    await usual.post("/control/faults", json={"fault": "only-dotted", "dialect": "aimlapi"})
    assert [(await create(usual)).is_success for _ in range(2)] == [False, True]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "pixverse/v9"}, r"model: Invalid enum value\. Expected .*, received 'pixverse/v9'"),
        ({"model": None}, "model: Expected string, received null"),
        ({"prompt": 7}, "prompt: Expected string, received number"),
        ({"prompt": ""}, "prompt: String should have at least 1 character"),
        ({"duration": "5"}, "duration: Expected number, received string"),
        ({"duration": 6}, r"duration: Invalid enum value\. Expected 5 \| 8 \| 10, received 6"),
        ({"model": V5, "duration": 10}, r"duration: Invalid enum value\. Expected 5 \| 8, received 10"),
        ({"resolution": "1080p", "duration": 8}, "duration: The 1080p quality option does not support 8-second"),
        ({"resolution": "1080p", "duration": 10}, "duration: The 1080p quality option does not support 10-second"),
        ({"resolution": "4k"}, "resolution: Invalid enum value. .* received '4k'"),
        ({"aspect_ratio": 1}, "aspect_ratio: Invalid enum value. .* received 1"),
        ({"style": "noir"}, "style: Invalid enum value. .* received 'noir'"),
        ({"seed": "1"}, "seed: Expected number, received string"),
        ({"generate_audio_switch": "true"}, "generate_audio_switch: Expected boolean, received string"),
        ({"thinking_type": []}, "thinking_type: Invalid enum value"),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    usual: httpx.AsyncClient, change: dict[str, object], message: str
) -> None:
    answer = await create(usual, **change)
    body = answer.json()
    assert answer.status_code == 400
    assert re.match(message, body["message"])
    assert set(body) == {"message", "path", "requestId", "statusCode", "timestamp"}
    assert (body["path"], body["statusCode"]) == ("/v2/video/generations", "400")


async def test_a_model_and_a_prompt_are_required(usual: httpx.AsyncClient) -> None:
    answer = await usual.post(PATH, json={})
    assert answer.json()["message"] == "model: Required; prompt: Required"


async def test_eight_seconds_at_1080p_can_be_permitted(opened: Opened) -> None:
    with opened("long-1080p") as api:
        codes = [(await create(api, resolution="1080p", duration=seconds)).status_code // 100 for seconds in (8, 10)]
    assert codes == [2, 4]


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": 10, "generate_audio_switch": True, "generate_multi_clip_switch": True, "thinking_type": "auto"},
        {"model": V5, "duration": 8, "style": "clay", "negative_prompt": "fog"},
        {"model": V5, "lip_sync_tts_content": "hello", "lip_sync_tts_speaker": "Harper"},
    ],
)
async def test_every_documented_wish_is_accepted(usual: httpx.AsyncClient, fields: dict[str, object]) -> None:
    assert (await create(usual, **fields)).is_success


@pytest.mark.parametrize(
    ("prompt", "error"),
    [
        ("sim:error-at-200-named", {"name": "downstream_service_error"}),
        ("sim:error-at-200-detail", {"detail": [{"type": "downstream_service_error"}]}),
        ("sim:error-at-200-text", "The provider failed to generate the video"),
        ("sim:moderated sim:error-at-200-named", {"name": "content_policy_violation"}),
        ("sim:moderated sim:error-at-200-detail", {"detail": [{"type": "content_policy_violation"}]}),
        ("sim:moderated sim:error-at-200-text", "Your prompt was rejected by our content moderation policy"),
    ],
)
async def test_a_failure_is_told_in_each_shape_with_status_200(
    usual: httpx.AsyncClient, clock: Clock, prompt: str, error: object
) -> None:
    generation_id = id_of(await create(usual, prompt=prompt))
    await clock.sleep(LONG_ENOUGH)
    answer = await usual.get(PATH, params={"generation_id": generation_id})
    told = answer.json()["error"]
    assert answer.status_code == 200
    match told:
        case {"name": name, "message": str()}:
            assert {"name": name} == error
        case {"detail": [{"type": kind, "msg": str(), "loc": ["body", "prompt"]}]}:
            assert {"detail": [{"type": kind}]} == error
        case _:
            assert told == error


async def test_an_account_without_money_is_told_so(usual: httpx.AsyncClient) -> None:
    answer = await create(usual, prompt="sim:broke")
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("You've run out of credits")


async def test_an_unknown_generation_is_not_found(usual: httpx.AsyncClient) -> None:
    for params in ({"generation_id": "none"}, {}):
        answer = await usual.get(PATH, params=params)
        assert (answer.status_code, answer.json()["statusCode"]) == (404, "404")


@pytest.mark.parametrize(
    ("given", "echoed"),
    [("job-1:a.b_C", "job-1:a.b_C"), ("x" * 128, "x" * 128), ("x" * 129, None), ("a b", None), ("", None)],
)
async def test_a_clients_own_id_is_echoed_or_silently_dropped(
    usual: httpx.AsyncClient, given: str, echoed: str | None
) -> None:
    answer = await usual.post(PATH, json=SMALL, headers={"x-client-request-id": given})
    assert answer.is_success
    assert answer.headers.get("x-client-request-id") == echoed
    assert [row["client_request_id"] for row in await logged(usual)] == [echoed]
