"""The tables of the documentation that say what the code says: `python docs/tables.py` writes them anew."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench.table import short
from bot.admin_words import COMMAND, MANUAL
from bot.catalogue import MODELS, OFFERS, PROVIDERS
from bot.flags import FLAGS
from bot.request import Resolution
from rushes.settings import PREFIX, Settings

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
ENVIRONMENT = DOCS.parent / ".env.example"
RESULTS = DOCS.parent / "bench" / "results.json"


def flags() -> Iterator[str]:
    yield "| option | also | meaning | values | without it |"
    yield "|---|---|---|---|---|"
    for flag in FLAGS:
        also = ", ".join(f"`--{word}`" for word in (*flag.aliases, *(flag.fixed or {})))
        yield f"| `--{flag.name}` | {also} | {flag.summary} | {flag.values.accepted} | {flag.default} |"


def admin() -> Iterator[str]:
    yield "| say | for |"
    yield "|---|---|"
    for manual in MANUAL.values():
        yield f"| {'<br>'.join(f'`{COMMAND} {example}`' for example in manual.examples)} | {manual.summary} |"


def prices() -> Iterator[str]:
    yield f"| model | provider | {' | '.join(Resolution)} | sound | several shots |"
    yield "|---|---|" + "---|" * (len(Resolution) + 2)
    for offer in OFFERS:
        listed = offer.prices
        cells = [
            _dollars(listed.base[each] * listed.factor) if each in offer.can.resolutions else "" for each in Resolution
        ]
        extras = [
            f"+ {_dollars(listed.audio * listed.factor)}" if offer.can.audio else "",
            f"+ {_dollars(listed.multi_clip * listed.factor)}" if offer.can.multi_clip else "",
        ]
        yield f"| {MODELS[offer.model]} | {PROVIDERS[offer.provider]} | {' | '.join((*cells, *extras))} |"


def settings() -> Iterator[str]:
    yield "| setting | what it does, and what it can be | without it |"
    yield "|---|---|---|"
    explained = _explained()
    for field, info in Settings.model_fields.items():
        name = f"{PREFIX}{field.upper()}"
        default = info.get_default()
        shown = (
            ""
            if default is None or default == ()
            else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        )
        yield f"| `{name}` | {explained[name]} *{info.description}* | {shown} |"


def figures() -> Iterator[str]:
    """What the last `make bench` found."""
    yield "| what | ours | the other | figure | spread | goal | holds |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for name, taken in json.loads(RESULTS.read_text()).items():
        yield f"| **{name}** | | | | | | |"
        for row in taken["rows"]:
            yield f"| {row['what']} | {' | '.join(_measured(row))} |"


def _measured(row: Mapping[str, Any]) -> Iterator[str]:
    ours, other = row["ours"], row["other"]
    each = [one / two for one, two in zip(ours, other, strict=True)] if other else ours
    yield short(median(ours))
    yield short(median(other)) if other else ""
    yield short(row["figure"])
    yield f"{short(min(each))} to {short(max(each))}"
    yield row["goal"]
    yield {True: "yes", False: "**no**", None: ""}[row["holds"]]


def headlines() -> Iterator[str]:
    """The rows that the README shows."""
    yield "| what | found | goal |"
    yield "|---|--:|--:|"
    for taken in json.loads(RESULTS.read_text()).values():
        for row in taken["rows"]:
            if row["headline"]:
                yield f"| {row['headline']} | {short(row['figure'])} | {row['goal']} |"


def _explained() -> dict[str, str]:
    """What .env.example says above each name; names that stand together share it."""
    explained: dict[str, str] = {}
    said: list[str] = []
    was_name = False
    for line in ENVIRONMENT.read_text().splitlines():
        if line.startswith("#"):
            said = [] if was_name else said
            said.append(line.removeprefix("#").strip())
            was_name = False
        elif "=" in line:
            explained[line.partition("=")[0]] = " ".join(said)
            was_name = True
        else:
            said, was_name = [], False
    return explained


def _dollars(amount: object) -> str:
    return f"${float(str(amount)):.4f}".rstrip("0").ljust(5, "0")


TABLES = {
    "flags": flags,
    "admin": admin,
    "prices": prices,
    "settings": settings,
    "figures": figures,
    "headlines": headlines,
}

_PLACE = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str) -> str:
    """The page with its tables as they should be."""
    return _PLACE.sub(lambda found: "\n".join((found[1], *TABLES[found[2]](), "", found[3])), page)


def pages() -> list[Path]:
    return [page for page in (README, *sorted(DOCS.rglob("*.md"))) if _PLACE.search(page.read_text())]


def main() -> None:
    for page in pages():
        page.write_text(filled(page.read_text()))


if __name__ == "__main__":
    main()
