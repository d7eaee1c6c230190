"""How fal calls back: what it says, and its signature under it."""

import base64
import hashlib
import json
from typing import TYPE_CHECKING

from simulator.backstage import Json
from simulator.dialects.fal_answers import ENDINGS
from simulator.fault_table import Effect, Fault
from simulator.generations import Generation, Outcome

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

USER = "user_simulated"
LATE = 600  # seconds; fal's clients are to refuse what is older than 300


class Seal:
    """The pair of keys of this run, and one that is no longer used: a client is to try each of those published."""

    def __init__(self) -> None:
        # Imported by the first webhook, for nobody else needs it.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        self._retired, self._current, self._forger = (Ed25519PrivateKey.generate() for _ in range(3))

    def published(self) -> Json:
        return {"keys": [jwk(self._retired), jwk(self._current)]}

    def headers(self, request_id: str, body: bytes, at: float, fault: Fault | None) -> dict[str, str]:
        effect = fault.effect if fault else None
        stamp = str(int(at) - (LATE if effect is Effect.LATE else 0))
        signed = "\n".join((request_id, USER, stamp, hashlib.sha256(body).hexdigest())).encode()
        key = self._forger if effect is Effect.FORGE else self._current
        return {
            "x-fal-webhook-request-id": request_id,
            "x-fal-webhook-user-id": USER,
            "x-fal-webhook-timestamp": stamp,
            "x-fal-webhook-signature": key.sign(signed).hex(),
        }


def jwk(key: "Ed25519PrivateKey") -> Json:
    x = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x}


def told(generation: Generation, payload: object) -> bytes:
    """`payload` is what the result's address answers."""
    ending = ENDINGS[generation.outcome]
    filmed = generation.outcome is Outcome.FILMED
    error = {} if filmed else {"error": f"Invalid status code: {ending.status}"}
    body = {"request_id": generation.id, "gateway_request_id": generation.id, "status": "OK" if filmed else "ERROR"}
    return json.dumps({**body, "payload": payload, **error}).encode()
