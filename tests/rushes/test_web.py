"""What the web server lets in."""

import asyncio
import socket
from pathlib import Path

import httpx
import pytest

from adapters.network import tls
from bot.job import Phase
from simulator.app import Addresses
from tests.process import started
from tests.visitor import visiting


async def test_a_page_under_another_name_cannot_speak_to_this_machine(tmp_path: Path) -> None:
    async with (
        started(tmp_path, "run", RUSHES_WEB_PORT="0") as program,
        httpx.AsyncClient(verify=tls(), base_url=program.url) as client,
    ):
        assert (await client.get("/healthz")).text == "ok"
        for name, code in (("rebound.example", 400), ("localhost:9", 200), ("[::1]:9", 200), ("", 400)):
            assert (await client.get("/healthz", headers={"host": name})).status_code == code, name


@pytest.mark.parametrize("path", ["/nothing", "/clips/../rushes.db", "/clips/%2e%2e%2frushes.db"])
async def test_what_is_not_served_is_not_found(tmp_path: Path, path: str) -> None:
    async with (
        started(tmp_path, "run", RUSHES_WEB_PORT="0") as program,
        httpx.AsyncClient(verify=tls(), base_url=program.url) as client,
    ):
        assert (await client.get(path)).status_code == 404


async def test_a_provider_that_calls_back_is_believed(tmp_path: Path, addresses: Addresses) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "RUSHES_WEB_PORT": str(port),
        "RUSHES_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RUSHES_FAL_KEY": "id:secret",
        "RUSHES_FAL_QUEUE_URL": f"{addresses.api}/fal",
        "RUSHES_FAL_JWKS_URL": f"{addresses.api}/fal/.well-known/jwks.json",
        "RUSHES_TRUSTED_MEDIA_HOSTS": "127.0.0.1",
    }
    async with (
        started(tmp_path, "run", **settings) as program,
        visiting(program.url) as ann,
        httpx.AsyncClient(verify=tls(), base_url=addresses.api) as control,
    ):
        await ann.until(await ann.order("a fox --res 360p --seed 1"), Phase.DELIVERED)
        async with asyncio.timeout(60):
            while not (calls := (await control.get("/control/callbacks")).json()):
                pass
    assert calls[0]["outcome"] == "200"
    assert calls[0]["url"].startswith(f"http://127.0.0.1:{port}/callbacks/fal/")
