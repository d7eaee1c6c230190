"""AIMLAPI's answers that no test could ask the simulator for, and what exactly is sent."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest

from adapters.providers.aimlapi import Aimlapi
from bot.job import Failure, FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Stopped
from bot.request import VideoRequest
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Rejected, Throttled, Trouble
from tests.adapters.providers.scripted import A_FOX, CORRELATION, EVERYTHING, KEY, scripted, take

CREATED = httpx.Response(200, json={"id": "g1", "status": "queued"})
OFFER = "aimlapi/pixverse-v5.5"
DASHED = "pixverse/v5-5-text-to-video"
DOTTED = "pixverse/v5.5/text-to-video"
BAD_ENUM = httpx.Response(
    400,
    json={
        "message": "Invalid enum value. Expected 'pixverse/v5.5/text-to-video', received 'pixverse/v5-5-text-to-video'",
        "path": "/v2/video/generations",
        "requestId": "r",
        "statusCode": 400,
        "timestamp": "2026-01-01T00:00:00.000Z",
    },
)
NO_SUCH_MODEL = httpx.Response(404, json={"message": "Not found", "statusCode": "404"})


def aimlapi(*answers: httpx.Response, legacy: bool = False) -> tuple[Aimlapi, list[httpx.Request]]:
    client, asked = scripted(*answers)
    return Aimlapi(client, KEY, legacy=legacy), asked


def models(asked: list[httpx.Request]) -> list[str]:
    return [json.loads(request.content)["model"] for request in asked]


async def sight(answer: object, status: int = 200) -> Sight:
    provider, _ = aimlapi(httpx.Response(status, json=answer))
    return await provider.look(Ticket("g1"))


async def test_only_what_was_chosen_is_sent() -> None:
    provider, asked = aimlapi(CREATED)
    assert await provider.submit(take(OFFER)) == "g1"
    assert (asked[0].method, str(asked[0].url)) == ("POST", "https://api.aimlapi.com/v2/video/generations")
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert asked[0].headers["x-client-request-id"] == CORRELATION
    assert json.loads(asked[0].content) == {"model": DASHED, "prompt": "a fox"}


async def test_everything_that_was_chosen_is_sent_in_aimlapi_s_words_and_types() -> None:
    provider, asked = aimlapi(CREATED)
    await provider.submit(take(OFFER, EVERYTHING))
    assert json.loads(asked[0].content) == {
        "model": DASHED,
        "prompt": "a fox",
        "aspect_ratio": "9:16",
        "resolution": "540p",
        "duration": 8,
        "negative_prompt": "blur",
        "style": "3d_animation",
        "seed": 0,
        "generate_audio_switch": False,
        "generate_multi_clip_switch": True,
        "thinking_type": "disabled",
    }


async def test_the_older_model_is_not_told_to_be_silent_because_it_always_is() -> None:
    provider, asked = aimlapi(CREATED)
    await provider.submit(take("aimlapi/pixverse-v5", VideoRequest(prompt="a fox", audio=False, multi_clip=False)))
    assert json.loads(asked[0].content) == {"model": "pixverse/v5/text-to-video", "prompt": "a fox"}


@pytest.mark.parametrize("unknown", [BAD_ENUM, NO_SUCH_MODEL])
async def test_a_spelling_that_is_not_known_is_followed_by_the_other_which_is_remembered(
    unknown: httpx.Response,
) -> None:
    provider, asked = aimlapi(unknown, CREATED, CREATED)
    assert await provider.submit(take(OFFER)) == "g1"
    await provider.submit(take(OFFER))
    assert models(asked) == [DASHED, DOTTED, DOTTED]
    assert asked[1].headers["x-client-request-id"] == CORRELATION


async def test_two_unknown_spellings_are_a_rejection_and_teach_nothing() -> None:
    provider, asked = aimlapi(BAD_ENUM, NO_SUCH_MODEL, CREATED)
    with pytest.raises(Rejected) as caught:
        await provider.submit(take(OFFER))
    assert caught.value.failure == Failure(FailureKind.INVALID, "Not found")
    await provider.submit(take(OFFER))
    assert models(asked) == [DASHED, DOTTED, DASHED]


async def test_a_model_with_one_spelling_is_asked_for_once() -> None:
    provider, asked = aimlapi(NO_SUCH_MODEL)
    with pytest.raises(Rejected):
        await provider.submit(take("aimlapi/pixverse-v5"))
    assert len(asked) == 1


async def test_a_rejection_for_another_reason_is_not_tried_again() -> None:
    provider, asked = aimlapi(httpx.Response(400, json={"message": "Prompt is required", "statusCode": 400}))
    with pytest.raises(Rejected) as caught:
        await provider.submit(take(OFFER))
    assert caught.value.failure == Failure(FailureKind.INVALID, "Prompt is required")
    assert len(asked) == 1


async def test_a_second_spelling_that_breaks_off_may_have_been_taken() -> None:
    provider, _ = aimlapi(BAD_ENUM, httpx.Response(500))
    with pytest.raises(Ambiguous):
        await provider.submit(take(OFFER))


@pytest.mark.parametrize("code", [200, 201, 202])
@pytest.mark.parametrize(
    ("answer", "ticket"),
    [
        ({"id": "FxkOMGP_IRjjNHfzH3LTV", "status": "queued"}, "FxkOMGP_IRjjNHfzH3LTV"),
        ({"generation_id": "b7a3:pixverse/v5/text-to-video"}, "b7a3:pixverse/v5/text-to-video"),
        ({"id": 9007199254740993}, "9007199254740993"),
        ({"id": None, "generation_id": 7, "status": None, "error": None}, "7"),
    ],
)
async def test_the_id_of_a_generation_has_two_names_and_any_form(
    code: int, answer: dict[str, object], ticket: str
) -> None:
    provider, _ = aimlapi(httpx.Response(code, json=answer))
    assert await provider.submit(take(OFFER)) == ticket


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": ""}', b'{"id": {"a": 1}}', b"<html>", b"[" * 100_000])
async def test_an_acceptance_without_an_id_is_ambiguous(body: bytes) -> None:
    provider, _ = aimlapi(httpx.Response(200, content=body))
    with pytest.raises(Ambiguous):
        await provider.submit(take(OFFER))


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ("The prompt violates our content policy", FailureKind.MODERATED, "The prompt violates our content policy"),
        ({"name": "Moderation", "message": "Blocked"}, FailureKind.MODERATED, "Blocked"),
        ({"code": "nsfw_content", "message": "Blocked"}, FailureKind.MODERATED, "Blocked"),
        ({"name": "Server error", "message": "Try again"}, FailureKind.PROVIDER, "Try again"),
        ({"code": 17, "message": "Odd"}, FailureKind.PROVIDER, "Odd"),
        ({"detail": "Did not pass the safety check"}, FailureKind.MODERATED, "Did not pass the safety check"),
        (
            {"detail": [{"msg": "One", "type": "x"}, {"msg": "Two", "input": "safety"}]},
            FailureKind.PROVIDER,
            "One; Two",
        ),
        ({"detail": [{"msg": "No", "type": "content_policy_violation"}]}, FailureKind.MODERATED, "No"),
        ("Case-insensitive match failed", FailureKind.PROVIDER, "Case-insensitive match failed"),
        (None, FailureKind.PROVIDER, ""),
    ],
)
async def test_an_error_in_the_body_is_read_in_every_shape(error: object, kind: FailureKind, words: str) -> None:
    told = {"id": "g1", "status": "error", "error": error}
    assert await sight(told) == Broken(Failure(kind, words))
    provider, _ = aimlapi(httpx.Response(200, json=told))
    with pytest.raises(Rejected) as caught:
        await provider.submit(take(OFFER))
    rejection = FailureKind.INVALID if kind is FailureKind.PROVIDER else kind
    assert caught.value.failure == Failure(rejection, words)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (400, Rejected),
        (401, OutOfService),
        (403, OutOfService),
        (422, Rejected),
        (429, Throttled),
        (500, Ambiguous),
        (503, Ambiguous),
        (504, Ambiguous),
        (302, Ambiguous),
    ],
)
@pytest.mark.parametrize("spelt", [int, str])
async def test_the_meaning_of_a_refused_create(code: int, trouble: type[Trouble], spelt: type[int | str]) -> None:
    provider, _ = aimlapi(httpx.Response(code, json={"message": "No", "statusCode": spelt(code)}))
    with pytest.raises(trouble) as caught:
        await provider.submit(take(OFFER))
    assert caught.value.detail in {"No", "too many requests"}


async def test_a_key_that_is_repeated_in_an_answer_is_not_passed_on() -> None:
    provider, _ = aimlapi(httpx.Response(401, json={"message": f"The key {KEY} is not active"}))
    with pytest.raises(OutOfService) as caught:
        await provider.submit(take(OFFER))
    assert caught.value.detail == "The key … is not active"


@pytest.mark.parametrize(
    "ticket", ["FxkOMGP_IRjjNHfzH3LTV", "-vA_9", "b7a3-11:pixverse/v5/text-to-video", "42", "a&b=c#d?e %2F+"]
)
async def test_any_id_arrives_whole(ticket: str) -> None:
    provider, asked = aimlapi(httpx.Response(200, json={"id": ticket, "status": "queued"}))
    assert await provider.look(Ticket(ticket)) == Queued()
    assert asked[0].url.path == "/v2/video/generations"
    assert parse_qs(asked[0].url.query.decode()) == {"generation_id": [ticket]}


WORDS = {
    "queued waiting pending queueing preparing submitted": Queued(),
    "generating active processing running in_progress dreaming": Rendering(),
    "completed complete succeeded success done ready finished": Finished("https://m/a.mp4"),
    "error failed failure timeout timed_out expired": Broken(Failure(FailureKind.PROVIDER, "boom")),
    "cancelled canceled": Stopped(),
    "rehearsing interpolating": Rendering(),
}


@pytest.mark.parametrize(("word", "seen"), [(word, seen) for words, seen in WORDS.items() for word in words.split()])
@pytest.mark.parametrize("spelt", [str.lower, str.upper, str.title])
async def test_every_word_for_a_state_is_understood(word: str, seen: Sight, spelt: Callable[[str], str]) -> None:
    answer = {"id": "g1", "status": spelt(word), "video": {"url": "https://m/a.mp4"}, "error": "boom"}
    assert await sight(answer) == seen


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"video": None},
        {"video": {}},
        {"video": {"url": ""}},
        {"data": [{"url": "https://cdn/picture.png"}]},
        {"object": "image", "video": {"url": "https://cdn/picture.png"}},
    ],
)
async def test_success_without_a_video_has_no_address(answer: dict[str, object]) -> None:
    assert await sight({"id": "g1", "status": "completed"} | answer) == Finished(None)


@pytest.mark.parametrize("answer", [{}, {"id": "g1"}, {"status": None}, {"status": ""}, {"status": ["queued"]}, [], 7])
async def test_a_generation_without_a_status_may_be_looked_at_again(answer: object) -> None:
    with pytest.raises(Passing):
        await sight(answer)


@pytest.mark.parametrize(
    ("code", "trouble"), [(404, Gone), (400, Passing), (401, Passing), (403, Passing), (500, Passing), (504, Passing)]
)
async def test_a_look_that_fails_loses_nothing(code: int, trouble: type[Trouble]) -> None:
    with pytest.raises(trouble):
        await sight({"message": "No", "statusCode": code}, code)


async def test_the_legacy_address_has_the_same_bodies() -> None:
    finished = httpx.Response(200, json={"status": "complete", "video": {"url": "https://m/a.mp4"}})
    provider, asked = aimlapi(CREATED, finished, legacy=True)
    assert await provider.look(await provider.submit(take(OFFER))) == Finished("https://m/a.mp4")
    assert {request.url.path for request in asked} == {"/v2/generate/video/pixverse/generation"}


async def test_it_cannot_be_stopped() -> None:
    provider, asked = aimlapi()
    assert await provider.cancel(Ticket("g1")) is CancelAnswer.IMPOSSIBLE
    assert asked == []


def row(client: str | None, inference: str | None) -> dict[str, object]:
    """As documented, though only two of its fields matter."""
    return {
        "created": "2026-07-02T03:04:05.000Z",
        "status": "succeeded",
        "origin": "api",
        "model": DASHED,
        "cost": {"usd": 0.25, "credits": 500000},
        "tokens": {"input": 0, "output": 0, "total": 0},
        "request_id": "req-1",
        "inference_id": inference,
        "client_request_id": client,
    }


def logs(*rows: dict[str, object], more: bool = False) -> httpx.Response:
    pagination = {"limit": 100, "offset": 0, "total": len(rows), "has_more": more}
    return httpx.Response(200, json={"data": list(rows), "pagination": pagination})


async def test_a_lost_create_is_found_in_the_logs() -> None:
    provider, asked = aimlapi(logs(row(None, "x"), row("other", "y"), row(CORRELATION, "g1")))
    assert await provider.find(CORRELATION) == "g1"
    assert asked[0].url.path == "/v2/logs"
    assert dict(asked[0].url.params) == {"period": "7d", "limit": "100", "offset": "0"}
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"


async def test_the_newest_of_two_rows_counts_because_the_older_is_of_the_other_spelling() -> None:
    provider, _ = aimlapi(logs(row(CORRELATION, "new"), row(CORRELATION, "old")))
    assert await provider.find(CORRELATION) == "new"


async def test_the_logs_are_read_on_until_they_end() -> None:
    provider, asked = aimlapi(logs(row("a", "x"), more=True), logs(row(CORRELATION, "g1")))
    assert await provider.find(CORRELATION) == "g1"
    assert asked[1].url.params["offset"] == "100"


async def test_a_create_that_is_not_in_the_logs_may_come_there_later() -> None:
    provider, _ = aimlapi(logs(row(None, "x"), row(CORRELATION, None)))
    with pytest.raises(Passing, match="not in the logs yet"):
        await provider.find(CORRELATION)


async def test_logs_without_end_are_left_after_a_while() -> None:
    provider, asked = aimlapi(*[logs(row("a", "x"), more=True)] * 10)
    with pytest.raises(Passing):
        await provider.find(CORRELATION)
    assert len(asked) == 10


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401),
        httpx.Response(403),
        httpx.Response(404),
        httpx.Response(429),
        httpx.Response(500),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json={"pagination": {}}),
    ],
)
async def test_logs_that_cannot_be_read_may_be_read_later(answer: httpx.Response) -> None:
    provider, _ = aimlapi(answer)
    with pytest.raises(Passing):
        await provider.find(CORRELATION)


async def test_a_check_tells_the_balance() -> None:
    provider, asked = aimlapi(httpx.Response(200, json={"current_balance": 1234.5, "currency": "USD"}))
    assert await provider.check() == "key accepted, balance $1,234.50"
    assert (asked[0].method, asked[0].url.path) == ("GET", "/v2/billing")


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (httpx.Response(401, json={"message": "Unauthorized"}), OutOfService),
        (httpx.Response(403, json={"message": "You've run out of credits"}), OutOfService),
        (httpx.Response(404), Passing),
        (httpx.Response(500), Passing),
        (httpx.Response(200, json={"balance": 1}), Passing),
    ],
)
async def test_a_check_that_fails_says_why(answer: httpx.Response, trouble: type[Trouble]) -> None:
    provider, _ = aimlapi(answer)
    with pytest.raises(trouble):
        await provider.check()


def test_the_key_is_not_in_what_a_log_would_show() -> None:
    provider, _ = aimlapi()
    assert KEY not in repr(vars(provider))
    assert KEY not in repr(take(OFFER, A_FOX))
