"""`rushes simulate`."""

import argparse
import asyncio
import signal
from contextlib import suppress
from pathlib import Path

from rushes.trouble import CannotStart
from simulator.app import Addresses, Options, simulate


def main(chosen: argparse.Namespace) -> int:
    options = Options(
        speed=chosen.speed,
        runners=chosen.runners,
        directory=Path(chosen.data) if chosen.data else None,
        seed=chosen.seed,
    )
    try:
        asyncio.run(_until_told(chosen.host, chosen.port, options))
    except OSError as error:
        raise CannotStart(
            f"--port {chosen.port} or the next one cannot be used on {chosen.host} ({error.strerror})",
            "Stop what listens there, or give another one",
        ) from error
    return 0


async def _until_told(host: str, port: int, options: Options) -> None:
    serving = asyncio.ensure_future(simulate(host, port, options, _greet))
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, serving.cancel)
    with suppress(asyncio.CancelledError):
        await serving


def _greet(addresses: Addresses) -> None:
    print(f"The simulator is ready: {addresses.api} (films at {addresses.media})", flush=True)  # noqa: T201
