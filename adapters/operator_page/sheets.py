"""The sheets of the page as HTML: whole, or only what is brought up to date while somebody looks on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import QueryParams

from adapters.operator_page.door import NEXT, ROOT, SEAL, TOKEN
from adapters.operator_page.look import Look
from adapters.operator_page.words import FILTERS, sections
from bot.card import Card
from bot.money import shown
from bot.speech import current, gettext, ngettext

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    name: str
    section: str = ""
    """Which of the links at the top leads to it."""
    facts: Mapping[str, object] = field(default_factory=dict)
    is_live: bool = True
    status: int = 200


class Sheets:
    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._templates.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined] # the extension brings it
        self._templates.filters |= {"dollars": shown, **FILTERS}
        self._templates.globals |= {"ROOT": ROOT, "SEAL": SEAL, "TOKEN": TOKEN, "NEXT": NEXT, "sections": sections}

    def whole(self, sheet: Sheet, look: Look, told: Card | None = None) -> str:
        """`told` is what came of the form that was sent last."""
        live = self.live(sheet, look)
        return self._render(f"{sheet.name}.html", sheet, look, {"live": live, "mark": mark_of(live), "told": told})

    def live(self, sheet: Sheet, look: Look) -> str:
        """What changes by itself."""
        return self._render(f"live_{sheet.name}.html", sheet, look, {}) if sheet.is_live else ""

    def _render(self, template: str, sheet: Sheet, look: Look, more: Mapping[str, object]) -> str:
        facts = {**sheet.facts, **more, "sheet": sheet, "look": look, "language": current()}
        return self._templates.get_template(template).render(facts)


def mark_of(live: str) -> str:
    return hashlib.sha256(live.encode()).hexdigest()[:16]


def further(asked: QueryParams, **changes: int | None) -> str:
    """The same search at another place; `None` takes something out of it."""
    changed = {**asked, **{name: str(value) for name, value in changes.items()}}
    query = urlencode({name: value for name, value in changed.items() if changes.get(name, "") is not None and value})
    return f"?{query}"


def number_in(asked: QueryParams, name: str) -> int | None:
    """`None` for whatever is no number that we wrote there."""
    typed = asked.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(1 << 62)) - 1 else None
