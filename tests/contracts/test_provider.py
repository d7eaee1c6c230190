"""What every implementation of `bot.ports.Provider` does, against the simulator over real sockets."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from adapters.network import open_client
from adapters.providers.aimlapi import Aimlapi
from adapters.providers.fal import Fal
from adapters.providers.pixverse import Pixverse
from adapters.providers.shortapi import Shortapi
from bot.catalogue import OFFERS, Capabilities, Offer, offer_named
from bot.job import FailureKind, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Sight, Stopped, Take
from bot.request import Ratio, Resolution, Style, Thinking, VideoRequest
from bot.trouble import Ambiguous, Gone, OutOfService, Passing, Rejected, Throttled, Trouble, Unreachable
from simulator.app import Addresses
from tests.simulated import FAST, simulator

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = "id:secret"

Dialect = Fal | Aimlapi | Shortapi | Pixverse
Maker = Callable[[httpx.AsyncClient, str], Dialect]

# The client and where the simulator's API is -> the provider that talks to it.
DIALECTS: dict[str, Maker] = {
    "fal": lambda client, api: Fal(client, KEY, f"{api}/fal"),
    "aimlapi": lambda client, api: Aimlapi(client, KEY, f"{api}/aimlapi"),
    "shortapi": lambda client, api: Shortapi(client, KEY, f"{api}/shortapi"),
    "pixverse": lambda client, api: Pixverse(client, KEY, f"{api}/pixverse/openapi/v2"),
}
OFFER_IDS = [offer.id for offer in OFFERS]
CREDIT = ("aimlapi", "pixverse")
"""Those who tell what is left on the account."""

only = pytest.mark.parametrize
"""Over the dialect, it narrows the suite to those with something of their own."""


@dataclass
class Stand:
    """A simulator on loopback, a provider that talks to it, and the door behind the scenes."""

    provider: Dialect
    dialect: str
    outside: httpx.AsyncClient
    control: str
    before: int = 0
    """How many generations there were when the test began."""

    def take(self, request: VideoRequest, model: str = "pixverse-v5.5", correlation: str = "") -> Take:
        offer = offer_named(f"{self.dialect}/{model}")
        return Take(offer=offer, request=request, correlation=correlation or str(uuid.uuid4()))

    async def submit(self, *faults: str, prompt: str = "a fox", correlation: str = "") -> Ticket:
        """These faults befall it. They are not in its prompt, so that the same film serves all."""
        for fault in faults:
            await self.arm(fault)
        request = VideoRequest(prompt=prompt, ratio=Ratio.SQUARE, resolution=Resolution.P540, seed=1)
        return await self.provider.submit(self.take(request, correlation=correlation))

    async def end(self, ticket: Ticket) -> Sight:
        """Look until the generation is no longer under way."""
        async with asyncio.timeout(60):
            while True:
                sight = await self.provider.look(ticket)
                if not isinstance(sight, Queued | Rendering):
                    return sight

    async def arm(self, fault: str, **details: object) -> None:
        answer = await self.outside.post(f"{self.control}/faults", json={"fault": fault, **details})
        assert answer.status_code == 201, answer.text

    async def creates(self) -> list[dict[str, object]]:
        """Those of this test."""
        found: list[dict[str, object]] = (await self.outside.get(f"{self.control}/creates")).json()
        return found[self.before :]


@pytest.fixture(params=list(DIALECTS))
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory, films: Path) -> AsyncIterator[Addresses]:
    """One simulator for all: to start and stop it takes longer than most of the tests."""
    async with simulator(tmp_path_factory.mktemp("simulator"), films) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def locked(tmp_path_factory: pytest.TempPathFactory, films: Path) -> AsyncIterator[Addresses]:
    """One that accepts another key than ours."""
    async with simulator(tmp_path_factory.mktemp("locked"), films, replace(FAST, key="another")) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outside() -> AsyncIterator[httpx.AsyncClient]:
    """For whatever a provider would not ask."""
    async with httpx.AsyncClient(timeout=60) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def stand(
    shared: Addresses, dialect: str, client: httpx.AsyncClient, outside: httpx.AsyncClient
) -> AsyncIterator[Stand]:
    built = Stand(DIALECTS[dialect](client, shared.api), dialect, outside, f"{shared.api}/control")
    built.before = len(await built.creates())
    yield built
    await outside.delete(f"{shared.api}/control/faults")


async def test_a_generation_ends_with_the_address_of_its_clip(stand: Stand) -> None:
    sight = await stand.end(await stand.submit())
    assert isinstance(sight, Finished)
    assert sight.media_url is not None
    assert (await stand.outside.head(sight.media_url)).headers["content-type"] == "video/mp4"


def a_fox(dialect: str) -> Take:
    offer = offer_named(f"{dialect}/pixverse-v5.5")
    return Take(offer=offer, request=VideoRequest(prompt="a fox"), correlation="c")


def all_of(can: Capabilities) -> VideoRequest:
    """A request that chooses whatever this offer lets it choose."""
    return VideoRequest(
        prompt="a fox, “quoted” & ünï — 狐",
        ratio=Ratio.TALL,
        resolution=can.resolutions[0],
        seconds=8,
        negative="blur" if can.negative else None,
        style=Style.CLAY if can.styles else None,
        seed=7 if can.seed else None,
        audio=can.audio,
        multi_clip=can.multi_clip,
        thinking=Thinking.ON if can.thinking else None,
    )


@only(("dialect", "offer_id"), [(offer.provider, offer.id) for offer in OFFERS], ids=OFFER_IDS)
async def test_everything_that_a_request_can_say_arrives(stand: Stand, offer_id: str) -> None:
    offer = offer_named(offer_id)
    request = all_of(offer.can)
    assert isinstance(await stand.end(await stand.provider.submit(stand.take(request, offer.model))), Finished)
    assert [create["prompt"] for create in await stand.creates()] == [request.prompt]


def sizes(offer: Offer) -> list[VideoRequest]:
    return [
        VideoRequest(prompt="a fox", resolution=resolution, seconds=seconds)
        for resolution, seconds in product(offer.can.resolutions, offer.can.lengths)
        if (resolution, seconds) not in offer.can.impossible
    ] + [VideoRequest(prompt="a fox", ratio=ratio) for ratio in offer.can.ratios]


@only(("dialect", "offer_id"), [(offer.provider, offer.id) for offer in OFFERS], ids=OFFER_IDS)
async def test_whatever_the_catalogue_offers_is_accepted(stand: Stand, offer_id: str) -> None:
    offer = offer_named(offer_id)
    asked = sizes(offer)
    for request in asked:
        await stand.provider.submit(stand.take(request, offer.model))
    assert len(await stand.creates()) == len(asked)


async def test_two_submissions_are_two_generations(stand: Stand) -> None:
    assert await stand.submit() != await stand.submit()


async def test_a_refused_prompt_is_told_as_moderation(stand: Stand) -> None:
    sight = await stand.end(await stand.submit("moderated"))
    assert isinstance(sight, Broken)
    assert sight.failure.kind is FailureKind.MODERATED
    assert sight.failure.detail


async def test_a_prompt_that_is_refused_at_once_is_told_as_moderation(stand: Stand) -> None:
    with pytest.raises(Rejected) as caught:
        await stand.submit("create-moderated")
    assert caught.value.failure.kind is FailureKind.MODERATED
    assert caught.value.failure.detail


@pytest.mark.parametrize("fault", ["failed", "crashed"])
async def test_a_failure_of_the_model_is_told_as_the_provider_s(stand: Stand, fault: str) -> None:
    sight = await stand.end(await stand.submit(fault))
    assert isinstance(sight, Broken)
    assert sight.failure.kind is FailureKind.PROVIDER
    assert sight.failure.detail


async def test_a_generation_that_was_withdrawn_has_ended(stand: Stand) -> None:
    assert isinstance(await stand.end(await stand.submit("withdrawn")), Broken | Stopped)


async def test_a_request_that_the_provider_does_not_accept_is_rejected(stand: Stand) -> None:
    with pytest.raises(Rejected) as caught:
        await stand.provider.submit(stand.take(VideoRequest(prompt="a fox", resolution=Resolution.P1080, seconds=10)))
    assert caught.value.failure.kind is FailureKind.INVALID
    assert caught.value.failure.detail


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("create-401", OutOfService),
        ("broke", OutOfService),
        ("create-404", Rejected),
        ("create-429", Throttled),
        ("create-busy", Throttled),
        ("create-500", Ambiguous),
        ("create-502", Ambiguous),
        ("create-503", Ambiguous),
        ("create-504", Ambiguous),
        ("create-cut", Ambiguous),
        ("create-vanish", Ambiguous),
        ("create-garbled", Ambiguous),
        ("create-oversize", Ambiguous),
        ("no-id", Ambiguous),
    ],
)
async def test_a_create_that_fails_says_whether_it_can_have_happened(
    stand: Stand, fault: str, trouble: type[Trouble]
) -> None:
    await stand.arm(fault, count=2)
    with pytest.raises(trouble) as caught:
        await stand.submit()
    assert caught.value.detail
    assert KEY not in caught.value.detail


async def test_a_throttled_create_says_how_long_to_wait(stand: Stand) -> None:
    await stand.arm("create-429", retry_after=17)
    with pytest.raises(Throttled) as caught:
        await stand.submit()
    assert caught.value.retry_after == 17


async def test_a_throttled_create_did_not_happen_and_may_be_repeated(stand: Stand) -> None:
    with pytest.raises(Throttled):
        await stand.submit("create-busy")
    assert await stand.creates() == []
    assert await stand.submit()


async def test_a_create_whose_answer_vanished_did_happen(stand: Stand) -> None:
    with pytest.raises(Ambiguous):
        await stand.submit("create-vanish")
    assert len(await stand.creates()) == 1


async def test_a_create_that_was_cut_before_it_was_taken_did_not_happen(stand: Stand) -> None:
    with pytest.raises(Ambiguous):
        await stand.submit("create-cut")
    assert await stand.creates() == []


@pytest.mark.parametrize("fault", ["429", "busy", "500", "502", "503", "504", "garbled", "oversize"])
async def test_a_look_that_fails_may_be_repeated(stand: Stand, fault: str) -> None:
    ticket = await stand.submit("endless", f"status-{fault}")
    with pytest.raises(Passing):
        await stand.provider.look(ticket)
    assert isinstance(await stand.provider.look(ticket), Queued | Rendering)


@pytest.mark.parametrize("fault", ["429", "busy", "500", "502", "503", "504", "garbled", "oversize"])
async def test_a_look_at_the_end_that_fails_may_be_repeated(stand: Stand, fault: str) -> None:
    ticket = await stand.submit(f"result-{fault}")
    with pytest.raises(Passing):
        await stand.end(ticket)
    assert isinstance(await stand.end(ticket), Finished)


async def test_a_throttled_look_says_how_long_to_wait(stand: Stand) -> None:
    ticket = await stand.submit("endless")
    await stand.arm("status-429", retry_after=17)
    with pytest.raises(Passing) as caught:
        await stand.provider.look(ticket)
    assert caught.value.retry_after == 17


@pytest.mark.parametrize("fault", ["status-cut", "status-vanish"])
async def test_a_connection_that_breaks_under_a_look_does_no_harm(stand: Stand, fault: str) -> None:
    ticket = await stand.submit("endless", fault)
    with contextlib.suppress(Passing):
        await stand.provider.look(ticket)
    assert isinstance(await stand.provider.look(ticket), Queued | Rendering)


async def test_a_key_that_is_refused_in_the_middle_may_be_mended(stand: Stand) -> None:
    ticket = await stand.submit("endless", "status-401")
    with pytest.raises(Passing):
        await stand.provider.look(ticket)
    assert isinstance(await stand.provider.look(ticket), Queued | Rendering)


async def test_a_ticket_that_nobody_knows_is_gone(stand: Stand) -> None:
    ticket = await stand.submit("endless", "status-404")
    with pytest.raises(Gone):
        await stand.provider.look(ticket)


async def test_a_word_that_nobody_knows_means_still_rendering(stand: Stand) -> None:
    ticket = await stand.submit("endless", "unknown-word")
    assert await stand.provider.look(ticket) == Rendering()
    assert isinstance(await stand.provider.look(ticket), Queued | Rendering)


async def test_success_without_a_video_has_no_address(stand: Stand) -> None:
    ticket = await stand.submit("no-video-once")
    assert await stand.end(ticket) == Finished(None)
    assert await stand.end(ticket) != Finished(None)


async def test_an_address_that_expired_is_given_anew(stand: Stand) -> None:
    ticket = await stand.submit("media-expired")
    first = await stand.end(ticket)
    assert isinstance(first, Finished)
    assert (await stand.outside.get(first.media_url or "")).status_code == 403
    assert await stand.end(ticket) not in (first, Finished(None))


async def test_a_generation_under_way_is_stopped_where_that_is_possible(stand: Stand) -> None:
    ticket = await stand.submit("endless")
    stops = stand.dialect == "fal"
    assert await stand.provider.cancel(ticket) is (CancelAnswer.STOPPED if stops else CancelAnswer.IMPOSSIBLE)


async def test_a_generation_that_is_finished_cannot_be_stopped(stand: Stand) -> None:
    ticket = await stand.submit()
    await stand.end(ticket)
    assert await stand.provider.cancel(ticket) is not CancelAnswer.STOPPED


@only("dialect", ["fal", "shortapi", "pixverse"])
async def test_a_provider_without_a_search_finds_nothing(stand: Stand) -> None:
    await stand.submit(correlation="c-1")
    assert await stand.provider.find("c-1") is None


@only("dialect", ["aimlapi"])
@only("manner", ["created-200", "logs-unfiltered", "id-path", "only-dotted"])
async def test_a_lost_create_is_found_and_goes_on(stand: Stand, manner: str) -> None:
    await stand.submit()
    with pytest.raises(Ambiguous):
        await stand.submit(manner, "create-vanish", correlation=f"lost:{manner}")
    ticket = await stand.provider.find(f"lost:{manner}")
    assert ticket is not None
    assert ticket == (await stand.creates())[-1]["id"]
    assert isinstance(await stand.end(ticket), Finished)


@only("dialect", ["aimlapi"])
async def test_a_create_that_never_arrived_is_not_found(stand: Stand) -> None:
    await stand.submit()
    with pytest.raises(Ambiguous):
        await stand.submit("create-cut", correlation="never-arrived")
    with pytest.raises(Passing):
        await stand.provider.find("never-arrived")


@only("dialect", ["fal", "shortapi"])
async def test_the_callback_reaches_the_provider(stand: Stand) -> None:
    take = replace(stand.take(VideoRequest(prompt="a fox")), callback="http://127.0.0.1:9/back?token=t%2F1")
    await stand.provider.submit(take)
    assert (await stand.creates())[0]["callback_url"] == "http://127.0.0.1:9/back?token=t%2F1"


@only(
    ("dialect", "manner"),
    [
        ("aimlapi", "only-dashed"),
        ("aimlapi", "only-dotted"),
        ("aimlapi", "created-200"),
        ("aimlapi", "created-201"),
        ("aimlapi", "key-id"),
        ("aimlapi", "key-generation-id"),
        ("aimlapi", "id-nanoid"),
        ("aimlapi", "id-dash"),
        ("aimlapi", "id-path"),
        ("aimlapi", "id-digits"),
        ("aimlapi", "says-completed"),
        ("aimlapi", "says-complete"),
        ("aimlapi", "says-succeeded"),
        ("aimlapi", "says-success"),
        ("aimlapi", "says-done"),
        ("aimlapi", "says-ready"),
        ("aimlapi", "says-finished"),
        ("shortapi", "states-words"),
        ("shortapi", "states-digits"),
        ("shortapi", "job-id-on-top"),
        ("pixverse", "states-2-3"),
        ("pixverse", "states-9-10"),
    ],
)
async def test_every_manner_in_which_a_provider_was_heard_to_speak_is_understood(stand: Stand, manner: str) -> None:
    assert isinstance(await stand.end(await stand.submit(manner)), Finished)
    failed = await stand.end(await stand.submit(manner, "failed"))
    assert isinstance(failed, Broken)
    assert failed.failure.kind is FailureKind.PROVIDER


@only("dialect", ["aimlapi"])
@only("shape", ["named", "detail", "text"])
@only("prompt", ["a fox", "a policy on sensitive foxes"])
async def test_every_shape_of_an_error_is_told_and_the_prompt_in_it_is_not_moderation(
    stand: Stand, shape: str, prompt: str
) -> None:
    sight = await stand.end(await stand.submit(f"error-at-200-{shape}", prompt=prompt))
    assert isinstance(sight, Broken)
    assert (sight.failure.kind, sight.failure.detail) == (
        FailureKind.PROVIDER,
        "The provider failed to generate the video",
    )


async def test_a_good_key_is_found_good_and_nothing_is_begun(stand: Stand) -> None:
    assert ("balance" in (said := await stand.provider.check()) or "credits" in said) is (stand.dialect in CREDIT)
    assert await stand.creates() == []


async def test_a_wrong_key_is_found_out(dialect: str, locked: Addresses, client: httpx.AsyncClient) -> None:
    provider = DIALECTS[dialect](client, locked.api)
    with pytest.raises(OutOfService) as caught:
        await provider.check()
    assert caught.value.detail
    with pytest.raises(OutOfService):
        await provider.submit(a_fox(dialect))


async def test_a_provider_that_cannot_be_reached_has_not_begun(dialect: str, client: httpx.AsyncClient) -> None:
    nobody = DIALECTS[dialect](client, "http://127.0.0.1:1")
    with pytest.raises(Unreachable):
        await nobody.submit(a_fox(dialect))
    with pytest.raises(Passing):
        await nobody.check()
