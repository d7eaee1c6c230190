"""What the documentation shows of the shell is what the shell says."""

import os

import pytest

from tests.docs.typed import PAGE, typed


def test_every_command_of_the_page_says_what_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RUSHES_")]:
        monkeypatch.delenv(name)
    page = PAGE.read_text()
    assert page == typed(page), "bring it up to date with python -m tests.docs.typed"
