"""Whatever is sent to the addresses at which providers call back."""

import asyncio
from datetime import UTC, datetime

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.types import Message

from adapters.providers.callbacks import Callbacks
from adapters.providers.signature import FalSignature, Verdict
from bot.job import JobId

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""1767268800."""

NOT_OURS = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
SECRET = "7f3c"  # noqa: S105 - of a job that nobody has
NAMES = ("signature", "request-id", "user-id", "timestamp")


def signature(data: bytes) -> None:
    """Without the key nothing is genuine: lines are the values of the headers, then what is published, then the body.

    Keys that cannot be read let nobody in.
    """
    lines = data.split(b"\n", len(NAMES) + 1)
    values, published, body = lines[: len(NAMES)], b"".join(lines[4:5]), b"".join(lines[5:])
    headers = {f"x-fal-webhook-{name}": value.decode("latin-1") for name, value in zip(NAMES, values, strict=False)}
    verdict = asyncio.run(_verdict(headers, published, body))
    assert verdict in (Verdict.FORGED, Verdict.LATE)


def callback(data: bytes) -> None:
    """One path, the headers of fal, and a body: heard by nobody, or sent on to the same without the last slash."""
    path, _, rest = data.partition(b"\n")
    lines = rest.split(b"\n", len(NAMES))
    headers = [
        (f"x-fal-webhook-{name}".encode(), value) for name, value in zip(NAMES, lines[: len(NAMES)], strict=False)
    ]
    body = b"".join(lines[len(NAMES) :])
    answered = asyncio.run(_answered(b"/callbacks/" + path, headers, body))
    assert answered in (307, 403, 404), answered


async def _verdict(headers: dict[str, str], published: bytes, body: bytes) -> Verdict:
    async with _client(published) as client:
        return await FalSignature(client, lambda: NOW).verify(headers, body)


async def _answered(path: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> int:
    async with _client(b'{"keys": []}') as client:
        app = Starlette(routes=Callbacks(_heard, FalSignature(client, lambda: NOW)).routes())
        statuses: list[int] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = {
            "type": "http",
            "method": "POST",
            "path": path.decode(errors="replace"),
            "raw_path": path,
            "query_string": b"",
            "headers": headers,
            "root_path": "",
        }
        await app(scope, receive, send)
    (status,) = statuses
    return status


async def _heard(provider: str, job: JobId, secret: str) -> bool:
    assert "/" not in provider + job
    return secret == SECRET and provider == "nobody"


def _client(published: bytes) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=published)))
