"""`rushes run`, which dies when its fate says so.

Reads from its input what the next life is to be like, and is forked for it: whatever takes long to import is there by
then, so that a start costs a tenth of a second. Says on its output which process that is, whatever `rushes run` says,
and how it ended.
"""

import gc
import os
import re
import sys
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from adapters.media.darkroom import end_with_whoever_asked
from adapters.media.library import ClipFolder
from adapters.network import tls
from bot.assembly import Core, Edges, Policy, assembled
from rushes import wiring
from rushes.cli import main
from tests.chaos.lives import LIFETIME, OVER, Lifetime
from tests.chaos.points import After, Crossing, Fate, Ferry, Once, Spared
from tests.hurried import HurriedClock
from tests.open_lab import OpenLab

_IMPORTED_LATE = (
    "adapters.chat.discord.address",
    "adapters.chat.discord.chat",
    "adapters.chat.telegram.chat",
    "anyio._backends._asyncio",
    "anyio.streams.memory",
    "anyio.streams.stapled",
    "anyio.streams.tls",
    "encodings.idna",
    "encodings.utf_16_le",
    "httpcore",
    "rushes.run",
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
"""What the program imports only where it needs it, and would in each life."""

_CALLS_OF_BOTS = re.compile(r"/bot[^/]+/(\w+)$")
_WITH_NUMBERS = re.compile(r"[^/]*\d[^/]*")


class LastingClock(HurriedClock):
    """Goes on over the lives of the program, from the moment at which everybody else's began."""

    begun: datetime

    def __init__(self) -> None:
        super().__init__()
        self._begun = self.begun


def fate_of(lifetime: Lifetime) -> Fate:
    if lifetime.at_new_points:
        deaths = Path(lifetime.deaths)
        return Once(frozenset(deaths.read_text().splitlines()) if deaths.exists() else frozenset())
    return Spared() if lifetime.after is None else After(lifetime.after)


def doom(ferry: Ferry) -> None:
    """Every edge of the core, and every call that leaves the program, are points from now on, and time is hurried."""

    def core(edges: Edges, policy: Policy) -> Core:
        return assembled(
            replace(
                edges,
                store=ferry.around("store", edges.store),
                rulebook=ferry.around("rulebook", edges.rulebook),
                providers={name: ferry.around("provider", each) for name, each in edges.providers.items()},
                chats={name: ferry.around("chat", each) for name, each in edges.chats.items()},
                operators=ferry.around("operators", edges.operators),
            ),
            policy,
        )

    def library(*parts: Any) -> object:  # noqa: ANN401 - whatever a folder of clips is made of
        return ferry.around("library", ClipFolder(*parts))

    vars(wiring).update(core_assembled=core, ClipFolder=library, SystemClock=LastingClock)
    # Each start reads them all, to see whether Telegram shows what the bot is for in each; English tells as much.
    vars(wiring).update(translated=list)
    _doom_the_network(ferry)


def _doom_the_network(ferry: Ferry) -> None:
    def to_discord(make: Callable[..., Coroutine[Any, Any, object]]) -> Callable[..., Coroutine[Any, Any, object]]:
        async def request(client: object, route: Route, *rest: object, **named: object) -> object:
            with Crossing(ferry, f"discord {route.method} {route.path}", has_before=False):
                return await make(client, route, *rest, **named)

        return request

    send = httpx.AsyncClient.send

    async def sent(client: httpx.AsyncClient, request: httpx.Request, **named: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        with Crossing(ferry, _called(request), has_before=False):
            return await send(client, request, **named)

    httpx.AsyncClient.send = sent  # type: ignore[method-assign,assignment]
    HTTPClient.request = to_discord(HTTPClient.request)  # type: ignore[method-assign]
    AsyncWebhookAdapter.request = to_discord(AsyncWebhookAdapter.request)  # type: ignore[method-assign]


def _called(request: httpx.Request) -> str:
    """With a star for whatever is not the same each time."""
    path = request.url.path
    if found := _CALLS_OF_BOTS.search(path):
        return f"telegram {found[1]}"
    return f"provider {request.method} {_WITH_NUMBERS.sub('*', path)}"


def live(lifetime: Lifetime) -> int:
    """The exit code."""
    end_with_whoever_asked()
    os.environ.update(lifetime.settings)
    LastingClock.begun = lifetime.begun
    if not lifetime.has_darkrooms:
        vars(wiring).update(Lab=OpenLab)
    doom(Ferry(fate_of(lifetime), Path(lifetime.deaths)))
    try:
        main(["run"])
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:  # noqa: BLE001 - the outermost place of a process
        traceback.print_exc()
    return 1


def tell(words: object) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def serve() -> None:
    for module in _IMPORTED_LATE:
        import_module(module)
    tls()
    tls(trust_env=True)
    # What is here by now the program would look through for garbage, and so copy, at each of its starts.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        lifetime = LIFETIME.validate_json(line)
        process = os.fork()
        if process == 0:
            tell(os.getpid())
            # Nothing of what the process before it has to do at its own end.
            os._exit(live(lifetime))
        _, status = os.waitpid(process, 0)
        tell(f"{OVER}{os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    serve()
