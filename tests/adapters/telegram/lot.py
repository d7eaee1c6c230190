"""The adapter and the stand-in for Telegram on one clock, with a function call where the network would be."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

import httpx

from adapters.chat.telegram.chat import TelegramChat
from adapters.chat.telegram.keyboard import FORM
from bot.card import Verb
from bot.job import Job, Phase
from bot.ports import Library
from bot.trouble import TokenRefused
from tests.offline import Shelf, StageTime
from tests.stage import Stage
from tests.telegram_api.messages import Answer, Message, Press
from tests.telegram_api.people import Chat, Member
from tests.telegram_api.server import TelegramServer

Found = TypeVar("Found")

API = "http://telegram.example"


class How(TypedDict, total=False):
    """Something is said, besides the words."""

    thread: int
    reply_to: Message
    photo: bytes
    mentions: Mapping[str, Member]
    extra: Mapping[str, object]


class Wire(httpx.AsyncBaseTransport):
    """To the server and back, unless it is down."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = httpx.ASGITransport(server.app)
        self._world = server.world
        self._refused: Counter[str] = Counter()
        self.is_down = False
        self.is_odd: set[str] = set()
        """Calls that are answered with something that nobody expects, once."""
        self.tried: Counter[str] = Counter()

    def refuse(self, method: str, times: int = 1) -> None:
        """Connections for the next such calls."""
        self._refused[method] += times

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        self.tried[method] += 1
        self._world.change()
        if self.is_down or self._refused[method] > 0:
            self._refused[method] -= not self.is_down
            raise httpx.ConnectError("All connection attempts failed")
        if method in self.is_odd:
            self.is_odd.discard(method)
            return httpx.Response(200, json={"ok": True, "result": True})
        return await self._server.handle_async_request(request)


@dataclass
class Lot:
    stage: Stage
    server: TelegramServer
    wire: Wire
    shelf: Shelf
    ann: Member
    bob: Member
    _serving: "asyncio.Task[None] | None" = None

    @property
    def telegram(self) -> TelegramChat:
        chat = self.stage.chats["telegram"]
        assert isinstance(chat, TelegramChat)
        return chat

    @property
    def home(self) -> Chat:
        """Where Ann is alone with the bot."""
        return self.server.private(self.ann)

    def chat(
        self, token: str = "", *, public_url: str | None = None, is_local: bool = False, library: Library | None = None
    ) -> TelegramChat:
        return TelegramChat(
            token or self.server.token,
            self.stage.clock,
            library or self.shelf,
            self.stage.meter,
            api_url=API,
            is_local=is_local,
            public_url=public_url,
            transport=self.wire,
        )

    def begin(self, chat: TelegramChat | None = None) -> "asyncio.Task[None]":
        """Serve, without waiting until anybody is."""
        self.stage.chats["telegram"] = chat = chat or self.chat()
        self._serving = asyncio.create_task(chat.run(self.stage.studio), name="telegram")
        return self._serving

    async def open(self, chat: TelegramChat | None = None) -> None:
        self.begin(chat)
        await self.until(lambda: self.server.world.updates.is_polled)

    async def close(self) -> None:
        if self._serving is None:
            return
        self.telegram.stop_listening()
        serving, self._serving = self._serving, None
        serving.cancel()
        (outcome,) = await asyncio.gather(serving, return_exceptions=True)
        assert isinstance(outcome, asyncio.CancelledError | TokenRefused), outcome

    async def restart(self) -> None:
        await self.close()
        await self.open()

    async def until(self, predicate: Callable[[], Found]) -> Found:
        return await self.server.until(predicate)

    async def noted(self, job: Job, is_so: Callable[[Job], bool]) -> Job:
        """Until that is written down of the job."""
        async with asyncio.timeout(30):
            while not is_so(job):
                job = await self.stage.job(job.id)
        return job

    async def says(self, text: str, chat: Chat | None = None, **how: Unpack[How]) -> Message:
        return await self.server.says(self.ann, chat or self.home, text, **how)

    async def reply_to(self, message: Message, count: int = 1) -> Message:
        """The latest of so many replies that can be seen."""
        return (await self.until(lambda: found if len(found := self.replies_to(message)) >= count else []))[-1]

    def replies_to(self, message: Message) -> list[Message]:
        return [reply for reply in self.server.replies(message.chat) if reply.reply_to is message]

    async def answer(self, text: str, chat: Chat | None = None, **how: Unpack[How]) -> Message:
        """What Ann reads when she says this."""
        return await self.reply_to(await self.says(text, chat, **how))

    async def serves(self) -> bool:
        """Wait until Ann is answered."""
        self.rest()
        return bool((await self.answer("/help")).text)

    def rest(self) -> None:
        """So long that every chat takes calls again."""
        self.stage.clock.forward(60)

    async def fence(self, chat: Chat | None = None) -> None:
        """Whatever was said there before has been heard when this is answered."""
        self.rest()
        await self.answer("/privacy", chat)

    async def order(self, text: str = "/video a fox", chat: Chat | None = None, by: Member | None = None) -> "Filming":
        command = await self.server.says(by or self.ann, chat or self.home, text)
        return await self.filming(command, f"{command.chat.id}/{command.id}")

    async def filming(self, command: Message, event: str) -> "Filming":
        """What was ordered with this, whose status is a reply to the command."""
        status = await self.reply_to(command)
        job = await self.stage.store.ordered_with("telegram", event)
        assert job is not None, status.text
        return Filming(self, command, status, job)

    async def press(self, message: Message, verb: Verb | str, by: Member | None = None) -> Press:
        data = f"{FORM}:{verb}" if not isinstance(verb, Verb) else verb
        found = next(button.data for button in message.buttons if button.data and button.data.startswith(data))
        return await self.server.presses(by or self.ann, message, found)

    async def presses(self, message: Message, verb: Verb | str, by: Member | None = None) -> Answer:
        """What is said to whoever presses."""
        press = await self.press(message, verb, by)
        await self.until(lambda: press.answer)
        assert press.answer is not None
        return press.answer

    async def jobs(self, chat: Chat | None = None) -> list[Job]:
        return list(await self.stage.store.jobs_in("telegram", str((chat or self.home).id), 100))


@dataclass
class Filming:
    """An order that was accepted, and the message that shows how it goes on."""

    lot: Lot
    command: Message
    status: Message
    job: Job

    async def until(self, phase: Phase) -> Job:
        return await self.lot.stage.until(self.job.id, phase)

    async def finish(self) -> Job:
        return await self.lot.stage.finish(self.job.id)

    async def clip(self) -> Message:
        """Film it, until the clip stands in the chat and the status does not."""
        await self.finish()
        [clip] = await self.lot.until(lambda: [reply for reply in self.lot.replies_to(self.command) if reply.media])
        await self.lot.until(lambda: self.status.is_deleted or self.status is clip)
        return clip


@asynccontextmanager
async def lot_on(stage: Stage, folder: Path) -> AsyncIterator[Lot]:
    """Nobody is served yet. The folder is where the clips are, and where the server keeps what it is given."""
    server = TelegramServer(folder, clock=StageTime(stage.clock))
    ann, bob = server.member("Ann"), server.member("Bob")
    lot = Lot(stage, server, Wire(server), Shelf(folder=folder), ann, bob)
    try:
        yield lot
    finally:
        await lot.close()
