"""PixVerse's answers that no test could ask the simulator for, and what exactly is sent."""

import json
import uuid
from collections.abc import Callable

import httpx
import pytest

from bot.job import Failure, FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight
from bot.request import VideoRequest
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Rejected, Throttled, Trouble
from tests.adapters.providers.scripted import CORRELATION, EVERYTHING, KEY, made, take

OFFER = "pixverse/pixverse-v5.5"
BIG = 2**53 + 1


def answered(resp: object, code: int = 0, words: str = "success", status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"ErrCode": code, "ErrMsg": words, "Resp": resp})


CREATED = answered({"video_id": BIG, "credits": 45})


async def submitted(answer: httpx.Response) -> Ticket:
    provider, _ = made("pixverse", answer)
    return await provider.submit(take(OFFER))


async def sight(answer: httpx.Response) -> Sight:
    provider, _ = made("pixverse", answer)
    return await provider.look(Ticket(str(BIG)))


async def test_the_defaults_are_written_out() -> None:
    provider, asked = made("pixverse", CREATED)
    assert await provider.submit(take(OFFER)) == "9007199254740993"
    assert (asked[0].method, str(asked[0].url)) == (
        "POST",
        "https://app-api.pixverse.ai/openapi/v2/video/text/generate",
    )
    assert asked[0].headers["api-key"] == KEY
    assert asked[0].headers["ai-trace-id"] == CORRELATION
    assert "authorization" not in asked[0].headers
    assert json.loads(asked[0].content) == {
        "model": "v5.5",
        "prompt": "a fox",
        "aspect_ratio": "16:9",
        "quality": "720p",
        "duration": 5,
    }


async def test_everything_that_was_chosen_is_sent_in_pixverse_s_words_and_types() -> None:
    provider, asked = made("pixverse", CREATED)
    await provider.submit(take(OFFER, EVERYTHING))
    assert json.loads(asked[0].content) == {
        "model": "v5.5",
        "prompt": "a fox",
        "aspect_ratio": "9:16",
        "quality": "540p",
        "duration": 8,
        "negative_prompt": "blur",
        "style": "3d_animation",
        "seed": 0,
        "generate_audio_switch": False,
        "generate_multi_clip_switch": True,
        "thinking_type": "disabled",
    }


async def test_the_older_model_has_its_own_name_and_is_not_told_to_be_silent() -> None:
    provider, asked = made("pixverse", CREATED)
    await provider.submit(take("pixverse/pixverse-v5", VideoRequest(prompt="a fox", audio=False)))
    sent = json.loads(asked[0].content)
    assert sent["model"] == "v5"
    assert "generate_audio_switch" not in sent


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"ErrCode": 0, "ErrMsg": "success", "Resp": null}',
        b'{"ErrCode": 0, "ErrMsg": "success", "Resp": {}}',
        b'{"ErrCode": 0, "ErrMsg": "success", "Resp": {"video_id": 0}}',
        b'{"ErrCode": 0, "ErrMsg": "success", "Resp": {"video_id": ""}}',
        b"<html>",
    ],
)
async def test_an_acceptance_without_a_video_id_is_ambiguous(body: bytes) -> None:
    with pytest.raises(Ambiguous):
        await submitted(httpx.Response(200, content=body))


@pytest.mark.parametrize("video_id", [1, BIG, 2**63 - 1, "2305843009213693951"])
async def test_an_id_is_exact_however_large(video_id: int | str) -> None:
    assert await submitted(answered({"video_id": video_id})) == str(video_id)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        *((code, OutOfService) for code in range(10001, 10006)),
        (400012, OutOfService),
        (500090, OutOfService),
        (500044, Throttled),
        (500054, Rejected),
        (500063, Rejected),
        (400001, Rejected),
        (400011, Rejected),
        (400017, Rejected),
        (400018, Rejected),
        (99999, Ambiguous),
        (500001, Ambiguous),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
async def test_a_code_says_whether_the_create_can_have_happened(code: int, trouble: type[Trouble], status: int) -> None:
    with pytest.raises(trouble) as caught:
        await submitted(answered(None, code, "No", status))
    assert caught.value.detail == "No"


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        (500054, "No", FailureKind.MODERATED),
        (500063, "No", FailureKind.MODERATED),
        (500999, "Prompt has sensitive words", FailureKind.MODERATED),
        (400017, "Invalid parameter", FailureKind.INVALID),
    ],
)
async def test_a_rejection_says_whether_it_is_moderation(code: int, words: str, kind: FailureKind) -> None:
    with pytest.raises(Rejected) as caught:
        await submitted(answered(None, code, words))
    assert caught.value.failure == Failure(kind, words)


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(400, Rejected), (401, OutOfService), (403, OutOfService), (429, Throttled), (502, Ambiguous)],
)
async def test_an_http_error_without_a_code_has_its_usual_meaning(status: int, trouble: type[Trouble]) -> None:
    with pytest.raises(trouble):
        await submitted(httpx.Response(status, content=b"<html>"))


STATES: list[tuple[object, Sight]] = [
    (1, Finished("https://m/a.mp4")),
    (2, Queued()),
    (9, Queued()),
    (3, Rendering()),
    (5, Rendering()),
    (10, Rendering()),
    (6, Broken(Failure(FailureKind.PROVIDER, "the clip was deleted"))),
    (7, Broken(Failure(FailureKind.MODERATED, "the content check stopped it"))),
    (8, Broken(Failure(FailureKind.PROVIDER, "the generation failed"))),
    (42, Rendering()),
    ("rehearsing", Rendering()),
]


@pytest.mark.parametrize(("state", "meaning"), STATES)
@pytest.mark.parametrize("spelt", [lambda state: state, str])
async def test_every_state_is_understood(state: object, meaning: Sight, spelt: Callable[[object], object]) -> None:
    resp = {"id": BIG, "status": spelt(state), "url": "https://m/a.mp4", "outputWidth": 640, "outputHeight": 360}
    assert await sight(answered(resp)) == meaning


@pytest.mark.parametrize("url", [None, ""])
async def test_success_without_a_video_has_no_address(url: str | None) -> None:
    assert await sight(answered({"status": 1, "url": url})) == Finished(None)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (answered(None, 400001, "Task not found"), Gone),
        (httpx.Response(404), Gone),
        (answered(None, 10005, "Invalid API key"), Passing),
        (answered(None, 500044, "Busy"), Passing),
        (answered(None, 99999, "Oops"), Passing),
        (answered(None, 99999, "Oops", 500), Passing),
        (answered(None), Passing),
        (answered({}), Passing),
        (httpx.Response(401), Passing),
        (httpx.Response(200, content=b"<html>"), Passing),
    ],
)
async def test_a_look_that_tells_nothing_of_the_clip_loses_nothing(
    answer: httpx.Response, trouble: type[Trouble]
) -> None:
    with pytest.raises(trouble):
        await sight(answer)


@pytest.mark.parametrize("code", [500054, 500063])
async def test_a_code_for_moderation_ends_a_generation(code: int) -> None:
    assert await sight(answered(None, code, "No")) == Broken(Failure(FailureKind.MODERATED, "No"))


async def test_every_look_has_a_trace_of_its_own_because_a_repeated_one_gets_an_old_answer() -> None:
    provider, asked = made("pixverse", *[answered({"status": 5})] * 2)
    for _ in range(2):
        await provider.look(Ticket(str(BIG)))
    assert {str(request.url) for request in asked} == {
        "https://app-api.pixverse.ai/openapi/v2/video/result/9007199254740993"
    }
    assert len({uuid.UUID(request.headers["ai-trace-id"]) for request in asked}) == 2


async def test_it_can_be_neither_stopped_nor_searched() -> None:
    provider, asked = made("pixverse")
    assert await provider.cancel(Ticket("1")) is CancelAnswer.IMPOSSIBLE
    assert await provider.find(CORRELATION) is None
    assert asked == []


async def test_a_check_tells_the_credits() -> None:
    balance = {"account_id": 123452341, "credit_monthly": 1069020, "credit_package": 3630}
    provider, asked = made("pixverse", answered(balance))
    assert await provider.check() == "key accepted, 1,072,650 credits"
    assert (asked[0].method, asked[0].url.path) == ("GET", "/openapi/v2/account/balance")
    assert asked[0].headers["ai-trace-id"]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (answered(None, 10005, "Invalid API key"), OutOfService),
        (httpx.Response(401), OutOfService),
        (answered(None, 99999, "Oops"), Passing),
        (answered(None), Passing),
        (httpx.Response(404, json={}), Passing),
        (httpx.Response(500), Passing),
        (httpx.Response(200, content=b"<html>"), Passing),
    ],
)
async def test_a_check_that_fails_says_why(answer: httpx.Response, trouble: type[Trouble]) -> None:
    provider, _ = made("pixverse", answer)
    with pytest.raises(trouble):
        await provider.check()
