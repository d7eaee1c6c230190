from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from adapters.network import tls
from simulator.app import Addresses
from tests.rushes.world import World


@pytest.fixture
async def world(tmp_path: Path, addresses: Addresses) -> AsyncIterator[World]:
    folder = tmp_path / "bot"
    folder.mkdir()
    async with httpx.AsyncClient(verify=tls(), base_url=addresses.api) as control:
        yield World(folder, addresses, control)
