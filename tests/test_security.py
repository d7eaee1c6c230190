"""Every test that SECURITY.md names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def promised() -> list[tuple[str, str]]:
    """File and test, in the order of the text; a test belongs to the file that was named last."""
    file, found = "", []
    for name in re.findall(r"`(tests/\S+\.py|test_\w+|TestBooks)`", (ROOT / "SECURITY.md").read_text()):
        if name.endswith(".py"):
            file = name
        else:
            found.append((file, name))
    return found


def test_many_promises_are_made() -> None:
    assert len(promised()) > 50


@pytest.mark.parametrize(("file", "name"), promised())
def test_what_proves_a_promise_is_there(file: str, name: str) -> None:
    assert re.search(rf"^(?:(?:async )?def )?{name}\b", (ROOT / file).read_text(), re.MULTILINE)
