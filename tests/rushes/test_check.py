"""`rushes check` with the tokens of chat platforms."""

import asyncio
import json
import os
import socket
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.chat.telegram import check as telegram_check
from rushes.checking import place
from rushes.checking.clock import Clocks
from rushes.cli import main
from storage.sqlite.migrating import latest_version
from tests.discord_api.faults import Fault
from tests.discord_api.people import Permission
from tests.discord_api.server import discord_api
from tests.moderation_api import KEY, moderation_api
from tests.process import started
from tests.stage import staged
from tests.telegram_api.faults import Fault as TelegramFault
from tests.telegram_api.server import telegram

WRONG = "110201543:AAwrongwrongwrongwrongwrongwrongwro"


@dataclass(frozen=True)
class Checked:
    code: int
    said: str


Check = Callable[..., Awaitable[Checked]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """`rushes check` in the folder of the test, with these settings."""
    monkeypatch.chdir(tmp_path)
    # Where somebody else polls, both are told so at once.
    monkeypatch.setattr(telegram_check, "POLL_SECONDS", 0)
    for name in [name for name in os.environ if name.startswith("RUSHES_")]:
        monkeypatch.delenv(name)

    async def checked(*arguments: str, **settings: str) -> Checked:
        with monkeypatch.context() as patch:
            for name, value in ({"RUSHES_WEB_PORT": "0"} | settings).items():
                patch.setenv(name, value)
            code = await asyncio.to_thread(_exit_code, *arguments)
        return Checked(code, capsys.readouterr().out)

    return checked


def _exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["check", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


async def test_check_tells_which_telegram_bot_it_is_and_what_it_hears(check: Check, tmp_path: Path) -> None:
    async with telegram(tmp_path) as server:
        settings = {"RUSHES_TELEGRAM_TOKEN": server.token, "RUSHES_TELEGRAM_API_URL": server.url}
        checked = await check(**settings)
    assert checked.code == 0
    assert "Telegram: @rushes_bot, which hears commands and replies only" in checked.said
    assert "web chat" not in checked.said


async def test_check_gives_the_link_that_invites_the_discord_bot_with_what_it_needs(
    check: Check, tmp_path: Path
) -> None:
    async with discord_api(tmp_path) as server:
        settings = {"RUSHES_DISCORD_TOKEN": server.token, "RUSHES_DISCORD_API_URL": server.api_url}
        checked = await check(**settings)
    assert checked.code == 0
    link = f"oauth2/authorize?client_id={server.bot.id}&scope=bot+applications.commands&permissions=274877942784"
    assert link in checked.said


async def test_check_tells_a_wrong_token_without_repeating_it(check: Check, tmp_path: Path) -> None:
    async with telegram(tmp_path) as server, discord_api(tmp_path) as other:
        checked = await check(
            RUSHES_TELEGRAM_TOKEN=WRONG,
            RUSHES_TELEGRAM_API_URL=server.url,
            RUSHES_DISCORD_TOKEN=WRONG,
            RUSHES_DISCORD_API_URL=other.api_url,
        )
    assert checked.code == 1
    assert checked.said.count("no bot has this token") == 2
    assert WRONG not in checked.said


async def test_check_asks_whoever_checks_prompts(check: Check) -> None:
    async with moderation_api() as api:
        settings = {"RUSHES_MODERATION_URL": api.url, "RUSHES_MODERATION_KEY": KEY}
        checked = await check(**settings)
        assert checked.code == 0
        assert "ok    moderation: answers with omni-moderation-latest" in checked.said
        checked = await check(**settings | {"RUSHES_MODERATION_KEY": "sk-another"})
    assert checked.code == 1
    assert "wrong moderation: it does not let us in (HTTP 401). Look at RUSHES_MODERATION_URL" in checked.said
    assert "sk-" not in checked.said


async def test_check_tells_of_a_moderation_key_that_is_for_nobody(check: Check) -> None:
    checked = await check(RUSHES_MODERATION_KEY=KEY)
    assert checked.code
    assert "RUSHES_MODERATION_KEY is set, and RUSHES_MODERATION_URL is not. Set that to https://" in checked.said
    assert KEY not in checked.said


async def test_check_tells_that_a_platform_is_out_of_reach(check: Check, tmp_path: Path) -> None:
    async with telegram(tmp_path) as server, discord_api(tmp_path) as other:
        urls = (server.url, other.api_url)
    checked = await check(
        RUSHES_TELEGRAM_TOKEN=WRONG,
        RUSHES_TELEGRAM_API_URL=urls[0],
        RUSHES_DISCORD_TOKEN=WRONG,
        RUSHES_DISCORD_API_URL=urls[1],
    )
    assert checked.code == 1
    assert checked.said.count("cannot be asked") == 2
    assert WRONG not in checked.said


async def test_check_tells_everything_that_is_wrong_with_the_settings_at_once(check: Check) -> None:
    checked = await check(RUSHES_WEB_PROT="1", RUSHES_PARALLEL="many", RUSHES_FAL_QUEUE_URL="here")
    assert checked.code == 1
    assert [line.split(". ")[0] for line in checked.said.splitlines()] == [
        "wrong settings: RUSHES_WEB_PROT is not a setting",
        "wrong settings: RUSHES_FAL_QUEUE_URL cannot be here",
        "wrong settings: RUSHES_PARALLEL cannot be many",
    ]
    assert "Did you mean RUSHES_WEB_PORT?\n" in checked.said


async def test_check_tells_of_a_settings_file_that_is_none(check: Check, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("what is this\n")
    checked = await check()
    assert (checked.code, checked.said) == (
        1,
        "wrong settings: line 1 of .env is not NAME=value. Correct it, or put a # before it.\n",
    )


async def test_check_speaks_to_scripts(check: Check) -> None:
    checked = await check("--json")
    found = {each["about"]: each["finding"] for each in json.loads(checked.said)}
    assert checked.code == 0
    assert found["limits"] == {
        "grade": "look",
        "text": "nobody has a limit, and the bot has no cap",
        "remedy": "Write them into rushes.toml, or have `rushes setup` do so",
    }
    assert found["providers"]["grade"] == "ok"


async def test_check_tells_of_secrets_that_others_can_read_and_of_operators_nobody_can_tell_anything(
    check: Check, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("RUSHES_OWNERS=discord:7\n")
    (tmp_path / ".env").chmod(0o644)
    (tmp_path / "rushes.toml").write_text('[bot]\ncap = ["$5 a day"]\n')
    async with telegram(tmp_path) as server:
        settings = {"RUSHES_TELEGRAM_TOKEN": server.token, "RUSHES_TELEGRAM_API_URL": server.url}
        checked = await check(**settings)
        lonely = await check(RUSHES_OWNERS=" ", **settings)
    assert "look  settings: others on this machine can read .env. chmod 600 .env." in checked.said
    assert "look  settings: the operator discord:7 cannot be told anything. Set RUSHES_DISCORD_TOKEN" in checked.said
    assert "ok    limits: rushes.toml" in checked.said
    assert checked.code == 0
    assert "nobody is an operator" not in lonely.said


async def test_check_tells_that_a_bot_has_no_operator(check: Check, tmp_path: Path) -> None:
    async with telegram(tmp_path) as server:
        checked = await check(RUSHES_TELEGRAM_TOKEN=server.token, RUSHES_TELEGRAM_API_URL=server.url)
    assert "look  settings: nobody is an operator. Set RUSHES_OWNERS" in checked.said


async def test_check_tells_of_a_limits_file_that_is_wrong(check: Check, tmp_path: Path) -> None:
    (tmp_path / "rushes.toml").write_text('[bot]\ncap = ["5 dogs a day"]\n')
    checked = await check()
    assert checked.code == 1
    assert "wrong limits: line 2 of rushes.toml: bot.cap cannot be" in checked.said


async def test_check_tells_that_another_program_polls_for_the_same_bot(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_check, "POLL_SECONDS", 30)
    async with telegram(tmp_path) as server, httpx.AsyncClient(timeout=60) as client:
        polls = f"{server.url}/bot{server.token}/getUpdates?timeout=50"

        async def poll() -> None:
            while True:
                await client.get(polls)

        other = asyncio.create_task(poll())
        checked = await check(RUSHES_TELEGRAM_TOKEN=server.token, RUSHES_TELEGRAM_API_URL=server.url)
        other.cancel()
        await asyncio.wait([other])
    assert checked.code == 1
    assert "wrong Telegram: another program polls with this token. Stop the other one" in checked.said


async def test_check_tells_of_a_webhook_that_was_left_over(check: Check, tmp_path: Path) -> None:
    async with telegram(tmp_path) as server, httpx.AsyncClient() as client:
        await client.post(f"{server.url}/bot{server.token}/setWebhook", json={"url": "https://old.example/telegram"})
        settings = {"RUSHES_TELEGRAM_TOKEN": server.token, "RUSHES_TELEGRAM_API_URL": server.url}
        checked = await check(**settings)
        ours = await check(RUSHES_PUBLIC_URL="https://old.example", **settings)
        server.world.webhook.last_error = (0, "Connection refused")
        failing = await check(RUSHES_PUBLIC_URL="https://old.example", **settings)
        server.fault("getWebhookInfo", TelegramFault(status=500))
        unclear = await check(**settings)
    assert "look  Telegram: a webhook tells old.example what is said. The next start takes it over" in checked.said
    assert "a webhook" not in ours.said
    assert "Telegram: old.example could not be told the latest: Connection refused. Look at" in failing.said
    assert "wrong Telegram: cannot be asked (ValidationError)" in unclear.said


async def test_check_tells_what_keeps_discord_from_being_of_use(check: Check, tmp_path: Path) -> None:
    async with discord_api(tmp_path) as server:
        ann = server.member("Ann")
        club, pub = server.guild("Club", ann), server.guild("Pub", ann)
        club.roles[0].permissions &= ~Permission.ATTACH_FILES
        server.grant(pub, server.bot, server.role(pub, "Boss", administrator=True))
        settings = {"RUSHES_DISCORD_TOKEN": server.token, "RUSHES_DISCORD_API_URL": server.api_url}
        checked = await check(**settings)
        server.world.starts_left, server.world.interactions_url = 3, "https://elsewhere.example"
        useless = await check(**settings)
    assert "look  Discord: in Club the bot lacks Attach Files. Give its role that, or open https://" in checked.said
    assert "ok    Discord: in 2 servers" in checked.said
    assert "Pub" not in checked.said
    assert checked.code == 0
    assert "wrong Discord: commands are sent to another address, and never arrive here. Empty the" in useless.said
    assert "wrong Discord: 3 starts are left today." in useless.said


async def test_check_waits_for_nobody_longer_than_said(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.check.SECONDS", 0.3)
    async with discord_api(tmp_path) as server:
        server.fault("get_oauth2_application", Fault(silent=True))
        checked = await check(RUSHES_DISCORD_TOKEN=server.token, RUSHES_DISCORD_API_URL=server.api_url)
    assert checked.code == 1
    assert "wrong Discord: no answer within 0 s. Look at RUSHES_DISCORD_TOKEN." in checked.said


async def test_check_tells_of_a_port_that_is_taken(check: Check) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        checked = await check(RUSHES_WEB_PORT=port)
    assert checked.code == 1
    assert f"wrong web server: RUSHES_WEB_PORT is {port}, which cannot be used on 127.0.0.1" in checked.said


async def test_check_tells_of_a_rushes_that_runs_and_whether_the_world_reaches_it(check: Check, tmp_path: Path) -> None:
    checked = await check(RUSHES_PUBLIC_URL="http://127.0.0.1:9")
    assert "look  public address: http://127.0.0.1:9 is not https" in checked.said
    assert "ok    public address: whether http://127.0.0.1:9 leads here can be told once rushes runs" in checked.said
    async with started(tmp_path, "run", RUSHES_WEB_PORT="0") as program:
        port = str(urlsplit(program.url).port)
        checked = await check(RUSHES_WEB_PORT=port, RUSHES_PUBLIC_URL=program.url)
        astray = await check(RUSHES_WEB_PORT="9", RUSHES_PUBLIC_URL="http://127.0.0.1:9")
    assert checked.code == 0
    assert f"public address: {program.url} leads here" in checked.said
    assert "ok    web server: rushes is running" in checked.said
    assert "where a rushes is running" in checked.said
    assert "ok    clock: as the servers say" in checked.said
    assert astray.code == 1
    assert "wrong public address: http://127.0.0.1:9 does not lead to the rushes that is running" in astray.said
    assert "wrong web server: the rushes that is running does not answer at http://127.0.0.1:9" in astray.said


async def test_check_looks_through_the_database(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    database = tmp_path / "data" / "rushes.db"
    async with staged(tmp_path / "data") as stage:
        for _ in range(20):
            await stage.order()
    checked = await check()
    assert f"ok    database: data/rushes.db, version {latest_version()}, 20 jobs" in checked.said
    assert "ok    database: file and ledger agree" in checked.said
    monkeypatch.setattr(place, "SECONDS", -1.0)
    monkeypatch.setattr(place, "STEPS", 100)
    assert "`rushes db check` takes its time" in (await check()).said
    monkeypatch.setattr(place, "SECONDS", 60.0)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM ledger")
    spoilt = await check()
    assert spoilt.code == 1
    assert "wrong database: 20 things are wrong in it. `rushes db check` names them." in spoilt.said
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA user_version = 3")
    assert f"the next start brings it to version {latest_version()}" in (await check()).said
    database.write_bytes(b"hello" * 1000)
    assert "wrong database: data/rushes.db is not a database. Have `rushes db restore`" in (await check()).said


async def test_check_tells_of_a_disk_without_room(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "LEAST_ROOM", 1 << 60)
    checked = await check()
    assert checked.code == 1
    assert "MiB are free there. Make room, or clips cannot be kept." in checked.said


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (["Thu, 01 Jan 1970 00:00:00 GMT"], "ahead of those of the servers that were asked"),
        (["Thu, 01 Jan 2170 00:00:00 GMT", "Thu, 01 Jan 2170 00:00:00 GMT", "now"], "behind those of the servers"),
        (["yesterday", "Thu, 01 Jan 1970 00:00:00"], ""),
    ],
)
async def test_the_clock_is_compared_with_that_of_the_server_in_the_middle(dates: list[str], told: str) -> None:
    clocks = Clocks()
    for date in dates:
        await clocks.note(httpx.Response(200, headers={"Date": date}))
    assert [told in finding.text for finding in clocks.findings()] == ([True] if told else [])
