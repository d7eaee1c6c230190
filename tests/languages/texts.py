"""Gathers the texts that people read from the code and the templates, and brings every catalogue up to date with them.

python -m tests.languages.texts
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from rushes.languages import DOMAIN, FOLDER

ROOT = Path(__file__).parents[2]
TEMPLATE = FOLDER / f"{DOMAIN}.pot"

SPOKEN: dict[str, tuple[int, ...] | None] = {
    "say": None,
    "unsaid": None,
    "pieces": None,
    "saying": None,
    "say_many": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
}
"""The functions that are given texts, and which of their arguments are some; the first where it is not said."""

IN_TEMPLATES = SPOKEN | {"_": None}
"""In the code it is the name of what nobody needs."""

COMMENT = "Translators:"
"""What begins a comment that is meant for them."""

UNCHANGING = datetime(2026, 1, 1, tzinfo=UTC)
"""So that nothing changes where no text does."""


def sources() -> Iterator[tuple[Path, str]]:
    """Every file in which texts stand, and how it is read."""
    # What the command line says stays English.
    for folder in ("bot", "adapters"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file, "python"
        for file in sorted((ROOT / folder).rglob("templates/*.html")):
            yield file, "jinja2.ext:babel_extract"


def extracted() -> Catalog:
    catalogue = Catalog(project="Rushes", version="", charset="utf-8", creation_date=UNCHANGING, fuzzy=False)
    for file, method in sources():
        place = [(file.relative_to(ROOT).as_posix(), 1)]
        is_python = method == "python"
        keywords, options = (SPOKEN, None) if is_python else (IN_TEMPLATES, {"newstyle_gettext": "true"})
        for _, found, comments, _ in extract_from_file(
            method, file, keywords, [COMMENT], options, strip_comment_tags=True
        ):
            message = catalogue.add(found, None, place, auto_comments=comments)
            _flag(message, is_python=is_python)
    return catalogue


def _flag(message: Message, *, is_python: bool) -> None:
    """Braces in the code, percents in the templates; Babel takes `50 % of` for the latter."""
    if is_python:
        message.flags.discard("python-format")
        first = message.id if isinstance(message.id, str) else message.id[0]
        message.flags |= {"python-brace-format"} if "{" in first else set()


def read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=None if file == TEMPLATE else Locale.parse(file.parts[-3], sep="-"))
    for message in catalogue:
        _flag(message, is_python="python-brace-format" in message.flags)
    return catalogue


def catalogues() -> list[Path]:
    return sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def updated(file: Path, template: Catalog) -> Catalog:
    """With every text that there is now, in the order of the template; those that are gone go, too."""
    before = read(file)
    after = Catalog(
        locale=before.locale,
        project="Rushes",
        version=" ",
        creation_date=UNCHANGING,
        revision_date=UNCHANGING,
        fuzzy=False,
        header_comment=before.header_comment,
        last_translator=" ",
        language_team=" ",
        msgid_bugs_address=" ",
    )
    for message in template:
        if message.id:
            known = before.get(message.id)
            after.add(
                message.id,
                known.string if known else None,
                message.locations,
                message.flags,
                message.auto_comments,
                known.user_comments if known else (),
            )
    return after


def write(file: Path, catalogue: Catalog) -> None:
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=110, sort_by_file=True, include_lineno=False, omit_header=file == TEMPLATE)


def main() -> None:
    template = extracted()
    write(TEMPLATE, template)
    for file in catalogues():
        write(file, updated(file, template))


if __name__ == "__main__":
    main()
