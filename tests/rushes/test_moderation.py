"""The program with somebody who checks prompts, and with words that are not filmed."""

import asyncio
import signal
from pathlib import Path

from starlette.responses import PlainTextResponse

from bot.job import Phase
from tests.moderation_api import KEY, moderation_api
from tests.process import started
from tests.visitor import visiting

BUSY = PlainTextResponse("oops", 500)


async def test_what_the_moderator_finds_is_not_filmed_and_nothing_is_where_it_cannot_be_asked(tmp_path: Path) -> None:
    async with moderation_api() as api:
        settings = {"RUSHES_MODERATION_URL": api.url, "RUSHES_MODERATION_KEY": KEY, "RUSHES_LOG_LEVEL": "debug"}
        async with (
            started(tmp_path, "run", RUSHES_WEB_PORT="0", RUSHES_SIMULATOR_SPEED="1000", **settings) as program,
            visiting(program.url) as ann,
        ):
            assert "The check of prompts found in it: violence." in (await ann.say("much violence"))[0]
            job = await ann.order("a fox --res 360p")
            await ann.until(job, Phase.DELIVERED)
            api.answer = BUSY
            assert (await ann.say("a hare"))[0] == "What you ask for cannot be checked right now."
    log = (tmp_path / "log").read_text()
    assert "a prompt could not be checked: HTTP 500" in log
    assert KEY not in log


async def test_words_that_are_not_filmed_are_read_again_when_told(tmp_path: Path) -> None:
    file = tmp_path / "rushes.toml"
    file.write_text('[moderation]\nblock = "/kill(ing)? (him|her)/"')
    async with started(tmp_path, "run", RUSHES_WEB_PORT="0") as program, visiting(program.url) as ann:
        assert (await ann.say("Killing him"))[0] == "“killing him” is not filmed here."
        await ann.order("a fox")
        file.write_text('[chats."web:lobby"]\nblock = ["fox*"]')
        program.process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(10):
            while "were read again" not in (tmp_path / "log").read_text():  # noqa: ASYNC110 - a file wakes nobody
                await asyncio.sleep(0.02)
        assert (await ann.say("two foxes"))[0] == "“fox” is not filmed here. Say it without that, and order again."
        await ann.order("Killing him")
