"""The one place where the core meets its edges."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.chat.web.room import WebChat
from adapters.media.addresses import Addresses
from adapters.media.lab import Lab
from adapters.media.library import ClipFolder, media_transport
from adapters.media.sharing import Sharing
from adapters.metrics.route import metrics_route
from adapters.network import open_client
from adapters.operator_page.machine import Machine
from adapters.providers.callbacks import Callbacks, callback_url
from adapters.providers.signature import FalSignature
from bot.assembly import Core, Edges
from bot.assembly import assembled as core_assembled
from bot.desk import Desk
from bot.engine import Engine
from bot.errands import Porter
from bot.job import JobId
from bot.meter import Meter
from bot.moving import renumber
from bot.ports import Clock, Library
from bot.pseudonyms import Pseudonym, pseudonyms
from bot.speech import Languages
from bot.studio import Studio
from bot.sweeper import Sweeper
from bot.terms import Terms
from bot.tongue import Tongues
from rushes.clock import SystemClock
from rushes.dice import Dice
from rushes.gauges import Gauges
from rushes.ground import Ground
from rushes.languages import translated
from rushes.moderating import moderator
from rushes.operators import Owners
from rushes.platforms import Platform, platforms
from rushes.policy import policy, terms
from rushes.premises import CLIPS, in_words, own_key, premises
from rushes.providers import MEDIA_HOST, providers, simulator
from rushes.pulse import Pulse
from rushes.readiness import Readiness
from rushes.settings import Settings
from rushes.trouble import CannotStart
from storage.sqlite.store import SqliteStore, sqlite_store

if TYPE_CHECKING:
    from adapters.operator_page.routes import OperatorPage

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rushes:
    """Everything that runs."""

    engine: Engine
    sweeper: Sweeper
    studio: Studio
    desk: Desk
    porter: Porter
    web: WebChat
    platforms: Mapping[str, Platform]
    operator_page: "OperatorPage | None"
    app: Starlette
    settings: Settings
    terms: Terms
    pulse: Pulse
    ground: Ground
    pseudonym: Pseudonym

    def read_limits_again(self) -> None:
        """For whoever comes from now on. A file that cannot be read changes nothing."""
        try:
            read = terms(self.settings)
        except CannotStart as trouble:
            log.error("what was laid down before still holds: %s", trouble)  # noqa: TRY400 - the operator needs no trace
            return
        renumber(read, self.terms.rules.moves)
        self.terms.offers, self.terms.rules = read.offers, read.rules
        self.terms.taboos, self.terms.keep = read.taboos, read.keep
        log.info("limits and prices were read again")

    def stop(self) -> None:
        """Take in no more orders, and have the engine end what must not be broken off."""
        self.engine.stop()
        self.web.close()
        if self.operator_page:
            self.operator_page.close()
        for platform in self.platforms.values():
            platform.stop_listening()


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Rushes]:
    """Opens what is needed, closes it in reverse. Raises `CannotStart`."""
    decided = policy(settings)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(premises(settings))
        mounts = stack.enter_context(simulator(settings, folder))
        api = await stack.enter_async_context(open_client(mounts))
        addresses = Addresses((*settings.trusted_media_hosts, *([MEDIA_HOST] if mounts else [])))
        media = await stack.enter_async_context(open_client(mounts, media_transport(addresses)))
        key = own_key(folder)
        pseudonym = pseudonyms(key)
        store = await stack.enter_async_context(_store(settings.database, pseudonym))
        # Connections of their own: neither waits for those of the others.
        checking = await stack.enter_async_context(open_client())
        clips = folder / CLIPS
        web, clock, languages = WebChat(), SystemClock(), Languages(translated())
        meter, pulse = Meter(clock), Pulse()
        sharing = _sharing(settings, clips, key, clock)
        lab = Lab(keeps_ready=True)
        stack.push_async_callback(lab.close)
        library = ClipFolder(clips, media, addresses, lab, sharing)
        chats = platforms(settings, clock, library, meter)
        edges = Edges(
            clock=clock,
            store=store,
            rulebook=store.rulebook,
            survey=store.survey,
            errands=store.errands,
            providers=providers(settings, api),
            library=library,
            chats=chats or {"web": web},
            operators=Owners(chats, settings.owners, Tongues(clock, store, languages)),
            dice=Dice(),
            meter=meter,
            moderator=moderator(settings, checking),
            callback=partial(_callback_url, settings.public_url),
            languages=languages,
        )
        core = core_assembled(edges, decided)
        operator_page = _operator_page(settings, core, clock, library, pulse)
        renumber(core.terms, await store.rulebook.moves())
        gauges = Gauges(
            settings=settings,
            clock=clock,
            meter=meter,
            pulse=pulse,
            gates=core.gates,
            terms=core.terms,
            desk=core.desk,
            store=store,
            platforms=chats,
        )
        yield Rushes(
            engine=core.engine,
            sweeper=core.sweeper,
            studio=core.studio,
            desk=core.desk,
            porter=core.porter,
            web=web,
            platforms=chats,
            settings=settings,
            terms=core.terms,
            ground=Ground(settings.database, store, clock),
            pulse=pulse,
            pseudonym=pseudonym,
            operator_page=operator_page,
            app=Starlette(
                routes=[
                    *(operator_page.routes() if operator_page else ()),
                    *(() if chats else _page(core.studio, web, clips, demo=not settings.keys)),
                    *(route for chat in chats.values() for route in chat.routes()),
                    *(sharing.routes() if sharing else ()),
                    *Callbacks(core.studio.heard, FalSignature(api, clock.now, settings.fal_jwks_url)).routes(),
                    Route("/healthz", _healthy),
                    Route("/readyz", Readiness(clock, store, core.engine, chats).asked),
                    *_metrics(settings, gauges),
                ],
                middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings), www_redirect=False)],
            ),
        )


def _operator_page(
    settings: Settings, core: Core, clock: Clock, library: Library, pulse: Pulse
) -> "OperatorPage | None":
    if settings.admin_token is None:
        return None
    from adapters.operator_page.routes import OperatorPage  # noqa: PLC0415 - templates and all, only where it is used

    return OperatorPage(
        token=settings.admin_token.get_secret_value(),
        public_url=settings.public_url,
        clock=clock,
        terms=core.terms,
        tongues=core.studio.tongues,
        desk=core.desk,
        lookout=core.lookout,
        library=library,
        machine=Machine(pulse, settings.data_dir, settings.database),
    )


def _page(studio: Studio, web: WebChat, clips: Path, *, demo: bool) -> Sequence[BaseRoute]:
    from adapters.chat.web.routes import web_routes  # noqa: PLC0415 - its templates load only where it is served

    return web_routes(studio, web, clips, demo=demo)


def _sharing(settings: Settings, clips: Path, key: bytes, clock: Clock) -> Sharing | None:
    return Sharing(clips, key, settings.public_url, clock.now) if settings.public_url else None


def _hosts(settings: Settings) -> list[str]:
    """Names under which a page may speak to us; another name that leads to this machine is somebody else's page."""
    if settings.web_host not in _THIS_MACHINE:
        return ["*"]
    public = [urlsplit(settings.public_url).hostname or ""] if settings.public_url else []
    return [*_THIS_MACHINE, "[::1]", *public]


def _callback_url(public_url: str | None, provider: str, job: JobId, secret: str) -> str | None:
    return callback_url(public_url, provider, job, secret) if public_url else None


def _metrics(settings: Settings, gauges: Gauges) -> list[Route]:
    """For this machine alone, or for whoever knows the token. Behind a proxy everybody comes from this machine."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    is_inner = settings.web_host in _THIS_MACHINE and settings.public_url is None
    return [metrics_route(gauges.read, token)] if token or is_inner else []


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok")


@asynccontextmanager
async def _store(path: Path, pseudonym: Pseudonym) -> AsyncIterator[SqliteStore]:
    with in_words(path):
        async with sqlite_store(path, pseudonym) as store:
            yield store
