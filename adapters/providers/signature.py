"""fal's signature under its callbacks: Ed25519 over who, when and what, with the keys that fal publishes."""

import base64
import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from http import HTTPStatus

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ValidationError

from adapters.calling import NoReply, call

JWKS_URL = "https://rest.fal.ai/.well-known/jwks.json"

LEEWAY = timedelta(seconds=300)
CALL_SECONDS = 10.0
KEYS_LAST, ASK_AGAIN = timedelta(hours=24), timedelta(minutes=1)
"""How long published keys are trusted, and how soon they are asked for again when none of them fits."""

_HEADER = "x-fal-webhook-"

log = logging.getLogger(__name__)


class Verdict(Enum):
    GENUINE = auto()
    FORGED = auto()
    LATE = auto()
    REPEATED = auto()


class _Key(BaseModel):
    kty: str = ""
    crv: str = ""
    x: str = ""


class _Keys(BaseModel):
    keys: list[_Key] = []


class FalSignature:
    def __init__(self, client: httpx.AsyncClient, now: Callable[[], datetime], jwks_url: str = JWKS_URL) -> None:
        self._client = client
        self._now = now
        self._jwks_url = jwks_url
        self._keys: list[Ed25519PublicKey] = []
        self._asked_at: datetime | None = None
        self._seen: dict[bytes, datetime] = {}

    async def verify(self, headers: Mapping[str, str], body: bytes) -> Verdict:
        """`REPEATED` for one that was genuine before, which fal may send twice and an eavesdropper may, too."""
        try:
            signature = bytes.fromhex(headers[f"{_HEADER}signature"])
            request, user, at = (headers[f"{_HEADER}{name}"] for name in ("request-id", "user-id", "timestamp"))
            age = abs(self._now().timestamp() - int(at))
        except (KeyError, ValueError, OverflowError):
            return Verdict.FORGED
        if age > LEEWAY.total_seconds():
            return Verdict.LATE
        message = "\n".join((request, user, at, hashlib.sha256(body).hexdigest())).encode()
        if not await self._is_signed(signature, message):
            return Verdict.FORGED
        return self._first_time(signature)

    async def _is_signed(self, signature: bytes, message: bytes) -> bool:
        if self._is_stale(KEYS_LAST):
            await self._fetch_keys()
        if any(_fits(key, signature, message) for key in self._keys):
            return True
        if not self._is_stale(ASK_AGAIN):
            return False
        await self._fetch_keys()
        return any(_fits(key, signature, message) for key in self._keys)

    def _first_time(self, signature: bytes) -> Verdict:
        now = self._now()
        self._seen = {known: until for known, until in self._seen.items() if until > now}
        if signature in self._seen:
            return Verdict.REPEATED
        self._seen[signature] = now + 2 * LEEWAY
        return Verdict.GENUINE

    def _is_stale(self, after: timedelta) -> bool:
        return self._asked_at is None or self._now() - self._asked_at > after

    async def _fetch_keys(self) -> None:
        """Leaves the keys as they are where new ones cannot be had."""
        self._asked_at = self._now()
        try:
            answer = await call(self._client, "GET", self._jwks_url, seconds=CALL_SECONDS, headers={})
            # What says that it is no answer holds no keys.
            published = _Keys.model_validate_json(answer.body if answer.status == HTTPStatus.OK else b"").keys
            self._keys = [_public_key(key) for key in published if (key.kty, key.crv) == ("OKP", "Ed25519")]
        except (NoReply, ValidationError, ValueError) as error:
            log.warning("fal's keys cannot be had at %s: %s", self._jwks_url, type(error).__name__)


def _public_key(key: _Key) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key.x + "=" * (-len(key.x) % 4)))


def _fits(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
