"""What the log shows, and what it never does."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest

from bot.job import Phase
from rushes import logs
from tests.stage import ANN, LOBBY, PSEUDONYM, Stage

TOKEN = "110201543:AAsecretsecretsecretsecretsecretsec"  # noqa: S105 - an invented one


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_secret_is_struck_out_wherever_it_stands(capsys: pytest.CaptureFixture[str], form: logs.Form) -> None:
    logs.set_up("info", (TOKEN,), form)
    try:
        int(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        logging.getLogger("rushes").exception("asked for %s", f"bot{TOKEN}", extra={"job": TOKEN})
    written = capsys.readouterr().err
    assert "Traceback" in written
    assert written.count("***") >= 3
    assert TOKEN not in written


@pytest.mark.parametrize("library", ["httpx", "telegram", "discord", "uvicorn.access"])
def test_libraries_do_not_tell_of_every_call(capsys: pytest.CaptureFixture[str], library: str) -> None:
    logs.set_up("debug")
    logging.getLogger(library).info("HTTP Request: POST https://api.telegram.org/bot…/getMe")
    assert capsys.readouterr().err == ""


def test_a_secret_that_json_would_spell_otherwise_is_struck_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", ('ä"\\', "message"), "json")
    logging.getLogger("rushes").info("the key is %s", 'ä"\\')
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "the key is ***"


def test_json_is_one_object_a_line_with_the_trace_in_one_field(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", form="json")
    try:
        int("x")
    except ValueError:
        logging.getLogger("bot.engine").exception("a step\nfailed", extra={"job": "j1"})
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told.pop("time").endswith("Z")
    assert told.pop("exception").splitlines()[-1] == "ValueError: invalid literal for int() with base 10: 'x'"
    assert told == {"level": "error", "logger": "bot.engine", "job": "j1", "message": "a step\nfailed"}


async def test_each_line_tells_of_which_job_it_is_and_whose_under_another_name(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("info", form="json").hide(PSEUDONYM)
    card = await stage.order()
    running = asyncio.create_task(stage.engine.run())
    await stage.chat.until(lambda card: card.phase is Phase.RENDERING)
    stage.engine.stop()
    await running
    logging.getLogger("rushes").info("something else")
    err = capsys.readouterr().err
    accepted, submitting, rendering, other = map(json.loads, err.splitlines())
    assert (accepted["job"], accepted["offer"], len(accepted["person"])) == (card.job, "fal/pixverse-v5.5", 12)
    assert [submitting["provider"], rendering["provider"]] == ["fal", "fal"]
    for told in (submitting, rendering):
        assert [told[fact] for fact in ("job", "person", "chat")] == [
            accepted[fact] for fact in ("job", "person", "chat")
        ]
    assert accepted["person"] != accepted["chat"]
    assert set(other) == {"time", "level", "logger", "message"}
    for name in (ANN.key, ANN.user, LOBBY.chat_key, PSEUDONYM(ANN.key)[:12]):
        assert name not in err.replace("job accepted", ""), name


async def test_before_there_is_a_key_nobody_is_named(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info")
    card = await stage.order()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(f"INFO bot.intake: job accepted job={card.job} offer=fal/pixverse-v5.5")


async def test_what_is_for_people_names_the_same(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info").hide(PSEUDONYM)
    card = await stage.order()
    (line,) = capsys.readouterr().err.splitlines()
    assert f"job={card.job} offer=fal/pixverse-v5.5 person=" in line
    assert " chat=" in line
