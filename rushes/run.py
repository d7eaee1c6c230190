"""`rushes run`."""

import argparse
import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from rushes import logs
from rushes.settings import Settings, load
from rushes.trouble import CannotStart
from rushes.wiring import Rushes, assembled

CONNECTIONS_GRACE = 2
"""Seconds that open web requests have at a stop."""


def main(_: argparse.Namespace) -> int:
    settings = load()
    logs.set_up(settings.log_level)
    asyncio.run(_run(settings))
    return 0


async def _run(settings: Settings) -> None:
    with _bound(settings.web_host, settings.web_port) as listener:
        async with assembled(settings) as rushes:
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
            _stop_on_signals(rushes, server)
            _greet(settings, listener)
            async with asyncio.TaskGroup() as services:
                services.create_task(server.serve([listener]), name="web")
                services.create_task(rushes.engine.run(), name="engine")


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stop the engine too, so they are ours."""
        yield


def _stop_on_signals(rushes: Rushes, server: uvicorn.Server) -> None:
    def stop() -> None:
        rushes.engine.stop()
        rushes.web.close()
        server.should_exit = True

    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
        # Inherited by each connection: a short answer that waits for more to send costs its reader 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except socket.gaierror as error:
        raise CannotStart(
            f"RUSHES_WEB_HOST is {host}, which is no address of this machine", "Set it to 127.0.0.1 or to one that is"
        ) from error
    except OSError as error:
        raise CannotStart(
            f"RUSHES_WEB_PORT is {port}, which cannot be used on {host} ({error.strerror})",
            "Stop what listens there, or set it to another port",
        ) from error
    return listener


def _greet(settings: Settings, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    print(f"Rushes is ready: http://{host}:{port}", flush=True)  # noqa: T201 - for whoever started it
    if not settings.keys:
        print("No key is set, so clips are drawn by the built-in simulator.", file=sys.stderr, flush=True)  # noqa: T201
