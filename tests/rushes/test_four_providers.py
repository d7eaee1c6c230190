"""Two hundred jobs over four providers, every fifth with a fault, counted at the providers."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from adapters.media.addresses import Addresses as Allowed
from adapters.media.lab import Lab
from adapters.media.library import ClipFolder, media_transport
from adapters.network import open_client, tls
from bot.assembly import Core, Edges, Policy, assembled
from bot.card import JobCard, Order
from bot.catalogue import PROVIDERS
from bot.choosing import offers_at
from bot.job import ENDS, Identity, Job, Phase
from bot.meter import Meter
from bot.ports import Store
from rushes.providers import providers
from rushes.settings import load
from simulator.app import Addresses
from storage.sqlite.store import sqlite_store
from tests.hurried import HurriedClock
from tests.ledger import ledger_in
from tests.stage import LOBBY, PSEUDONYM, HandChat, HandOperators

SHARES = {"fal": 70, "aimlapi": 70, "pixverse": 50, "shortapi": 10}

# What goes wrong, the phase in which the job must end, and how many creates the provider then has.
FAULTS = [
    ("moderated", Phase.FAILED, 1),
    ("failed", Phase.FAILED, 1),
    ("create-429", Phase.DELIVERED, 1),
    ("create-vanish", Phase.UNRESOLVED, 1),
    ("create-cut", Phase.UNRESOLVED, 0),
    ("status-503", Phase.DELIVERED, 1),
    ("status-garbled", Phase.DELIVERED, 1),
    ("media-cut", Phase.DELIVERED, 1),
    ("media-expired", Phase.DELIVERED, 1),
]
CAN_BE_LOOKED_UP = {"aimlapi"}


@dataclass
class Studio:
    core: Core
    store: Store
    chat: HandChat
    database: Path
    control: httpx.AsyncClient

    async def order(self, number: int, text: str) -> JobCard:
        person = Identity(platform="web", user=f"u{number % 20}")
        card = await self.core.studio.order(Order(identity=person, place=LOBBY, event=f"e{number}", text=text))
        assert isinstance(card, JobCard)
        return card

    async def ended(self, card: JobCard) -> Job:
        await self.chat.until(lambda shown: shown.job == card.job and shown.phase in ENDS, seconds=60)
        job = await self.store.job(card.job)
        assert job is not None
        return job


@asynccontextmanager
async def at_work(folder: Path, addresses: Addresses) -> AsyncIterator[Studio]:
    settings = load(
        {
            "RUSHES_FAL_KEY": "id:secret",
            "RUSHES_FAL_QUEUE_URL": f"{addresses.api}/fal",
            "RUSHES_AIMLAPI_KEY": "secret",
            "RUSHES_AIMLAPI_URL": f"{addresses.api}/aimlapi",
            "RUSHES_SHORTAPI_KEY": "secret",
            "RUSHES_SHORTAPI_URL": f"{addresses.api}/shortapi",
            "RUSHES_PIXVERSE_KEY": "secret",
            "RUSHES_PIXVERSE_URL": f"{addresses.api}/pixverse/openapi/v2",
        },
        folder / "no file",
    )
    (folder / "clips").mkdir()
    allowed, chat = Allowed(["127.0.0.1"]), HandChat()
    async with (
        open_client() as client,
        open_client(transport=media_transport(allowed)) as media,
        httpx.AsyncClient(verify=tls(), base_url=addresses.api) as control,
        sqlite_store(folder / "rushes.db", PSEUDONYM) as store,
    ):
        clock = HurriedClock()
        edges = Edges(
            clock=clock,
            store=store,
            rulebook=store.rulebook,
            survey=store.survey,
            errands=store.errands,
            providers=providers(settings, client),
            library=ClipFolder(folder / "clips", media, allowed, Lab()),
            chats={"web": chat},
            operators=HandOperators(),
            dice=random.Random(7),  # noqa: S311 - the same faults in every run
            meter=Meter(clock),
        )
        policy = Policy(offers=offers_at(settings.switched_on), room=dict.fromkeys(PROVIDERS, 16))
        core = assembled(edges, policy)
        running = asyncio.create_task(core.engine.run())
        yield Studio(core, store, chat, folder / "rushes.db", control)
        core.engine.stop()
        await running


def expected(provider: str, fault: str | None) -> tuple[Phase, int]:
    if fault is None:
        return Phase.DELIVERED, 1
    phase, creates = next((phase, creates) for name, phase, creates in FAULTS if name == fault)
    return (Phase.DELIVERED, 1) if fault == "create-vanish" and provider in CAN_BE_LOOKED_UP else (phase, creates)


def plan() -> list[tuple[str, str | None]]:
    """Provider and fault of each job: every fifth has one."""
    jobs = [provider for provider, share in SHARES.items() for _ in range(share)]
    faults = [name for name, _, _ in FAULTS]
    return [(p, faults[(n // 5) % len(faults)] if n % 5 == 0 else None) for n, p in enumerate(jobs)]


def text(number: int, provider: str, fault: str | None) -> str:
    """One picture for most of them, so that it is filmed once."""
    shot = "--res 540p --ar 1:1" if provider == "shortapi" else "--res 360p --ar 1:1 --seed 1"
    return f"a fox {shot} --provider {provider}" + (f" {number} sim:{fault}" if fault else "")


async def test_two_hundred_jobs_with_faults_end_as_they_must_and_none_is_submitted_twice(
    tmp_path: Path, addresses: Addresses
) -> None:
    planned = plan()
    assert len(planned) == 200
    async with at_work(tmp_path, addresses) as studio:
        cards = [await studio.order(n, text(n, *job)) for n, job in enumerate(planned)]
        jobs = [await studio.ended(card) for card in cards]
        creates = Counter(create["dialect"] for create in (await studio.control.get("/control/creates")).json())
        violations = (await studio.control.get("/control/violations")).json()
    for job, (provider, fault) in zip(jobs, planned, strict=True):
        assert job.phase is expected(provider, fault)[0], (provider, fault, job.failure)
        ending = "settle" if job.phase is Phase.DELIVERED else "refund"
        assert [kind for kind, _ in ledger_in(studio.database, job.id)] == ["reserve", ending]
    wanted: Counter[str] = Counter()
    for provider, fault in planned:
        wanted[provider] += expected(provider, fault)[1]
    assert creates == wanted
    assert violations == []
    tickets = [(job.offer.provider, job.ticket) for job in jobs if job.ticket]
    assert len(set(tickets)) == len(tickets)
    assert {file.suffix for file in (tmp_path / "clips").iterdir()} == {".mp4"}
