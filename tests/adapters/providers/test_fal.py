"""fal's answers that no test could ask the simulator for, and what exactly is sent."""

import json
from dataclasses import replace

import httpx
import pytest

from adapters.providers.fal import Fal
from bot.catalogue import offer_named
from bot.job import Failure, FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Take
from bot.request import VideoRequest
from bot.trouble import Ambiguous, OutOfService, Passing, Rejected, Trouble
from tests.adapters.providers.scripted import EVERYTHING, KEY, scripted

QUEUE = "https://queue.fal.run"
OWN = f"{QUEUE}/fal-ai/pixverse/requests/r1"
SUBMITTED = {
    "request_id": "r1",
    "status_url": f"{OWN}/status",
    "response_url": OWN,
    "cancel_url": f"{OWN}/cancel",
}
TICKET = Ticket(json.dumps({"status": f"{OWN}/status", "response": OWN, "cancel": f"{OWN}/cancel"}))


def fal(*answers: httpx.Response) -> tuple[Fal, list[httpx.Request]]:
    """Fal as it answers in this order, and what it was asked."""
    client, asked = scripted(*answers)
    return Fal(client, KEY), asked


def take(request: VideoRequest, model: str = "pixverse-v5.5") -> Take:
    return Take(offer=offer_named(f"fal/{model}"), request=request, correlation="c")


A_FOX = take(VideoRequest(prompt="a fox"))


async def test_only_what_was_chosen_is_sent() -> None:
    provider, asked = fal(httpx.Response(200, json=SUBMITTED))
    assert json.loads(await provider.submit(A_FOX)) == json.loads(TICKET)
    assert str(asked[0].url) == f"{QUEUE}/fal-ai/pixverse/v5.5/text-to-video"
    assert asked[0].headers["authorization"] == "Key id:secret"
    assert asked[0].headers["x-app-fal-disable-fallback"] == "true"
    assert json.loads(asked[0].content) == {"prompt": "a fox"}


async def test_everything_that_was_chosen_is_sent_in_fal_s_words_and_types() -> None:
    provider, asked = fal(httpx.Response(200, json=SUBMITTED))
    await provider.submit(take(EVERYTHING))
    assert json.loads(asked[0].content) == {
        "prompt": "a fox",
        "aspect_ratio": "9:16",
        "resolution": "540p",
        "duration": "8",
        "negative_prompt": "blur",
        "style": "3d_animation",
        "seed": 0,
        "generate_audio_switch": False,
        "generate_multi_clip_switch": True,
        "thinking_type": "disabled",
    }


async def test_where_to_tell_the_end_is_part_of_the_address() -> None:
    provider, asked = fal(httpx.Response(200, json=SUBMITTED))
    await provider.submit(replace(A_FOX, callback="https://us.example/back?token=a/b&c"))
    assert dict(asked[0].url.params) == {"fal_webhook": "https://us.example/back?token=a/b&c"}


async def test_the_other_model_has_its_own_address() -> None:
    provider, asked = fal(httpx.Response(200, json=SUBMITTED))
    await provider.submit(take(VideoRequest(prompt="a fox"), "pixverse-v5"))
    assert asked[0].url.path == "/fal-ai/pixverse/v5/text-to-video"


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/x",
        "http://queue.fal.run/x",
        "https://queue.fal.run:444/x",
        "https://queue.fal.run@evil.example/x",
        "",
    ],
)
async def test_the_key_goes_to_no_address_but_fal_s_own(foreign: str) -> None:
    answer = SUBMITTED | {"status_url": foreign, "response_url": foreign, "cancel_url": foreign}
    provider, _ = fal(httpx.Response(200, json=answer))
    assert json.loads(await provider.submit(A_FOX)) == json.loads(TICKET)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"request_id": ""}', b'{"request_id": null}', b"<html>"])
async def test_an_acceptance_without_a_request_id_is_ambiguous(body: bytes) -> None:
    provider, _ = fal(httpx.Response(200, content=body))
    with pytest.raises(Ambiguous):
        await provider.submit(A_FOX)


@pytest.mark.parametrize(
    ("detail", "kind", "words"),
    [
        ([{"msg": "Not allowed", "type": "content_policy_violation"}], FailureKind.MODERATED, "Not allowed"),
        ([{"msg": "Too long"}, {"msg": "Too odd"}], FailureKind.INVALID, "Too long; Too odd"),
        ("No such app", FailureKind.INVALID, "No such app"),
        ([], FailureKind.INVALID, "HTTP 422"),
        (17, FailureKind.INVALID, "HTTP 422"),
    ],
)
async def test_a_rejection_is_told_in_fal_s_words_whatever_their_shape(
    detail: object, kind: FailureKind, words: str
) -> None:
    provider, _ = fal(httpx.Response(422, json={"detail": detail}))
    with pytest.raises(Rejected) as caught:
        await provider.submit(A_FOX)
    assert caught.value.failure == Failure(kind, words)


@pytest.mark.parametrize("code", [200, 202])
async def test_a_status_is_read_with_either_code(code: int) -> None:
    provider, asked = fal(httpx.Response(code, json={"status": "IN_QUEUE", "queue_position": 3}))
    assert await provider.look(TICKET) == Queued(3)
    assert asked[0].headers["authorization"] == "Key id:secret"


async def test_completed_with_an_error_is_a_failure_even_when_the_response_can_be_read() -> None:
    provider, _ = fal(
        httpx.Response(200, json={"status": "COMPLETED", "error": "boom"}),
        httpx.Response(200, json={"video": {"url": "https://media/a.mp4"}}),
    )
    assert await provider.look(TICKET) == Broken(Failure(FailureKind.PROVIDER, "boom"))


async def test_completed_with_an_error_type_is_a_failure_when_the_response_cannot_be_read() -> None:
    provider, _ = fal(
        httpx.Response(200, json={"status": "COMPLETED", "error": "late", "error_type": "generation_timeout"}),
        httpx.Response(504, json={"detail": "late"}),
    )
    assert await provider.look(TICKET) == Broken(Failure(FailureKind.PROVIDER, "late"))


async def test_completed_whose_response_cannot_be_read_may_be_looked_at_again() -> None:
    provider, _ = fal(httpx.Response(200, json={"status": "COMPLETED"}), httpx.Response(502))
    with pytest.raises(Passing):
        await provider.look(TICKET)


async def test_a_response_that_is_still_in_progress_is_rendering() -> None:
    provider, _ = fal(
        httpx.Response(200, json={"status": "COMPLETED"}),
        httpx.Response(400, json={"detail": "Request is still in progress"}),
    )
    assert await provider.look(TICKET) == Rendering()


@pytest.mark.parametrize("code", [408, 409, 425])
async def test_a_response_that_settles_later_may_be_looked_at_again(code: int) -> None:
    provider, _ = fal(httpx.Response(200, json={"status": "COMPLETED"}), httpx.Response(code))
    with pytest.raises(Passing):
        await provider.look(TICKET)


@pytest.mark.parametrize("word", ["FAILED", "error"])
async def test_words_for_failure_that_only_others_have_seen_are_understood(word: str) -> None:
    provider, _ = fal(httpx.Response(200, json={"status": word, "error": "boom"}))
    assert await provider.look(TICKET) == Broken(Failure(FailureKind.PROVIDER, "boom"))


@pytest.mark.parametrize("result", [{}, {"video": None}, {"video": {}}, {"video": {"url": ""}}])
async def test_a_response_without_a_video_has_no_address(result: dict[str, object]) -> None:
    provider, _ = fal(httpx.Response(200, json={"status": "COMPLETED"}), httpx.Response(200, json=result))
    assert await provider.look(TICKET) == Finished(None)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (202, CancelAnswer.STOPPED),
        (200, CancelAnswer.STOPPED),
        (400, CancelAnswer.TOO_LATE),
        (404, CancelAnswer.TOO_LATE),
    ],
)
async def test_the_answers_to_a_cancel(code: int, answer: CancelAnswer) -> None:
    provider, asked = fal(httpx.Response(code, json={"status": "WHATEVER"}))
    assert await provider.cancel(TICKET) is answer
    assert (asked[0].method, str(asked[0].url)) == ("PUT", f"{OWN}/cancel")


async def test_a_cancel_that_fal_does_not_understand_may_be_repeated() -> None:
    provider, _ = fal(httpx.Response(418))
    with pytest.raises(Passing):
        await provider.cancel(TICKET)


async def test_a_status_that_cannot_be_read_with_this_key_may_be_looked_at_again() -> None:
    provider, _ = fal(httpx.Response(403, json={"detail": "User is locked"}))
    with pytest.raises(Passing):
        await provider.look(TICKET)


async def test_the_older_model_is_not_told_to_be_silent_because_it_always_is() -> None:
    provider, asked = fal(httpx.Response(200, json=SUBMITTED))
    await provider.submit(take(VideoRequest(prompt="a fox", audio=False, multi_clip=False), "pixverse-v5"))
    assert json.loads(asked[0].content) == {"prompt": "a fox"}


@pytest.mark.parametrize("code", [200, 202, 404])
async def test_a_check_asks_for_a_request_that_nobody_made(code: int) -> None:
    provider, asked = fal(httpx.Response(code, json={"detail": "Request not found"}))
    assert await provider.check() == "key accepted"
    assert asked[0].method == "GET"
    assert asked[0].url.path.startswith("/fal-ai/pixverse/requests/")
    assert asked[0].url.path.endswith("/status")


async def test_a_check_says_that_the_account_is_locked() -> None:
    locked = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
    provider, _ = fal(httpx.Response(403, json={"detail": locked}))
    with pytest.raises(OutOfService, match="User is locked"):
        await provider.check()


@pytest.mark.parametrize(("code", "trouble"), [(401, OutOfService), (400, Passing), (429, Passing), (500, Passing)])
async def test_a_check_that_fails_says_why(code: int, trouble: type[Trouble]) -> None:
    provider, _ = fal(httpx.Response(code, json={"detail": "No"}))
    with pytest.raises(trouble):
        await provider.check()


async def test_a_strange_address_in_a_ticket_is_not_followed_and_the_clip_not_lost() -> None:
    provider, _ = fal(
        httpx.Response(200, json=SUBMITTED | {"status_url": "https://[", "cancel_url": "https://a:99999"})
    )
    assert json.loads(await provider.submit(A_FOX)) == json.loads(TICKET)
