"""`rushes health`, as a container asks it again and again."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from rushes.cli import main
from rushes.wiring import Rushes
from tests.meters import at_work, filmed


def health(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(["health", *arguments])
    return ended.value.code


@asynccontextmanager
async def served(rushes: Rushes) -> AsyncIterator[str]:
    """Its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(rushes.app, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve([listener]), name="web")
    yield str(listener.getsockname()[1])
    await server.shutdown([listener])
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_who_is_well_is_said_to_be(
    tmp_path: Path, films: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUSHES_WEB_HOST", "0.0.0.0")  # noqa: S104 - as in a container
    async with at_work(tmp_path / "data", films) as rushes, served(rushes) as port:
        monkeypatch.setenv("RUSHES_WEB_PORT", port)
        await filmed(rushes)
        assert await asyncio.to_thread(health) == await asyncio.to_thread(health, "--ready") == 0
    assert capsys.readouterr().out == "ok\nready\n"


async def test_who_is_alive_and_takes_no_orders_says_why(
    tmp_path: Path, films: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    token = f"123:{'a' * 30}"
    async with at_work(tmp_path / "data", films, telegram_token=token) as rushes, served(rushes) as port:
        monkeypatch.setenv("RUSHES_WEB_PORT", port)
        assert await asyncio.to_thread(health) == 0
        assert await asyncio.to_thread(health, "--ready") == 1
    assert "Not connected to Telegram." in capsys.readouterr().out


def test_where_nobody_answers_it_says_whom_it_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("RUSHES_WEB_PORT", str(port))
    assert health() == 1
    assert capsys.readouterr().out.startswith(f"No answer from http://127.0.0.1:{port}/healthz. Is it running")


def test_an_address_of_the_newer_kind_is_asked_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUSHES_WEB_HOST", "::")
    monkeypatch.setenv("RUSHES_WEB_PORT", "9")
    assert health() == 1
    assert "http://[::1]:9/healthz" in capsys.readouterr().out
