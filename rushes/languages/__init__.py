"""The languages besides English: for each a catalogue in this folder, which is read when somebody first speaks it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bot.speech import Language

FOLDER = Path(__file__).parent
DOMAIN = "rushes"


def translated() -> Mapping[str, Callable[[], Language]]:
    """By their codes."""
    files = sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return {file.parts[-3]: partial(_learnt, file) for file in files}


def _learnt(file: Path) -> Language:
    # A start in English need not wait for what only others need.
    from rushes.languages.catalogue import Translated  # noqa: PLC0415

    return Translated(file.parts[-3], file)
