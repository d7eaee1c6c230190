"""`rushes check`: what is as it should be, and what is not, each with its remedy."""

import argparse
import asyncio
from collections.abc import Iterator

from bot.catalogue import PROVIDERS
from rushes.settings import Settings, load
from rushes.trouble import CannotStart
from rushes.wiring import assembled


def main(_: argparse.Namespace) -> int:
    settings = load()
    for line in _settings(settings):
        print(f"ok    {line}")  # noqa: T201 - the command line speaks here
    try:
        asyncio.run(_open_and_close(settings))
    except CannotStart as trouble:
        print(f"wrong {trouble}")  # noqa: T201
        return 1
    print(f"ok    data in {settings.data_dir.resolve()}")  # noqa: T201
    return 0


def _settings(settings: Settings) -> Iterator[str]:
    yield f"web chat at http://{settings.web_host}:{settings.web_port}"
    if settings.fal_key:
        yield f"clips from {PROVIDERS['fal']} at {settings.fal_queue_url}"
    else:
        yield "clips from the built-in simulator, because no provider's key is set"


async def _open_and_close(settings: Settings) -> None:
    async with assembled(settings):
        pass
