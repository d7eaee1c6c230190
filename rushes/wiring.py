"""The one place where the core meets its edges."""

import fcntl
import os
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.chat.web.room import WebChat
from adapters.chat.web.routes import web_routes
from adapters.media.addresses import Addresses
from adapters.media.library import ClipFolder, media_transport
from adapters.network import open_client
from adapters.providers.absent import Absent
from adapters.providers.fal import Fal
from bot.assembly import Edges, Policy
from bot.assembly import assembled as core_assembled
from bot.catalogue import PROVIDERS
from bot.choosing import offers_at
from bot.engine import Engine
from bot.ports import Provider, Store
from rushes.clock import SystemClock
from rushes.settings import Settings
from rushes.trouble import CannotStart
from simulator.app import Options
from simulator.app import assembled as simulated
from storage.sqlite.migrating import NewerDatabase
from storage.sqlite.store import sqlite_store

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

_SIMULATOR = "simulator.invalid"
_SIMULATOR_MEDIA = "media.simulator.invalid"
"""Names that lead nowhere but into this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rushes:
    """Everything that runs."""

    engine: Engine
    web: WebChat
    app: Starlette


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Rushes]:
    """Opens what is needed, closes it in reverse. Raises `CannotStart`."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_data_folder(settings.data_dir))
        mounts = {} if settings.has_provider else stack.enter_context(_simulator(settings, folder))
        api = await stack.enter_async_context(open_client(mounts))
        addresses = Addresses((*settings.trusted_media_hosts, *([_SIMULATOR_MEDIA] if mounts else [])))
        media = await stack.enter_async_context(open_client(mounts, media_transport(addresses)))
        store = await stack.enter_async_context(_store(folder / "rushes.db"))
        clips = folder / "clips"
        web = WebChat()
        edges = Edges(
            clock=SystemClock(),
            store=store,
            providers=_providers(settings, api),
            library=ClipFolder(clips, media, addresses),
            chats={"web": web},
            dice=random.SystemRandom(),
        )
        core = core_assembled(edges, _policy(settings))
        yield Rushes(
            engine=core.engine,
            web=web,
            app=Starlette(
                routes=[
                    *web_routes(core.studio, web, clips, demo=not settings.has_provider),
                    Route("/healthz", _healthy),
                ],
                middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings), www_redirect=False)],
            ),
        )


def _hosts(settings: Settings) -> list[str]:
    """Names under which a page may speak to us; another name that leads to this machine is somebody else's page."""
    if settings.web_host not in _THIS_MACHINE:
        return ["*"]
    return [*_THIS_MACHINE, "[::1]"]


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok")


def _policy(settings: Settings) -> Policy:
    return Policy(
        offers=offers_at(_switched_on(settings)),
        room=dict.fromkeys(PROVIDERS, settings.parallel),
        patient=settings.when_full == "wait",
    )


def _switched_on(settings: Settings) -> tuple[str, ...]:  # noqa: ARG001 - fal is the only dialect yet
    return ("fal",)


def _providers(settings: Settings, client: httpx.AsyncClient) -> Mapping[str, Provider]:
    """Those with a key, the simulator where there is none, and a placeholder for what old jobs may still name."""
    absent = {
        name: Absent(f"RUSHES_{name.upper()}_KEY is not set; set it to finish the jobs that are there")
        for name in PROVIDERS
    }
    if not settings.has_provider:
        return {**absent, "fal": Fal(client, "simulator", f"http://{_SIMULATOR}/fal")}
    key = settings.fal_key.get_secret_value() if settings.fal_key else ""
    return {**absent, "fal": Fal(client, key, settings.fal_queue_url)}


@contextmanager
def _simulator(settings: Settings, folder: Path) -> Iterator[dict[str, httpx.AsyncBaseTransport]]:
    options = Options(
        speed=settings.simulator_speed,
        runners=settings.parallel,
        directory=folder / "simulator",
        media_url=f"http://{_SIMULATOR_MEDIA}",
    )
    with simulated(options) as simulator:
        yield {
            f"all://{_SIMULATOR}": httpx.ASGITransport(simulator.api),
            f"all://{_SIMULATOR_MEDIA}": httpx.ASGITransport(simulator.media),
        }


@contextmanager
def _data_folder(folder: Path) -> Iterator[Path]:
    """Made if need be, for this user alone, and locked: two engines on one database would film everything twice."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "clips").mkdir(exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise CannotStart(
            f"RUSHES_DATA_DIR is {folder}, which cannot be written to ({os.strerror(error.errno or 0)})",
            "Set it to a folder that this user may write to",
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                f"RUSHES_DATA_DIR is {folder}, which another rushes is working in",
                "Stop that one, or set it to another folder",
            ) from error
        yield folder


@asynccontextmanager
async def _store(path: Path) -> AsyncIterator[Store]:
    try:
        async with sqlite_store(path) as store:
            yield store
    except NewerDatabase as newer:
        raise CannotStart(f"{path}: {newer}", "Update rushes, or set RUSHES_DATA_DIR to another folder") from newer
    except sqlite3.DatabaseError as error:
        raise CannotStart(f"{path} cannot be used: {error}", "Restore it from a backup, or move it away") from error
