"""Providers that call back, genuine and otherwise: the simulator's over real sockets, the rest made by hand."""

import asyncio
import base64
import hashlib
import socket
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette

from adapters.network import open_client, tls
from adapters.providers.callbacks import BODY_LIMIT, Callbacks, Fate, callback_url
from adapters.providers.fal import Fal
from adapters.providers.shortapi import Shortapi
from adapters.providers.signature import FalSignature
from bot.catalogue import offer_named
from bot.job import JobId
from bot.ports import Provider, Take
from bot.request import Resolution, VideoRequest
from simulator.app import Addresses

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
RIGHT = "right"
JWKS = "https://rest.fal.example/jwks.json"


@dataclass
class Ear:
    """The core's end: knows one secret, and remembers who was believed."""

    believed: list[tuple[str, str]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def heard(self, provider: str, job: JobId, secret: str) -> bool:
        if secret != RIGHT:
            return False
        self.believed.append((provider, job))
        self.news.set()
        return True


@dataclass
class Desk:
    """Callbacks behind ASGI, fal's key in our hand, and a clock that can be moved."""

    ear: Ear
    key: Ed25519PrivateKey
    published: list[dict[str, str]]
    now: datetime = NOW
    asked: int = 0

    def __post_init__(self) -> None:
        signature = FalSignature(httpx.AsyncClient(transport=httpx.MockTransport(self._jwks)), lambda: self.now, JWKS)
        self.callbacks = Callbacks(self.ear.heard, signature)
        transport = httpx.ASGITransport(Starlette(routes=self.callbacks.routes()))
        self.client = httpx.AsyncClient(transport=transport, base_url="https://bot.example")

    def _jwks(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == JWKS
        self.asked += 1
        return httpx.Response(200, json={"keys": self.published})

    async def call(self, headers: dict[str, str], body: bytes = b"{}", word: str = RIGHT) -> int:
        return (await self.client.post(f"/callbacks/fal/j1/{word}", content=body, headers=headers)).status_code

    def signed(
        self, body: bytes = b"{}", *, at: datetime | None = None, key: Ed25519PrivateKey | None = None
    ) -> dict[str, str]:
        timestamp = str(int((at or self.now).timestamp()))
        message = "\n".join(("r1", "u1", timestamp, hashlib.sha256(body).hexdigest())).encode()
        return {
            "X-Fal-Webhook-Request-Id": "r1",
            "X-Fal-Webhook-User-Id": "u1",
            "X-Fal-Webhook-Timestamp": timestamp,
            "X-Fal-Webhook-Signature": (key or self.key).sign(message).hex(),
        }


def jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    x = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x}


@pytest.fixture
def desk() -> Desk:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    return Desk(Ear(), key, [{"kty": "RSA", "n": "x"}, jwk(key)])


async def test_a_genuine_call_is_a_reason_to_look(desk: Desk) -> None:
    assert await desk.call(desk.signed()) == 200
    assert desk.ear.believed == [("fal", "j1")]
    assert desk.callbacks.fates == Counter({Fate.HEARD: 1})


async def test_a_call_that_comes_twice_is_thanked_for_and_ignored(desk: Desk) -> None:
    headers = desk.signed()
    assert [await desk.call(headers), await desk.call(headers)] == [200, 200]
    assert len(desk.ear.believed) == 1
    assert desk.callbacks.fates[Fate.REPEATED] == 1


async def test_a_call_that_was_recorded_cannot_be_played_again_later(desk: Desk) -> None:
    headers = desk.signed()
    desk.now += timedelta(seconds=301)
    assert await desk.call(headers) == 403
    assert desk.callbacks.fates == Counter({Fate.LATE: 1})


async def test_a_call_from_the_future_is_not_believed(desk: Desk) -> None:
    assert await desk.call(desk.signed(at=NOW + timedelta(seconds=301))) == 403


async def test_a_call_may_be_five_minutes_old(desk: Desk) -> None:
    assert await desk.call(desk.signed(at=NOW - timedelta(seconds=300))) == 200


async def test_a_call_signed_by_another_is_forged(desk: Desk) -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    assert await desk.call(desk.signed(key=other)) == 403
    assert desk.ear.believed == []
    assert desk.callbacks.fates == Counter({Fate.FORGED: 1})


async def test_a_call_whose_body_was_changed_is_forged(desk: Desk) -> None:
    assert await desk.call(desk.signed(b'{"status":"ERROR"}'), b'{"status":"OK"}') == 403


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Fal-Webhook-Signature", "zz"),
        ("X-Fal-Webhook-Signature", ""),
        ("X-Fal-Webhook-Timestamp", "soon"),
        ("X-Fal-Webhook-Timestamp", "9" * 400),
        ("X-Fal-Webhook-Request-Id", None),
    ],
)
async def test_a_call_with_a_header_missing_or_malformed_is_not_believed(
    desk: Desk, header: str, value: str | None
) -> None:
    headers = desk.signed()
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    assert await desk.call(headers) == 403


async def test_a_genuine_call_for_a_job_that_nobody_knows_is_not_believed(desk: Desk) -> None:
    assert await desk.call(desk.signed(), word="guess") == 403
    assert desk.callbacks.fates == Counter({Fate.UNKNOWN: 1})


async def test_a_body_without_end_is_cut_off(desk: Desk) -> None:
    body = b"x" * (BODY_LIMIT + 1)
    assert await desk.call(desk.signed(body), body) == 403
    assert desk.callbacks.fates == Counter({Fate.UNREADABLE: 1})


async def test_a_new_key_is_asked_for_and_forgers_cannot_make_us_ask_often(desk: Desk) -> None:
    await desk.call(desk.signed())
    newer = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
    desk.published.append(jwk(newer))
    for _ in range(5):
        assert await desk.call(desk.signed(key=newer)) == 403
    assert desk.asked == 1
    desk.now += timedelta(seconds=61)
    assert await desk.call(desk.signed(key=newer)) == 200
    assert desk.asked == 2


async def test_keys_are_asked_for_anew_every_day(desk: Desk) -> None:
    await desk.call(desk.signed())
    desk.now += timedelta(hours=25)
    await desk.call(desk.signed())
    assert desk.asked == 2


@pytest.mark.parametrize("published", [[{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}], [{"kty": "OKP"}]])
async def test_keys_that_cannot_be_used_let_nobody_in(desk: Desk, published: list[dict[str, str]]) -> None:
    desk.published[:] = published
    assert await desk.call(desk.signed()) == 403


async def test_published_keys_without_end_are_cut_off(desk: Desk) -> None:
    desk.published.extend({"kty": "RSA", "n": "x" * 1000} for _ in range(BODY_LIMIT // 1000))
    assert await desk.call(desk.signed()) == 403


async def test_shortapi_s_call_needs_the_secret_and_nothing_else(desk: Desk) -> None:
    assert (await desk.client.post("/callbacks/shortapi/j1/right", content=b"whatever")).status_code == 200
    assert (await desk.client.post("/callbacks/shortapi/j1/wrong", content=b"whatever")).status_code == 403
    assert desk.ear.believed == [("shortapi", "j1")]


async def test_only_a_post_is_a_call(desk: Desk) -> None:
    assert (await desk.client.get("/callbacks/shortapi/j1/right")).status_code == 405


@dataclass
class House:
    ear: Ear
    callbacks: Callbacks
    url: str
    providers: dict[str, Provider]
    control: httpx.AsyncClient

    async def film(self, provider: str) -> None:
        request = VideoRequest(prompt="a fox", resolution=Resolution.P540)
        offer = offer_named(f"{provider}/pixverse-v5.5")
        callback = callback_url(self.url, provider, JobId("j1"), "right")
        await self.providers[provider].submit(Take(offer=offer, request=request, correlation="c", callback=callback))


@pytest.fixture
async def house(addresses: Addresses) -> AsyncIterator[House]:
    """Callbacks behind a real server, which the simulator calls."""
    async with open_client() as client, httpx.AsyncClient(verify=tls(), base_url=addresses.api) as control:
        ear = Ear()
        jwks = f"{addresses.api}/fal/.well-known/jwks.json"
        callbacks = Callbacks(ear.heard, FalSignature(client, lambda: datetime.now(UTC), jwks))
        config = uvicorn.Config(Starlette(routes=callbacks.routes()), lifespan="off", log_level="error")
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(config)
        # `serve` would take the signals of the whole test run.
        serving = asyncio.create_task(server._serve([listener]))  # noqa: SLF001
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        providers: dict[str, Provider] = {
            "fal": Fal(client, "id:secret", f"{addresses.api}/fal"),
            "shortapi": Shortapi(client, "secret", f"{addresses.api}/shortapi"),
        }
        yield House(ear, callbacks, url, providers, control)
        server.should_exit = True
        await serving


@pytest.mark.parametrize("provider", ["fal", "shortapi"])
async def test_a_provider_that_is_done_calls(house: House, provider: str) -> None:
    await house.film(provider)
    async with asyncio.timeout(60):
        await house.ear.news.wait()
    assert house.ear.believed == [(provider, "j1")]


async def test_a_call_that_somebody_else_signed_is_not_believed(house: House) -> None:
    assert (await house.control.post("/control/faults", json={"fault": "webhook-forged"})).status_code == 201
    await house.film("fal")
    async with asyncio.timeout(60):
        while not (calls := (await house.control.get("/control/callbacks")).json()):
            pass
    assert calls[0]["outcome"] == "403"
    assert house.ear.believed == []


def test_the_address_holds_provider_job_and_secret() -> None:
    assert callback_url("https://bot.example/", "fal", JobId("j1"), "s") == "https://bot.example/callbacks/fal/j1/s"
