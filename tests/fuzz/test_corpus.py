"""Every input that ever reached something new, or broke something, is tried again; nothing else is needed for it."""

import pytest

from tests.fuzz.explore import CORPUS
from tests.fuzz.targets import TARGETS


def test_every_target_has_a_corpus() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_found_once_breaks_no_promise(target: str) -> None:
    for file in sorted((CORPUS / target).iterdir()):
        try:
            TARGETS[target](file.read_bytes())
        except Exception as error:
            error.add_note(f"the input is {file}")
            raise
