"""What the log never shows."""

import logging
from collections.abc import Iterator

import pytest

from rushes import logs

TOKEN = "110201543:AAsecretsecretsecretsecretsecretsec"  # noqa: S105 - an invented one


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_a_secret_is_struck_out_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", (TOKEN,))
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
