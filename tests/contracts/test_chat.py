"""What every implementation of `bot.ports.Chat` keeps."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.chat.web.room import WebChat
from bot.card import Order
from bot.job import Clip, Identity, Job, Phase, Place
from bot.ports import Chat
from bot.wording import job_card
from tests.adapters.discord.club import club_on
from tests.adapters.telegram.lot import lot_on
from tests.stage import ANN, LOBBY, HandChat, Stage

CONTENT = b"\0\0\0\x18ftypmp42" + bytes(1000)
CLIP = Clip(name="clip.mp4", width=1280, height=720, seconds=5.0, size=len(CONTENT))


@dataclass(frozen=True, slots=True)
class Party:
    """A chat with somebody in it, and where they are."""

    chat: Chat
    somebody: Identity
    place: Place


Setting = Callable[[Stage, Path], AbstractAsyncContextManager[Party]]


@asynccontextmanager
async def on_the_web(stage: Stage, _: Path) -> AsyncIterator[Party]:
    stage.chats["web"] = web = WebChat()
    yield Party(web, ANN, LOBBY)


@asynccontextmanager
async def on_the_stage(_: Stage, __: Path) -> AsyncIterator[Party]:
    yield Party(HandChat(), ANN, LOBBY)


@asynccontextmanager
async def in_telegram(stage: Stage, folder: Path) -> AsyncIterator[Party]:
    async with lot_on(stage, folder) as lot:
        await lot.open()
        ann = Identity(platform="telegram", user=str(lot.ann.id), name="Ann")
        yield Party(stage.chats["telegram"], ann, Place(platform="telegram", chat=str(lot.home.id)))


@asynccontextmanager
async def in_discord(stage: Stage, folder: Path) -> AsyncIterator[Party]:
    async with club_on(stage, folder / "uploads") as club:
        (club.shelf.folder / CLIP.name).write_bytes(CONTENT)
        await club.open()
        ann = Identity(platform="discord", user=str(club.ann.id), name="Ann")
        place = Place(platform="discord", chat=str(club.guild.id), thread=str(club.channel.id))
        yield Party(stage.chats["discord"], ann, place)


@pytest.fixture(params=[on_the_web, on_the_stage, in_telegram, in_discord])
async def party(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> AsyncIterator[Party]:
    folder = tmp_path / "party"
    folder.mkdir()
    (folder / CLIP.name).write_bytes(CONTENT)
    setting: Setting = request.param
    async with setting(stage, folder) as opened:
        yield opened


@pytest.fixture
async def job(stage: Stage, party: Party) -> Job:
    await stage.studio.say(Order(identity=party.somebody, place=party.place, event="e", text="a fox"))
    [job] = await stage.store.unfinished()
    return job


def test_showing_never_fails_whatever_the_order_of_the_cards(party: Party, job: Job) -> None:
    newer = replace(job, phase=Phase.RENDERING, revision=job.revision + 1)
    for shown in (newer, job, newer):
        party.chat.show(shown, job_card(shown))


def test_a_job_of_a_place_that_nobody_looks_at_is_no_trouble(party: Party, job: Job) -> None:
    elsewhere = replace(job, place=replace(job.place, chat="404", thread=None))
    party.chat.show(elsewhere, job_card(elsewhere))


@pytest.mark.parametrize("maybe_sent", [False, True])
async def test_a_delivery_ends_with_a_receipt_also_when_it_may_be_the_second(
    party: Party,
    job: Job,
    maybe_sent: bool,  # noqa: FBT001 - a column of the table
) -> None:
    finished = replace(job, phase=Phase.DELIVERING, clip=CLIP)
    card = job_card(replace(finished, phase=Phase.DELIVERED))
    assert await party.chat.deliver(finished, card, maybe_sent=maybe_sent)
