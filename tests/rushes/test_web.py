"""What the web server lets in."""

from pathlib import Path

import httpx
import pytest

from adapters.network import tls
from tests.process import started


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
