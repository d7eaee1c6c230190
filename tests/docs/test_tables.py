"""What the documentation says of options, words, prices and settings is what the code says."""

from pathlib import Path

import pytest

from docs.tables import filled, pages
from rushes.settings import PREFIX, Settings


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_the_tables_of_a_page_are_those_of_the_code(page: Path) -> None:
    assert page.read_text() == filled(page.read_text()), "bring it up to date with make docs"


def test_every_setting_is_explained_in_the_example() -> None:
    named = {line.partition("=")[0] for line in Path(".env.example").read_text().splitlines() if line[:1].isalpha()}
    assert named == {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
