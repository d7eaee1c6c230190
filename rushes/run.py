"""`rushes run`."""

import argparse
import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import uvicorn

from rushes import logs
from rushes.listening import bound
from rushes.platforms import NAMES, served
from rushes.settings import Settings, load
from rushes.wiring import Rushes, assembled

NOBODY_SERVED = 2
"""The exit code where every token was refused."""

GROUND_LOST = 3
"""The exit code where somebody replaced the database: whoever watches over this process starts it again."""

SWITCH_SECONDS = 0.0005
"""For which a thread keeps the interpreter. The database's gives it up with every statement and waits so long for it
while much is going on: with Python's own 5 ms only some dozens of orders a second would be taken in."""

CONNECTIONS_GRACE = 2
"""Seconds that open web requests have at a stop."""


def main(_: argparse.Namespace) -> int:
    settings = load()
    facts = logs.set_up(settings.log_level, settings.secrets, settings.log_format)
    return asyncio.run(_run(settings, facts))


async def _run(settings: Settings, facts: logs.Facts) -> int:
    with bound(settings.web_host, settings.web_port) as listener:
        async with assembled(settings) as rushes:
            facts.hide(rushes.pseudonym)
            server = _Server(
                uvicorn.Config(
                    rushes.app,
                    lifespan="off",
                    access_log=False,
                    log_level="warning",
                    log_config=None,
                    timeout_graceful_shutdown=CONNECTIONS_GRACE,
                )
            )

            def stop() -> None:
                rushes.stop()
                server.should_exit = True

            for signum in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(signum, stop)
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, rushes.read_limits_again)
            _make_ready()
            _greet(settings, listener, rushes.platforms)
            with rushes.pulse.beating():
                async with asyncio.TaskGroup() as services:
                    services.create_task(server.serve([listener]), name="web")
                    return await _work(rushes, services, stop)


async def _work(rushes: Rushes, services: asyncio.TaskGroup, stop: Callable[[], None]) -> int:
    """The engine, and the platforms as long as it runs. The exit code is not 0 where they cannot go on."""
    engine = services.create_task(rushes.engine.run(), name="engine")
    helpers = [
        services.create_task(rushes.sweeper.run(), name="sweeper"),
        services.create_task(rushes.porter.run(), name="porter"),
    ]
    serving = [
        services.create_task(served(name, platform, rushes.studio), name=name)
        for name, platform in rushes.platforms.items()
    ]
    ground = services.create_task(rushes.ground.lost(), name="ground")
    ground.add_done_callback(lambda _: stop())
    for task in serving:
        task.add_done_callback(lambda _: stop() if all(each.done() for each in serving) else None)
    await engine
    for helper in helpers:
        helper.cancel()
    for task in serving:
        task.cancel()
    outcomes = await asyncio.gather(*serving, return_exceptions=True)
    if ground.done():
        await rushes.ground.keep()
        return GROUND_LOST
    ground.cancel()
    return NOBODY_SERVED if outcomes and all(outcome is False for outcome in outcomes) else 0


def _make_ready() -> None:
    """For many at once."""
    sys.setswitchinterval(SWITCH_SECONDS)
    # What is here by now stays; to look through it for garbage again and again would hold the loop.
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stop the engine too, so they are ours."""
        yield


def _greet(settings: Settings, listener: socket.socket, platforms: Iterable[str]) -> None:
    names = " and ".join(NAMES[name] for name in platforms)
    serving = f" (serving {names})" if names else ""
    host, port = listener.getsockname()[:2]
    print(f"Rushes is ready: http://{host}:{port}{serving}", flush=True)  # noqa: T201 - for whoever started it
    if not settings.keys:
        print("No key is set, so clips are drawn by the built-in simulator.", file=sys.stderr, flush=True)  # noqa: T201
