"""What every implementation of `bot.ports.Moderator` keeps."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from adapters.calling import BODY_LIMIT
from adapters.moderation import endpoint
from adapters.moderation.endpoint import UNNAMED, Endpoint
from adapters.network import open_client
from bot.trouble import OutOfService, Passing, Trouble
from tests.moderation_api import KEY, ModerationApi, moderation_api

MODEL = "omni-moderation-latest"


@pytest.fixture
async def api() -> AsyncIterator[ModerationApi]:
    async with moderation_api() as served:
        yield served


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as opened:
        yield opened


@pytest.fixture
def moderator(api: ModerationApi, client: httpx.AsyncClient) -> Endpoint:
    return Endpoint(client, f"{api.url}/", MODEL, KEY)


async def test_nothing_is_wrong_with_a_decent_prompt(api: ModerationApi, moderator: Endpoint) -> None:
    assert await moderator.flagged("a fox") == ()
    assert api.asked == [{"model": MODEL, "input": "a fox"}]


async def test_what_is_wrong_is_told_by_its_names(moderator: Endpoint) -> None:
    assert await moderator.flagged("sexual violence") == ["sexual", "violence"]


async def test_what_is_flagged_without_a_reason_is_flagged(api: ModerationApi, moderator: Endpoint) -> None:
    api.answer = JSONResponse({"results": [{"flagged": True, "categories": {"violence": None}}]})
    assert await moderator.flagged("a fox") == [UNNAMED]
    api.answer = JSONResponse({"results": [{"flagged": True}]})
    assert await moderator.flagged("a fox") == [UNNAMED]


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("oops"),
        JSONResponse([]),
        JSONResponse({"results": []}),
        JSONResponse({"results": [{"flagged": False}, {"flagged": False}]}),
        JSONResponse({"results": [{"flagged": "perhaps"}]}),
        JSONResponse({"results": [{"categories": {}}]}),
        PlainTextResponse("x" * (BODY_LIMIT + 1)),
        JSONResponse({"results": [{"flagged": False}]}, 202),
        PlainTextResponse("slow down", 429),
        PlainTextResponse("oops", 500),
        Response(status_code=302, headers={"location": "http://127.0.0.1/"}),
    ],
)
async def test_what_is_no_verdict_lets_nothing_pass(api: ModerationApi, moderator: Endpoint, answer: Response) -> None:
    api.answer = answer
    with pytest.raises(Passing):
        await moderator.flagged("a fox")


async def test_a_wrong_key_is_told_without_repeating_it(api: ModerationApi, client: httpx.AsyncClient) -> None:
    for key in ("sk-another", None):
        with pytest.raises(OutOfService) as caught:
            await Endpoint(client, api.url, MODEL, key).flagged("a fox")
        assert caught.value.detail == "it does not let us in (HTTP 401)"


async def test_whoever_does_not_answer_in_time_cannot_be_asked(
    api: ModerationApi, moderator: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "SECONDS", 0.1)
    api.gate.clear()
    with pytest.raises(Passing):
        await moderator.flagged("a fox")


async def test_whoever_is_not_there_cannot_be_asked(client: httpx.AsyncClient) -> None:
    async with moderation_api() as gone:
        pass
    with pytest.raises(Passing, match="cannot be reached"):
        await Endpoint(client, gone.url, MODEL).flagged("a fox")


async def test_many_are_answered_at_once_each_for_its_own(moderator: Endpoint) -> None:
    prompts = [name for name in ("violence", "a fox", "hate") for _ in range(20)]
    outcomes = await asyncio.gather(*map(moderator.flagged, prompts))
    assert [list(found) for found in outcomes] == [["violence"]] * 20 + [[]] * 20 + [["hate"]] * 20


async def test_it_can_be_asked_whether_it_answers(api: ModerationApi, moderator: Endpoint) -> None:
    assert await moderator.check() == f"answers with {MODEL}"
    api.answer = PlainTextResponse("oops", 500)
    with pytest.raises(Trouble):
        await moderator.check()
