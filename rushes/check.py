"""`rushes check`: what is as it should be, and what is not, each with its remedy."""

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from adapters.network import open_client
from bot.catalogue import PROVIDERS
from bot.finding import Finding, Grade, good
from bot.trouble import Trouble
from rushes.checking import outside, place
from rushes.checking.clock import Clocks
from rushes.platforms import NAMES
from rushes.providers import connected
from rushes.settings import Settings, given, settings_in
from rushes.tables import as_json, harmless
from rushes.trouble import CannotStart

SECONDS = 12.0
"""For each look: a host that says nothing keeps nobody waiting any longer."""

_STYLES = {Grade.OK: "green", Grade.LOOK: "yellow", Grade.WRONG: "bold red"}


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at. What it raises is `Trouble` or `CannotStart`."""

    about: str
    findings: Coroutine[None, None, Sequence[Finding]]
    remedy: str = ""
    """Where what it raises names none."""


Found = tuple[str, Finding]


def main(chosen: argparse.Namespace) -> int:
    found = asyncio.run(_found())
    if chosen.json:
        as_json([{"about": about, "finding": finding} for about, finding in found])
    else:
        _show(found)
    return 1 if any(finding.grade is Grade.WRONG for _, finding in found) else 0


async def _found() -> list[Found]:
    try:
        settings = settings_in(given())
    except CannotStart as trouble:
        return [("settings", _wrong(trouble))]
    if not isinstance(settings, Settings):
        return [("settings", _wrong(problem)) for problem in settings]
    return [*_of_settings(settings), *await _of_everything(settings)]


def _of_settings(settings: Settings) -> Iterator[Found]:
    yield from (("settings", finding) for finding in place.secrets(Path(".env")))
    yield from (("settings", finding) for finding in place.owners(settings))
    if not settings.keys:
        yield "providers", good("clips from the built-in simulator, because no provider's key is set")
    if not (settings.telegram_token or settings.discord_token):
        yield "chats", good(f"web chat at http://{settings.web_host}:{settings.web_port}")


async def _of_everything(settings: Settings) -> list[Found]:
    """All at once, in the order in which they are told."""
    clocks = Clocks()
    premises, is_running = place.premises_found(settings)
    async with open_client() as client:
        client.event_hooks["response"].append(clocks.note)
        looks = [
            *(
                Look(NAMES[name], findings, f"Look at RUSHES_{name.upper()}_TOKEN")
                for name, findings in outside.chats(settings, client, is_running=is_running)
            ),
            *(
                Look(PROVIDERS[name], outside.provider(asked), f"Look at RUSHES_{name.upper()}_KEY and at its own page")
                for name, asked in connected(settings, client).items()
            ),
            *(
                Look("moderation", finding, "Look at RUSHES_MODERATION_URL, its KEY and its MODEL")
                for finding in outside.moderation(settings, client)
            ),
            *(Look("public address", each) for each in outside.public(settings, client, is_running=is_running)),
            Look("web server", outside.web_server(settings, client, is_running=is_running)),
            Look("limits", place.limits(settings)),
            Look("data", place.data(settings, premises, is_running=is_running)),
            Look("database", place.database(settings)),
        ]
        found = await asyncio.gather(*map(_bounded, looks))
    return [*(each for look in found for each in look), *(("clock", finding) for finding in clocks.findings())]


async def _bounded(look: Look) -> list[Found]:
    try:
        async with asyncio.timeout(SECONDS):
            return [(look.about, finding) for finding in await look.findings]
    except TimeoutError:
        return [(look.about, Finding(Grade.WRONG, f"no answer within {SECONDS:.0f} s", look.remedy))]
    except Trouble as trouble:
        return [(look.about, Finding(Grade.WRONG, trouble.detail, look.remedy))]
    except CannotStart as trouble:
        return [(look.about, _wrong(trouble))]


def _wrong(trouble: CannotStart) -> Finding:
    return Finding(Grade.WRONG, trouble.what, trouble.remedy)


def _show(found: Sequence[Found]) -> None:
    console = Console(highlight=False, soft_wrap=True, no_color=not sys.stdout.isatty())
    for about, finding in found:
        remedy = f". {finding.remedy}{'' if finding.remedy.endswith('?') else '.'}" if finding.remedy else ""
        grade = Text(f"{finding.grade:<6}", _STYLES[finding.grade])
        console.print(grade, Text(harmless(f"{about}: {finding.text}{remedy}")), sep="")
