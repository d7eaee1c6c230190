import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from simulator.app import Options, Simulator, assembled
from simulator.callbacks import ATTEMPTS, is_here
from simulator.clock import Clock
from tests.simulator.receiver import Received, Receiver, listening
from tests.simulator.speakers import LONG_ENOUGH, SHORTAPI

V55 = "/fal/fal-ai/pixverse/v5.5/text-to-video"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with listening() as receiver:
        yield receiver


@pytest.fixture(autouse=True)
async def calling(simulator: Simulator) -> AsyncIterator[None]:
    running = asyncio.create_task(simulator.callbacks.run(), name="callbacks")
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Caller:
    """Asks for films, and for the time in which they are made."""

    def __init__(self, api: httpx.AsyncClient, simulator: Simulator, clock: Clock, url: str) -> None:
        self._api, self._simulator, self._clock = api, simulator, clock
        self.url = url

    async def fal(self, prompt: str = "a boat", url: str = "") -> str:
        body = {"prompt": prompt, "resolution": "360p", "seed": 1}
        answer = await self._api.post(V55, json=body, params={"fal_webhook": url or self.url})
        request_id: str = answer.json()["request_id"]
        return request_id

    async def shortapi(self, prompt: str = "a boat") -> str:
        body = SHORTAPI.ask(prompt) | {"callback_url": self.url}
        answer = await self._api.post(SHORTAPI.create, json=body, headers=SHORTAPI.headers)
        return SHORTAPI.id_of(answer.json())

    async def all_end(self) -> None:
        await self._clock.sleep(LONG_ENOUGH)
        self._simulator.callbacks.reconsider()

    async def outcomes(self, count: int) -> list[str]:
        """Of so many deliveries; waits for them."""
        async with asyncio.timeout(10):
            while len(self._simulator.callbacks.deliveries) < count:  # noqa: ASYNC110  # nobody tells of one
                await asyncio.sleep(0.01)
        return [delivery["outcome"] for delivery in (await self._api.get("/control/callbacks")).json()]

    async def verified(self, received: Received) -> bool:
        signature = bytes.fromhex(received.headers["x-fal-webhook-signature"])
        names = ("request-id", "user-id", "timestamp")
        parts = [received.headers[f"x-fal-webhook-{name}"] for name in names]
        message = "\n".join([*parts, hashlib.sha256(received.body).hexdigest()]).encode()
        published = (await self._api.get("/fal/.well-known/jwks.json", headers={"authorization": ""})).json()["keys"]
        return any(fits(key, signature, message) for key in published)


def fits(jwk: dict[str, str], signature: bytes, message: bytes) -> bool:
    assert (jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519")
    raw = base64.urlsafe_b64decode(jwk["x"] + "=" * (-len(jwk["x"]) % 4))
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.fixture
def caller(api: httpx.AsyncClient, simulator: Simulator, clock: Clock, receiver: Receiver) -> Caller:
    return Caller(api, simulator, clock, receiver.url)


async def heard(receiver: Receiver) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((await receiver.next()).body)
    return body


async def test_fal_sends_the_signed_result(
    caller: Caller, receiver: Receiver, media: httpx.AsyncClient, clock: Clock
) -> None:
    request_id = await caller.fal()
    await caller.all_end()
    received = await receiver.next()
    told = json.loads(received.body)
    assert (told["request_id"], told["gateway_request_id"], told["status"]) == (request_id, request_id, "OK")
    assert "error" not in told
    film = await media.get(told["payload"]["video"]["url"])
    assert film.content[4:8] == b"ftyp"
    assert await caller.verified(received)
    assert abs(int(received.headers["x-fal-webhook-timestamp"]) - clock.now()) < 300
    assert received.headers["x-fal-webhook-request-id"] == request_id
    assert received.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("fault", "error"), [("moderated", "422"), ("failed", "400"), ("crashed", "500"), ("withdrawn", "499")]
)
async def test_fal_tells_of_a_failure(caller: Caller, receiver: Receiver, fault: str, error: str) -> None:
    await caller.fal(f"sim:{fault}")
    await caller.all_end()
    told = await heard(receiver)
    assert (told["status"], told["error"]) == ("ERROR", f"Invalid status code: {error}")
    assert "detail" in told["payload"]


async def test_a_cancelled_request_is_called_back_at_once(
    api: httpx.AsyncClient, caller: Caller, receiver: Receiver
) -> None:
    request_id = await caller.fal()
    await api.put(f"/fal/fal-ai/pixverse/requests/{request_id}/cancel")
    assert (await heard(receiver))["error"] == "Invalid status code: 499"


async def test_shortapi_sends_what_a_query_tells_and_no_signature(
    api: httpx.AsyncClient, caller: Caller, receiver: Receiver
) -> None:
    caller.url += "?token=t"
    job_id = await caller.shortapi("sim:failed")
    await caller.all_end()
    received = await receiver.next()
    queried = await api.get(SHORTAPI.look(job_id), headers=SHORTAPI.headers)
    assert json.loads(received.body) == queried.json()["data"]
    assert received.query == "token=t"
    assert not [name for name in received.headers if "signature" in name]


async def test_the_signature_is_forged(caller: Caller, receiver: Receiver) -> None:
    await caller.fal("sim:failed sim:webhook-forged")
    await caller.all_end()
    assert not await caller.verified(await receiver.next())


async def test_the_timestamp_is_too_old_though_signed(caller: Caller, receiver: Receiver, clock: Clock) -> None:
    await caller.fal("sim:failed sim:webhook-late")
    await caller.all_end()
    received = await receiver.next()
    assert clock.now() - int(received.headers["x-fal-webhook-timestamp"]) > 300
    assert await caller.verified(received)


@pytest.mark.parametrize("dialect", ["fal", "shortapi"])
async def test_a_callback_comes_twice(caller: Caller, receiver: Receiver, dialect: str) -> None:
    await (caller.fal if dialect == "fal" else caller.shortapi)("sim:failed sim:webhook-duplicate")
    await caller.all_end()
    assert await heard(receiver) == await heard(receiver)
    assert await caller.outcomes(2) == ["200", "200"]


@pytest.mark.parametrize("dialect", ["fal", "shortapi"])
async def test_a_callback_is_lost(caller: Caller, receiver: Receiver, dialect: str) -> None:
    await (caller.fal if dialect == "fal" else caller.shortapi)("sim:failed sim:webhook-lost")
    await caller.all_end()
    assert await caller.outcomes(1) == ["lost"]
    assert receiver.received.empty()


async def test_a_callback_is_tried_again(caller: Caller, receiver: Receiver) -> None:
    receiver.answers = [500, 302]
    await caller.fal("sim:failed")
    await caller.all_end()
    assert await caller.outcomes(3) == ["500", "302", "200"]


async def test_it_is_given_up_in_the_end(caller: Caller, receiver: Receiver) -> None:
    receiver.answers = [404] * (ATTEMPTS + 1)
    await caller.fal("sim:failed")
    await caller.all_end()
    assert await caller.outcomes(ATTEMPTS) == ["404"] * ATTEMPTS
    assert len(receiver.answers) == 1


async def test_nobody_may_be_there(caller: Caller) -> None:
    await caller.fal("sim:failed", "http://127.0.0.1:9/hook")
    await caller.all_end()
    assert await caller.outcomes(ATTEMPTS) == ["ConnectError"] * ATTEMPTS


async def test_strangers_are_not_called(caller: Caller) -> None:
    await caller.fal("sim:failed", "https://me.invalid/hook")
    await caller.all_end()
    assert await caller.outcomes(1) == ["not called: it is not on this machine"]


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080/x", True),
        ("http://127.9.9.9/x", True),
        ("http://[::1]/x", True),
        ("http://localhost/x", True),
        ("http://10.0.0.1/x", False),
        ("http://localhost.example.org/x", False),
        ("http://127.0.0.1@example.org/x", False),
        ("http://[::1/x", False),
        ("", False),
    ],
)
def test_only_this_machine_is_here(url: str, here: bool) -> None:  # noqa: FBT001  # what is expected
    assert is_here(url) == here


async def test_what_had_not_ended_is_called_back_after_a_restart(
    caller: Caller, receiver: Receiver, clock: Clock, directory: Path
) -> None:
    request_id = await caller.fal("sim:failed")
    with assembled(Options(seed=1, directory=directory), clock) as restarted:
        await clock.sleep(LONG_ENOUGH)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            running = group.create_task(restarted.callbacks.run(), name="callbacks")
            assert (await heard(receiver))["request_id"] == request_id
            running.cancel()


async def test_whoever_wants_to_may_call_strangers(clock: Clock) -> None:
    with assembled(Options(seed=1, callbacks_anywhere=True), clock) as simulator:
        transport = httpx.ASGITransport(simulator.api)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://simulator.invalid", headers={"authorization": "Key k"}
        ) as api:
            caller = Caller(api, simulator, clock, "http://nobody.invalid/hook")
            await caller.fal("sim:failed")
            await clock.sleep(LONG_ENOUGH)
            async with asyncio.TaskGroup() as group:
                running = group.create_task(simulator.callbacks.run(), name="callbacks")
                assert await caller.outcomes(ATTEMPTS) == ["ConnectError"] * ATTEMPTS
                running.cancel()
