"""Everything outside of the program, which remembers whatever happens to that: two platforms, a provider, members."""

import asyncio
import json
import math
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from adapters.network import tls
from simulator.app import Addresses, Options
from tests import hurried
from tests.caller import address_for
from tests.chaos.lives import Lifetime
from tests.discord_api import people as discord_people
from tests.discord_api.flood import Rules
from tests.discord_api.server import API, DiscordServer, discord_api
from tests.simulated import simulator
from tests.telegram_api import people as telegram_people
from tests.telegram_api.clock import Clock
from tests.telegram_api.server import TelegramServer, telegram

MEMBERS = 12
"""On each platform."""

PROVIDER = Options(speed=100, runners=64, seed=3)
"""A generation takes half a second, which is ten of the program's."""

DARKROOMS_IN = 4
"""One life of so many."""

BETWEEN_LOOKS, LONGEST_WAIT = 0.05, 600.0

CAP = """
[bot]
cap = ["{} videos a month"]
"""


@dataclass(frozen=True, slots=True)
class TelegramPlace:
    chat: telegram_people.Chat
    thread: int | None = None


@dataclass
class Scene:
    folder: Path
    """In which the program works."""
    telegram: TelegramServer
    discord: DiscordServer
    provider: Addresses
    control: httpx.AsyncClient
    clock: Clock
    parallel: int
    """Jobs that the program has at one provider at a time."""
    kills: list[float] = field(default_factory=list)
    """When the program was killed, by everybody's clock."""

    @property
    def deaths(self) -> Path:
        """Tells at which points the program died."""
        return self.folder / "deaths"

    @property
    def clips(self) -> Path:
        return self.folder / "data" / "clips"

    def lifetime(self, *, after: int | None = None, at_new_points: bool = False) -> Lifetime:
        # Whatever it writes is known to be its own, whenever a server comes to take that in.
        number = len(self.kills)
        life = str(number)
        settings = {
            "RUSHES_WEB_PORT": "0",
            "RUSHES_TELEGRAM_TOKEN": self.telegram.token,
            "RUSHES_TELEGRAM_API_URL": address_for(life, self.telegram.url),
            "RUSHES_DISCORD_TOKEN": self.discord.token,
            "RUSHES_DISCORD_API_URL": address_for(life, self.discord.url, API),
            "RUSHES_DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "RUSHES_AIMLAPI_KEY": "secret",
            "RUSHES_AIMLAPI_URL": f"{self.provider.api}/aimlapi",
            "RUSHES_FAL_KEY": "id:secret",
            "RUSHES_FAL_QUEUE_URL": f"{self.provider.api}/fal",
            "RUSHES_PROVIDER_ORDER": "aimlapi",
            "RUSHES_TRUSTED_MEDIA_HOSTS": "127.0.0.1",
            "RUSHES_PARALLEL": str(self.parallel),
            "RUSHES_CONFIG": "rushes.toml",
        }
        begun = datetime.fromtimestamp(self.clock.start, UTC)
        return Lifetime(
            settings=settings,
            begun=begun,
            deaths=str(self.deaths),
            has_darkrooms=number % DARKROOMS_IN == 0,
            after=after,
            at_new_points=at_new_points,
        )

    def rows(self, statement: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[sqlite3.Row]:
        """What the program has written down; nothing before it was there."""
        file = self.folder / "data" / "rushes.db"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=1)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(statement, values).fetchall()

    def jobs_of(self, platform: str, events: Sequence[str]) -> list[sqlite3.Row]:
        """What was ordered with any of these events."""
        statement = """
            SELECT jobs.* FROM events JOIN jobs ON number = job
            WHERE events.platform = ? AND event IN (SELECT value FROM json_each(?))
        """
        return self.rows(statement, [platform, json.dumps(events)])

    def clips_in_chats(self) -> int:
        here = sum(message.media is not None and not message.is_deleted for message in self.telegram.world.messages)
        there = sum(bool(message.attachments) and not message.is_deleted for message in self.discord.world.messages)
        return here + there

    async def arm(self, fault: str) -> None:
        """Of AIMLAPI, in one of its next calls: what only the other one may film needs that one."""
        answer = await self.control.post("/control/faults", json={"fault": fault, "dialect": "aimlapi"})
        assert answer.is_success, answer.text

    def death_of(self, life: str) -> float:
        """When that life was killed, by everybody's clock; infinite for the last one."""
        return dict(enumerate(self.kills)).get(int(life), math.inf)


@dataclass
class Cast:
    """Who is where."""

    scene: Scene
    telegram: list[telegram_people.Member]
    telegram_places: list[TelegramPlace]
    discord: list[discord_people.Member]
    discord_channels: list[discord_people.Channel]


def cast(scene: Scene) -> Cast:
    here, there = scene.telegram, scene.discord
    ours = [here.member(f"Member {number}") for number in range(MEMBERS)]
    forum = here.supergroup("Forum", *ours, is_forum=True)
    places = [
        TelegramPlace(here.group("Club", *ours)),
        TelegramPlace(here.supergroup("School", *ours)),
        *(TelegramPlace(forum, here.topic(forum, name).id) for name in ("Foxes", "Hares")),
    ]
    theirs = [there.member(f"Guest {number}") for number in range(MEMBERS)]
    guild = there.guild("Film club", *theirs)
    foxes = there.channel(guild, "foxes")
    return Cast(scene, ours, places, theirs, [foxes, there.channel(guild, "hares"), there.thread(foxes, "cubs")])


@asynccontextmanager
async def staged(folder: Path, films: Path, *, parallel: int, cap: int) -> AsyncIterator[Scene]:
    """`cap` is how many videos the bot may film, a little more than what is ordered."""
    folders = {name: folder / name for name in ("bot", "telegram", "discord", "simulator")}
    for each in folders.values():
        each.mkdir()
    (folders["bot"] / "rushes.toml").write_text(CAP.format(cap))
    clock = Clock(speed=hurried.SPEED)
    # The three seconds for a first answer are ours: the machine is not as much faster as the clock.
    rules = Rules(acknowledge_seconds=3.0 * hurried.SPEED)
    async with (
        simulator(folders["simulator"], films, PROVIDER) as provider,
        telegram(folders["telegram"], clock=clock) as here,
        discord_api(folders["discord"], clock=clock, rules=rules) as there,
        httpx.AsyncClient(verify=tls(), base_url=provider.api, timeout=60) as control,
    ):
        yield Scene(folders["bot"], here, there, provider, control, clock, parallel)


async def until(predicate: Callable[[], object]) -> None:
    async with asyncio.timeout(LONGEST_WAIT):
        while not predicate():
            await pause()


async def pause() -> None:
    """Before somebody looks again."""
    await asyncio.sleep(BETWEEN_LOOKS)
