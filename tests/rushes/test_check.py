"""`rushes check` with the tokens of chat platforms."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from tests.discord_api.server import discord_api
from tests.moderation_api import KEY, moderation_api
from tests.telegram_api.server import telegram

WRONG = "110201543:AAwrongwrongwrongwrongwrongwrongwro"


async def checked(folder: Path, **settings: str) -> tuple[int | None, str]:
    """The exit code, and everything that was said."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "rushes", "check", cwd=folder, env=ours | settings, stdout=PIPE, stderr=STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_check_tells_which_telegram_bot_it_is_and_what_it_hears(tmp_path: Path) -> None:
    async with telegram(tmp_path) as server:
        settings = {"RUSHES_TELEGRAM_TOKEN": server.token, "RUSHES_TELEGRAM_API_URL": server.url}
        code, said = await checked(tmp_path, **settings)
    assert code == 0
    assert "Telegram: @rushes_bot, which hears commands and replies only" in said
    assert "web chat" not in said


async def test_check_gives_the_link_that_invites_the_discord_bot_with_what_it_needs(tmp_path: Path) -> None:
    async with discord_api(tmp_path) as server:
        settings = {"RUSHES_DISCORD_TOKEN": server.token, "RUSHES_DISCORD_API_URL": server.api_url}
        code, said = await checked(tmp_path, **settings)
    assert code == 0
    link = f"oauth2/authorize?client_id={server.bot.id}&scope=bot+applications.commands&permissions=274877942784"
    assert link in said


async def test_check_tells_a_wrong_token_without_repeating_it(tmp_path: Path) -> None:
    async with telegram(tmp_path) as server, discord_api(tmp_path) as other:
        code, said = await checked(
            tmp_path,
            RUSHES_TELEGRAM_TOKEN=WRONG,
            RUSHES_TELEGRAM_API_URL=server.url,
            RUSHES_DISCORD_TOKEN=WRONG,
            RUSHES_DISCORD_API_URL=other.api_url,
        )
    assert code == 1
    assert said.count("no bot has this token") == 2
    assert WRONG not in said


async def test_check_asks_whoever_checks_prompts(tmp_path: Path) -> None:
    async with moderation_api() as api:
        settings = {"RUSHES_MODERATION_URL": api.url, "RUSHES_MODERATION_KEY": KEY}
        code, said = await checked(tmp_path, **settings)
        assert code == 0
        assert "ok    moderation: answers with omni-moderation-latest" in said
        code, said = await checked(tmp_path, **settings | {"RUSHES_MODERATION_KEY": "sk-another"})
    assert code == 1
    assert "wrong moderation: it does not let us in (HTTP 401); look at RUSHES_MODERATION_URL" in said
    assert "sk-" not in said


async def test_check_tells_of_a_moderation_key_that_is_for_nobody(tmp_path: Path) -> None:
    code, said = await checked(tmp_path, RUSHES_MODERATION_KEY=KEY)
    assert code
    assert "RUSHES_MODERATION_KEY is set, and RUSHES_MODERATION_URL is not. Set that to https://" in said
    assert KEY not in said


async def test_check_tells_that_a_platform_is_out_of_reach(tmp_path: Path) -> None:
    async with telegram(tmp_path) as server, discord_api(tmp_path) as other:
        urls = (server.url, other.api_url)
    code, said = await checked(
        tmp_path,
        RUSHES_TELEGRAM_TOKEN=WRONG,
        RUSHES_TELEGRAM_API_URL=urls[0],
        RUSHES_DISCORD_TOKEN=WRONG,
        RUSHES_DISCORD_API_URL=urls[1],
    )
    assert code == 1
    assert said.count("cannot be asked") == 2
    assert WRONG not in said
