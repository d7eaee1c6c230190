"""Puts the simulator together: one book, behind an app for the APIs and an app for the films."""

import asyncio
import random
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from simulator.backstage import Backstage
from simulator.callbacks import Callbacks
from simulator.clips import Clips
from simulator.clock import Clock, WallClock
from simulator.connection import SeverableProtocol
from simulator.control import Control
from simulator.dialects.aimlapi import Aimlapi
from simulator.dialects.fal import Fal
from simulator.dialects.pixverse import Pixverse
from simulator.dialects.shortapi import ShortApi
from simulator.faults import Faults
from simulator.generations import Generations
from simulator.media import Links, Media

ANY_HOST = ("0.0.0.0", "::", "")  # noqa: S104  # recognised, not bound to
GRACE = 2  # seconds for answers under way when the simulator stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    speed: float = 1.0  # a generation takes its usual time divided by this
    runners: int = 8  # generations that render at once; the others queue
    directory: Path | None = None  # where requests and films outlive a restart; None: they do not
    seed: int | None = None  # of everything that is drawn; None: another one each time
    key: str | None = None  # the only one accepted; None: any
    always: tuple[str, ...] = ()  # faults that concern every generation, as though each prompt named them
    callbacks_anywhere: bool = False  # else only this machine is called back
    media_url: str | None = None  # how the world reaches the films; None: as they are served
    media_lifetime: float | None = None  # seconds until a link expires; None: never
    most_film_bytes: int = 2 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    api: ASGIApp
    media: ASGIApp
    media_url: str
    callbacks: Callbacks  # nobody is called back unless its `run` is awaited, as `simulate` does


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    api: str
    media: str


@contextmanager
def assembled(options: Options, clock: Clock | None = None) -> Iterator[Simulator]:
    """Both apps, for `httpx.ASGITransport` or any ASGI server."""
    clock = clock or WallClock()
    chance = random.Random(options.seed)  # noqa: S311  # a fixed seed is the point
    media_url = options.media_url or "http://media.simulator.invalid"
    with ExitStack() as stack:
        folder = options.directory or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        generations = Generations(
            clock=clock,
            chance=chance,
            speed=options.speed,
            runners=options.runners,
            folder=options.directory and options.directory / "requests",
        )
        clips = Clips(folder / "films", options.most_film_bytes)
        stack.callback(clips.close)
        links = Links(base=media_url, clock=clock, lifetime=options.media_lifetime)
        faults = Faults(options.always)
        callbacks = Callbacks(
            generations=generations,
            faults=faults,
            clock=clock,
            speed=options.speed,
            anywhere=options.callbacks_anywhere,
        )
        media = Media(generations=generations, clips=clips, links=links, faults=faults, clock=clock)
        backstage = Backstage(
            generations=generations,
            faults=faults,
            clips=clips,
            links=links,
            callbacks=callbacks,
            clock=clock,
            key=options.key,
        )
        control = Control(generations=generations, faults=faults, media=media, callbacks=callbacks)
        yield Simulator(api=api(backstage, control), media=media.app(), media_url=media_url, callbacks=callbacks)


def api(backstage: Backstage, control: Control) -> Starlette:
    return Starlette(
        routes=[
            Mount("/fal", routes=Fal(backstage).routes()),
            Mount("/aimlapi", routes=Aimlapi(backstage).routes()),
            Mount("/shortapi", routes=ShortApi(backstage).routes()),
            Mount("/pixverse", routes=Pixverse(backstage).routes()),
            Mount("/control", routes=control.routes()),
        ]
    )


async def simulate(
    host: str, port: int, options: Options, announce: Callable[[Addresses], None] = lambda _: None
) -> None:
    """Serve until cancelled: the APIs at `port`, the films at the next one (0: at any two that are free).

    `announce` is called once both ports answer.
    """
    with bound(host, port) as entrance, bound(host, port and port + 1) as exit_:
        addresses = Addresses(api=url_of(host, entrance), media=url_of(host, exit_))
        media_url = options.media_url or addresses.media
        with assembled(replace(options, media_url=media_url)) as simulator:
            announce(addresses)
            async with asyncio.TaskGroup() as group:
                group.create_task(simulator.callbacks.run(), name="callbacks")
                await serve({entrance: simulator.api, exit_: simulator.media})


def bound(host: str, port: int) -> socket.socket:
    """Listen at once, so that whoever is told of the port can connect."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    # Inherited by each connection: a short answer that waits for more to send costs its reader 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def url_of(host: str, listener: socket.socket) -> str:
    name = "localhost" if host in ANY_HOST else host
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}"


async def serve(apps: dict[socket.socket, ASGIApp]) -> None:
    servers = {listener: Server(config(app)) for listener, app in apps.items()}
    serving = asyncio.gather(*(server.serve([listener]) for listener, server in servers.items()))
    try:
        await asyncio.shield(serving)
    finally:
        for server in servers.values():
            server.should_exit = True
        await serving


class Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program that serves the simulator."""
        yield


def config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=SeverableProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="error",
        timeout_graceful_shutdown=GRACE,
    )
