"""The provider that the documentation builds, against a server of raw sockets."""

import json

import pytest

from adapters.network import open_client
from bot.catalogue import shot_of
from bot.job import FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Stopped, Take
from bot.request import Ratio, Resolution, VideoRequest
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Rejected, Throttled, Trouble, Unreachable
from docs.examples.lantern import OFFER, Lantern
from tests.listener import Behaviour, answering, serving

REQUEST = VideoRequest(prompt="a fox", ratio=Ratio.TALL, resolution=Resolution.P720, seconds=10, seed=7)
TAKE = Take(offer=OFFER, request=REQUEST, correlation="ours")
NOBODY = "http://127.0.0.1:9"


async def submitted(url: str) -> Ticket:
    async with open_client() as client:
        return await Lantern(client, "key", url).submit(TAKE)


async def seen(**video: object) -> Sight:
    async with serving(answering("200 OK", json.dumps(video).encode())) as url, open_client() as client:
        return await Lantern(client, "key", url).look(Ticket("7"))


def test_its_price_follows_from_the_offer() -> None:
    assert OFFER.prices.price(shot_of(REQUEST)) == 360_000


async def test_a_submission_becomes_a_ticket() -> None:
    async with serving(answering("201 Created", b'{"id": 7}')) as url:
        assert await submitted(url) == "7"


@pytest.mark.parametrize(
    ("behaviour", "trouble"),
    [
        (answering("422 Unprocessable", b'{"message": "too long"}'), Rejected),
        (answering("402 Payment Required"), OutOfService),
        (answering("429 Too Many Requests"), Throttled),
        (answering("500 Oops"), Ambiguous),
        (answering("201 Created", b"{}"), Ambiguous),
        (answering("201 Created", b"fine"), Ambiguous),
    ],
)
async def test_a_submission_that_fails_says_whether_it_can_have_happened(
    behaviour: Behaviour, trouble: type[Trouble]
) -> None:
    async with serving(behaviour) as url:
        with pytest.raises(trouble):
            await submitted(url)


async def test_without_a_connection_nothing_was_submitted() -> None:
    with pytest.raises(Unreachable):
        await submitted(NOBODY)


@pytest.mark.parametrize(
    ("video", "sight"),
    [
        ({"state": "queued", "place_in_line": 3}, Queued(3)),
        ({"state": "painting"}, Rendering()),
        ({"state": "ready", "url": "https://media.example/7.mp4"}, Finished("https://media.example/7.mp4")),
        ({"state": "cancelled"}, Stopped()),
    ],
)
async def test_each_state_is_a_sight(video: dict[str, object], sight: Sight) -> None:
    assert await seen(**video) == sight


async def test_a_failure_says_why() -> None:
    sight = await seen(state="failed", reason={"message": "blocked by the safety filter"})
    assert isinstance(sight, Broken)
    assert sight.failure.kind is FailureKind.MODERATED


async def test_an_unknown_ticket_is_gone() -> None:
    async with serving(answering("404 Not Found")) as url, open_client() as client:
        with pytest.raises(Gone):
            await Lantern(client, "key", url).look(Ticket("7"))


@pytest.mark.parametrize(("head", "found"), [("200 OK", "7"), ("404 Not Found", None)])
async def test_a_submission_is_found_by_our_reference(head: str, found: str | None) -> None:
    async with serving(answering(head, b'{"id": "7"}')) as url, open_client() as client:
        assert await Lantern(client, "key", url).find("ours") == found


@pytest.mark.parametrize(
    ("head", "answer"), [("204 No Content", CancelAnswer.STOPPED), ("409 Conflict", CancelAnswer.TOO_LATE)]
)
async def test_it_is_stopped_unless_it_is_too_late(head: str, answer: CancelAnswer) -> None:
    async with serving(answering(head, b"")) as url, open_client() as client:
        assert await Lantern(client, "key", url).cancel(Ticket("7")) is answer


async def test_the_check_says_whether_the_key_lets_us_in() -> None:
    async with serving(answering("200 OK")) as url, open_client() as client:
        assert await Lantern(client, "key", url).check() == "key accepted"
    async with serving(answering("401 Unauthorized")) as url, open_client() as client:
        with pytest.raises(OutOfService):
            await Lantern(client, "key", url).check()
    with pytest.raises(Passing):
        async with open_client() as client:
            await Lantern(client, "key", NOBODY).check()
