from dataclasses import dataclass
from pathlib import Path

import httpx

from simulator.app import Addresses
from tests.ledger import ledger_in


@dataclass
class World:
    """A provider that outlives the program, and the folder in which the program works."""

    folder: Path
    addresses: Addresses
    control: httpx.AsyncClient

    @property
    def settings(self) -> dict[str, str]:
        return {
            "RUSHES_WEB_PORT": "0",
            "RUSHES_FAL_KEY": "id:secret",
            "RUSHES_FAL_QUEUE_URL": f"{self.addresses.api}/fal",
            "RUSHES_TRUSTED_MEDIA_HOSTS": "127.0.0.1",
        }

    async def arm(self, fault: str, **details: object) -> None:
        answer = await self.control.post("/control/faults", json={"fault": fault, **details})
        assert answer.status_code == 201, answer.text

    async def disarm(self) -> None:
        await self.control.delete("/control/faults")

    async def creates(self) -> int:
        return len((await self.control.get("/control/creates")).json())

    def ledger(self, job: str) -> list[tuple[str, int]]:
        return ledger_in(self.folder / "data" / "rushes.db", job)
