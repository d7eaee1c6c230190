"""The operator page as a part of the program."""

import re
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from rushes.settings import Settings, load
from rushes.trouble import CannotStart
from rushes.wiring import Rushes, assembled

TOKEN = "a token that nobody guesses"  # noqa: S105 - of the tests


def client_of(rushes: Rushes) -> httpx.AsyncClient:
    url = "http://127.0.0.1"
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=rushes.app), base_url=url, headers={"Origin": url})


async def sign_in(client: httpx.AsyncClient) -> None:
    door = (await client.get("/operator/login")).text
    (seal,) = re.findall(r'name="seal" value="(\w+)"', door)
    answer = await client.post("/operator/login", data={"seal": seal, "token": TOKEN})
    assert answer.headers["location"] == "/operator"


@pytest.mark.parametrize("path", ["", "/", "/login", "/jobs", "/static/operator.css", "/clips/0.mp4"])
async def test_without_a_token_there_is_no_operator_page(tmp_path: Path, path: str) -> None:
    async with assembled(Settings(data_dir=tmp_path)) as rushes, client_of(rushes) as client:
        assert (await client.get(f"/operator{path}")).status_code == 404
        assert (await client.post(f"/operator{path}")).status_code == 404


async def test_with_a_token_there_is_one_until_the_stop(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, admin_token=SecretStr(TOKEN))
    async with assembled(settings) as rushes, client_of(rushes) as client:
        assert (await client.get("/operator")).status_code == 303
        await sign_in(client)
        page = (await client.get("/operator")).text
        assert "Nothing was ordered yet." in page
        assert "fal" in page
        assert (await client.get("/operator/static/operator.css")).status_code == 200
        rushes.stop()
        line = await client.get("/operator", headers={"Accept": "text/event-stream"})
        assert line.text == "retry: 2000\n\n"


@pytest.mark.parametrize(("preferred", "html"), [("ar,en;q=0.5", 'lang="ar" dir="rtl"'), ("xx", 'lang="en" dir="ltr"')])
async def test_the_page_is_in_the_language_that_the_browser_prefers(tmp_path: Path, preferred: str, html: str) -> None:
    settings = Settings(data_dir=tmp_path, admin_token=SecretStr(TOKEN))
    async with assembled(settings) as rushes, client_of(rushes) as client:
        assert f"<html {html}>" in (await client.get("/operator/login", headers={"Accept-Language": preferred})).text


async def test_another_name_of_this_machine_shows_no_operator_page(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, admin_token=SecretStr(TOKEN))
    async with assembled(settings) as rushes, client_of(rushes) as client:
        assert (await client.get("/operator/login", headers={"Host": "rebound.example"})).status_code == 400


def test_a_short_token_keeps_the_program_from_starting(tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as caught:
        load({"RUSHES_ADMIN_TOKEN": "guess me"}, tmp_path / ".env")
    assert str(caught.value) == (
        "RUSHES_ADMIN_TOKEN cannot be what it is. Set it to at least 16 characters that nobody guesses, in .env or in "
        "the environment."
    )


def test_the_token_is_struck_out_of_the_log(tmp_path: Path) -> None:
    settings = load({"RUSHES_ADMIN_TOKEN": TOKEN}, tmp_path / ".env")
    assert TOKEN in settings.secrets
    assert TOKEN not in repr(settings)
