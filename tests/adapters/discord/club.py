"""The adapter, with the real discord.py in it, and the stand-in for Discord on one clock."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from adapters.chat.discord.chat import DiscordChat
from bot.card import Verb
from bot.job import Job, Phase
from bot.trouble import TokenRefused
from tests.discord_api.flood import Rule, Rules
from tests.discord_api.interactions import Interaction
from tests.discord_api.messages import Message
from tests.discord_api.options import Value
from tests.discord_api.people import Channel, Guild, Member
from tests.discord_api.pointing import pointed_at
from tests.discord_api.server import DiscordServer
from tests.offline import CONTENT, Shelf, StageTime
from tests.stage import CLIP, Stage

Found = TypeVar("Found")

MIB = 1024 * 1024
TOKEN_SECONDS = 15 * 60
OLGA = 80_351_110_224_678_912
"""Of an operator, where the rules say so."""


@dataclass
class Club:
    stage: Stage
    server: DiscordServer
    shelf: Shelf
    zoe: Member
    """Who owns the server."""
    ann: Member
    bob: Member
    olga: Member
    guild: Guild
    channel: Channel
    serving: "asyncio.Task[None] | None" = None

    @property
    def discord(self) -> DiscordChat:
        chat = self.stage.chats["discord"]
        assert isinstance(chat, DiscordChat)
        return chat

    def begin(self, token: str = "") -> "asyncio.Task[None]":
        """Serve, without waiting until anybody is."""
        chat = DiscordChat(token or self.server.token, self.stage.clock, self.shelf, self.stage.meter)
        self.stage.chats["discord"] = chat
        self.serving = asyncio.create_task(chat.run(self.stage.studio), name="discord")
        return self.serving

    async def open(self) -> None:
        before = len(self.server.world.sessions.all)
        self.begin()
        await self.until(lambda: [session for session in self.server.world.sessions.all[before:] if session.connection])

    async def close(self) -> None:
        if self.serving is None:
            return
        serving, self.serving = self.serving, None
        serving.cancel()
        (outcome,) = await asyncio.gather(serving, return_exceptions=True)
        assert isinstance(outcome, asyncio.CancelledError | TokenRefused), outcome

    async def restart(self) -> None:
        """Another process on the same database, as far as anybody can tell."""
        await self.close()
        await self.open()

    async def until(self, predicate: Callable[[], Found | None]) -> Found:
        return await self.server.until(predicate)

    async def in_time(self, predicate: Callable[[], Found | None]) -> Found:
        """Until it is so, while time passes: what is written just now may have to wait for its turn."""
        for _ in range(100):
            self.stage.clock.forward(5)
            with suppress(TimeoutError):
                return await self.server.until(predicate, 0.05)
        raise TimeoutError

    async def noted(self, job: Job, is_so: Callable[[Job], bool]) -> Job:
        """Until that is written down of the job, while time passes."""
        looks = itertools.count(1)
        async with asyncio.timeout(30):
            while not is_so(job):
                job = await self.stage.job(job.id)
                if next(looks) % 20 == 0:
                    self.stage.clock.forward(5)
        return job

    async def commands(
        self, name: str, channel: Channel | None = None, by: Member | None = None, /, **values: Value
    ) -> Interaction:
        return await self.server.commands(by or self.ann, channel or self.channel, name, **values)

    async def answer(self, asked: Interaction) -> Message:
        """What the bot says to it, once that can be read."""
        return await self.until(lambda: next((said for said in asked.messages if said.text), None))

    async def told(
        self, name: str, channel: Channel | None = None, by: Member | None = None, /, **values: Value
    ) -> str:
        """What whoever asks reads, and nobody else."""
        answer = await self.answer(await self.commands(name, channel, by, **values))
        assert answer.only_for is (by or self.ann)
        return answer.text

    async def film(self, prompt: str = "a fox", channel: Channel | None = None, by: Member | None = None) -> "Filming":
        return await self.filming(await self.commands("video", channel, by, prompt=prompt))

    async def filming(self, asked: Interaction) -> "Filming":
        """What was ordered with it, and is shown by now."""
        status = await self.answer(asked)
        job = await self.stage.store.ordered_with("discord", str(asked.id))
        assert job is not None, status.text
        return Filming(self, asked, status, job)

    async def press(self, message: Message, verb: Verb, by: Member | None = None) -> Interaction:
        found = next(button.data for button in message.buttons if button.data and button.data.startswith(f"{verb}:"))
        return await self.server.presses(by or self.ann, message, found)

    async def pressed(self, message: Message, verb: Verb, by: Member | None = None) -> str:
        """What whoever presses reads, and nobody else."""
        answer = await self.answer(await self.press(message, verb, by))
        assert answer.only_for is (by or self.ann)
        return answer.text

    async def fence(self) -> None:
        """Whatever was done before has been heard of when this is answered."""
        await self.told("privacy")

    async def jobs(self) -> list[Job]:
        return [job for job in await self.stage.store.unfinished() if job.place.platform == "discord"]

    def clips(self, channel: Channel | None = None) -> list[Message]:
        return [message for message in self.server.replies(channel or self.channel) if message.attachments]


@dataclass
class Filming:
    """An order that was accepted, and the message that shows how it goes on."""

    club: Club
    asked: Interaction
    status: Message
    job: Job

    async def until(self, phase: Phase) -> Job:
        return await self.club.stage.until(self.job.id, phase)

    async def finish(self) -> Job:
        return await self.club.stage.finish(self.job.id)

    async def shown(self, words: str) -> Message:
        """Until the status says so."""
        return await self.club.in_time(lambda: self.status if words in self.status.text else None)

    async def told(self) -> Job:
        """Until the chat shows how it ended."""
        return await self.club.noted(self.job, lambda job: job.told)

    async def clip(self) -> Message:
        """Film it, until the clip stands in the channel and the status does not."""
        await self.finish()
        await self.told()
        return self.club.clips(self.asked.channel)[-1]


def shelf_in(folder: Path) -> Shelf:
    folder.mkdir()
    (folder / CLIP.name).write_bytes(CONTENT)
    return Shelf(folder=folder)


@asynccontextmanager
async def club_on(stage: Stage, folder: Path) -> AsyncIterator[Club]:
    """Nobody is served yet, and nothing is too much."""
    shelf = shelf_in(folder)
    rules = Rules(routes={}, overall=Rule(1_000_000, 1))
    server = DiscordServer(folder, clock=StageTime(stage.clock), rules=rules)
    await server.start()
    zoe, ann, bob = server.member("Zoe"), server.member("Ann"), server.member("Bob")
    olga = server.member("Olga", number=OLGA)
    guild = server.guild("Film club", zoe, ann, bob)
    channel = server.channel(guild, "foxes")
    club = Club(stage, server, shelf, zoe, ann, bob, olga, guild, channel)
    try:
        with pointed_at(server):
            yield club
            await club.close()
    finally:
        await club.close()
        await server.stop()
