"""ShortAPI's answers that no test could ask the simulator for, and what exactly is sent."""

import json
from collections.abc import Callable

import httpx
import pytest

from bot.job import Failure, FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Stopped
from bot.request import Ratio, Resolution, VideoRequest
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Rejected, Throttled, Trouble
from tests.adapters.providers.scripted import EVERYTHING, KEY, made, take

OFFER = "shortapi/pixverse-v5.5"
CREATED = httpx.Response(200, json={"code": 0, "data": {"amount": "0.02", "job_id": "j1"}})


def refused(code: int, words: str = "No", status: int = 200, name: str = "info") -> httpx.Response:
    return httpx.Response(status, json={"code": code, "data": None, name: words})


async def submitted(answer: httpx.Response) -> Ticket:
    provider, _ = made("shortapi", answer)
    return await provider.submit(take(OFFER))


async def seen(answer: httpx.Response) -> Sight:
    provider, _ = made("shortapi", answer)
    return await provider.look(Ticket("j1"))


async def sight(**data: object) -> Sight:
    return await seen(httpx.Response(200, json={"code": 0, "data": data}))


async def test_only_what_was_chosen_is_sent() -> None:
    provider, asked = made("shortapi", CREATED)
    assert await provider.submit(take(OFFER)) == "j1"
    assert (asked[0].method, str(asked[0].url)) == ("POST", "https://api.shortapi.ai/api/v1/job/create")
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(asked[0].content) == {
        "model": "pixverse/pixverse-5.5/text-to-video",
        "args": {"prompt": "a fox"},
    }


async def test_everything_that_was_chosen_is_sent_in_shortapi_s_words_and_types() -> None:
    provider, asked = made("shortapi", CREATED)
    request = VideoRequest(
        prompt="a fox", ratio=Ratio.TALL, resolution=Resolution.P540, seconds=8, audio=False, multi_clip=True
    )
    await provider.submit(take(OFFER, request, callback="https://us.example/back?token=t"))
    assert json.loads(asked[0].content) == {
        "model": "pixverse/pixverse-5.5/text-to-video",
        "args": {
            "prompt": "a fox",
            "aspect_ratio": "9:16",
            "resolution": "540p",
            "duration": "8",
            "generate_audio": False,
            "multi_shot": True,
        },
        "callback_url": "https://us.example/back?token=t",
    }


async def test_it_has_no_words_for_what_its_offer_cannot_do() -> None:
    provider, asked = made("shortapi", CREATED)
    await provider.submit(take(OFFER, EVERYTHING))
    sent = json.loads(asked[0].content)["args"]
    assert sent.keys() == {"prompt", "aspect_ratio", "resolution", "duration", "generate_audio", "multi_shot"}


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 0, "data": {"job_id": "j1"}},
        {"code": "0", "data": {"job_id": "j1", "amount": 0.02}},
        {"code": 0, "job_id": "j1", "data": None},
        {"code": 0, "job_id": "j1", "data": {"amount": "0.02"}},
        {"job_id": "j1"},
    ],
)
async def test_the_job_s_id_stands_in_the_data_or_beside_it(answer: dict[str, object]) -> None:
    assert await submitted(httpx.Response(200, json=answer)) == "j1"


async def test_a_number_is_an_id_too() -> None:
    assert await submitted(httpx.Response(200, json={"code": 0, "data": {"job_id": 9007199254740993}})) == (
        "9007199254740993"
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"code": 0, "data": {"amount": "0.02", "job_id": ""}}', b'{"code": 0, "data": null}', b"<p>"],
)
async def test_an_acceptance_without_a_job_id_is_ambiguous(body: bytes) -> None:
    with pytest.raises(Ambiguous):
        await submitted(httpx.Response(200, content=body))


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (refused(3000), Throttled),
        (refused(3000, status=503), Throttled),
        (refused(3000, status=400), Throttled),
        (refused(1, "something is wrong"), Rejected),
        (refused(1, "invalid model"), Rejected),
        (refused(1, "invalid model", 400), Rejected),
        (refused(1, "invalid api key"), OutOfService),
        (refused(1, "Insufficient account balance"), OutOfService),
        (refused(1, "not enough credits", 400), OutOfService),
        (refused(1, "No", 401), OutOfService),
        (refused(1, "No", 403), OutOfService),
        (refused(1, "No", 500), Ambiguous),
        (refused(1, "insufficient balance at upstream", 500), Ambiguous),
        (refused(0, "No", 500), Ambiguous),
        (httpx.Response(401), OutOfService),
        (httpx.Response(404), Rejected),
        (httpx.Response(429, headers={"retry-after": "3"}), Throttled),
        (httpx.Response(502, content=b"<html>"), Ambiguous),
    ],
)
async def test_the_meaning_of_a_refused_create(answer: httpx.Response, trouble: type[Trouble]) -> None:
    with pytest.raises(trouble):
        await submitted(answer)


@pytest.mark.parametrize("name", ["info", "message"])
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("invalid args: duration", FailureKind.INVALID),
        ("The prompt was flagged as NSFW", FailureKind.MODERATED),
        ("balance your words: content policy", FailureKind.MODERATED),
    ],
)
async def test_a_rejection_is_told_in_shortapi_s_words(name: str, words: str, kind: FailureKind) -> None:
    with pytest.raises(Rejected) as caught:
        await submitted(refused(1, words, name=name))
    assert caught.value.failure == Failure(kind, words)


async def test_unstable_says_how_long_to_wait_where_it_says_so() -> None:
    answer = refused(3000, "upstream unstable")
    answer.headers["retry-after"] = "4"
    with pytest.raises(Throttled) as caught:
        await submitted(answer)
    assert (caught.value.detail, caught.value.retry_after) == ("upstream unstable", 4)


STATES: list[tuple[object, Sight]] = [
    (0, Queued()),
    (1, Rendering()),
    (2, Finished("https://m/a.mp4")),
    (3, Broken(Failure(FailureKind.PROVIDER, "boom"))),
    (4, Broken(Failure(FailureKind.PROVIDER, "boom"))),
    (99, Broken(Failure(FailureKind.PROVIDER, "boom"))),
    (-1, Rendering()),
    ("pending", Queued()),
    ("queued", Queued()),
    ("processing", Rendering()),
    ("succeeded", Finished("https://m/a.mp4")),
    ("completed", Finished("https://m/a.mp4")),
    ("failed", Broken(Failure(FailureKind.PROVIDER, "boom"))),
    ("cancelled", Stopped()),
    ("rehearsing", Rendering()),
    ("9" * 5000, Rendering()),
]


@pytest.mark.parametrize(("state", "meaning"), STATES)
@pytest.mark.parametrize("spelt", [lambda state: state, str, lambda state: str(state).upper()])
async def test_a_state_is_a_number_digits_or_a_word(
    state: object, meaning: Sight, spelt: Callable[[object], object]
) -> None:
    result = {"videos": [{"url": "https://m/a.mp4"}, {"url": "https://m/b.mp4"}]}
    assert await sight(status=spelt(state), refunded=False, result=result, error="boom") == meaning


@pytest.mark.parametrize("state", [1, 2, "succeeded"])
async def test_what_was_refunded_has_failed(state: object) -> None:
    result = {"videos": [{"url": "https://m/a.mp4"}]}
    assert await sight(status=state, refunded=True, result=result) == Broken(Failure(FailureKind.PROVIDER, ""))


@pytest.mark.parametrize(
    "result", [None, {}, [], "", {"videos": None}, {"videos": []}, {"videos": [{}]}, {"images": [{"url": "https://i"}]}]
)
async def test_success_without_a_video_has_no_address(result: object) -> None:
    assert await sight(status=2, result=result) == Finished(None)


async def test_a_failed_job_tells_why_in_any_shape() -> None:
    refused_by = {"code": "x", "message": "Sensitive content"}
    assert await sight(status=3, error=refused_by) == Broken(Failure(FailureKind.MODERATED, "Sensitive content"))


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (refused(3000), Passing),
        (refused(3000, status=400), Passing),
        (refused(1, "invalid api key"), Passing),
        (refused(1, "Service busy, try again later"), Passing),
        (refused(1, "job not found"), Gone),
        (refused(1, "No", 401), Passing),
        (refused(1, "No", 403), Passing),
        (refused(1, "No", 404), Gone),
        (refused(1, "No", 500), Passing),
        (httpx.Response(400), Passing),
        (httpx.Response(200, content=b"<html>"), Passing),
        (httpx.Response(200, json={"code": 0, "data": None}), Passing),
        (httpx.Response(200, json={"code": 0, "data": {"job_id": "j1"}}), Passing),
    ],
)
async def test_a_look_that_tells_nothing_of_the_job_loses_nothing(
    answer: httpx.Response, trouble: type[Trouble]
) -> None:
    with pytest.raises(trouble):
        await seen(answer)


@pytest.mark.parametrize("status", [200, 400, 422])
@pytest.mark.parametrize(
    ("words", "kind"), [("generation failed", FailureKind.PROVIDER), ("violates policy", FailureKind.MODERATED)]
)
async def test_an_error_in_place_of_the_job_is_the_job_s(status: int, words: str, kind: FailureKind) -> None:
    assert await seen(refused(1, words, status)) == Broken(Failure(kind, words))


async def test_an_id_arrives_whole() -> None:
    provider, asked = made("shortapi", CREATED)
    with pytest.raises(Passing):
        await provider.look(Ticket("a/b&c=d e"))
    assert asked[0].url.path == "/api/v1/job/query"
    assert dict(asked[0].url.params) == {"id": "a/b&c=d e"}


async def test_it_can_be_neither_stopped_nor_searched() -> None:
    provider, asked = made("shortapi")
    assert await provider.cancel(Ticket("j1")) is CancelAnswer.IMPOSSIBLE
    assert await provider.find("c") is None
    assert asked == []


async def test_a_check_asks_for_a_job_that_nobody_made() -> None:
    provider, asked = made("shortapi", refused(1, "job not found"))
    assert await provider.check() == "reached, and the key was not refused"
    assert (asked[0].method, asked[0].url.path) == ("GET", "/api/v1/job/query")


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (httpx.Response(401), OutOfService),
        (refused(1, "invalid api key"), OutOfService),
        (refused(1, "No", 403), OutOfService),
        (refused(3000), Passing),
        (httpx.Response(500), Passing),
        (httpx.Response(200, content=b"<html>"), Passing),
    ],
)
async def test_a_check_that_fails_says_why(answer: httpx.Response, trouble: type[Trouble]) -> None:
    provider, _ = made("shortapi", answer)
    with pytest.raises(trouble):
        await provider.check()
