"""Lines, a chat platform of text lines over TCP: `nc 127.0.0.1 6667`, say your name, then type `/video a fox`."""

import asyncio
import secrets
from asyncio import StreamReader, StreamWriter

from starlette.routing import Route

from adapters.chat.board import Board
from bot.card import Card, JobCard, Order
from bot.job import Identity, Job, JobId, Place
from bot.ports import Clock, Library
from bot.refusal import Refusal
from bot.studio import Studio
from bot.trouble import Undeliverable
from bot.wording import refused

PLATFORM = "lines"


# --8<-- [start:wall]
class Guests:
    """Who is connected, and what can be said to them: a `Wall` for the board."""

    def __init__(self) -> None:
        self.writers: dict[str, StreamWriter] = {}

    async def say(self, name: str, line: str) -> None:
        writer = self.writers.get(name)
        if writer is None:
            raise Undeliverable(f"{name} is not connected")
        writer.write(f"{line}\n".encode())
        await writer.drain()

    def rest(self) -> float:
        return 0.0

    def wait(self, job: Job, status: str | None) -> float:  # noqa: ARG002 - a line may be said at any time
        return 0.0

    def seen(self, card: JobCard) -> object:
        return in_a_line(card)

    async def go_on(self, job: Job, card: JobCard, status: str | None) -> str | None:  # noqa: ARG002 - no line changes
        await self.say(job.place.chat, in_a_line(card))
        return None

    async def end(self, job: Job, card: JobCard, status: str | None) -> None:
        if job.receipt is None:
            await self.go_on(job, card, status)


def in_a_line(card: Card) -> str:
    return " · ".join((card.title, *card.lines))


# --8<-- [end:wall]


# --8<-- [start:chat]
class LineChat:
    def __init__(self, clock: Clock, library: Library, port: int) -> None:
        self._library = library
        self._port = port
        self._guests = Guests()
        self._board = Board(clock, self._guests, self)
        self._studio: Studio | None = None
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it listens, once it does."""
        return self._server.sockets[0].getsockname()[1] if self._server else self._port

    def show(self, job: Job, card: JobCard) -> None:
        self._board.show(job, card)

    async def deliver(self, job: Job, card: JobCard, *, maybe_sent: bool) -> str:
        if job.clip is None:
            raise Undeliverable("there is no clip")
        again = " (perhaps for the second time)" if maybe_sent else ""
        await self._guests.say(job.place.chat, f"{in_a_line(card)} · {self._library.file(job.clip)}{again}")
        return job.id

    def keeps(self, job: Job) -> bool:  # noqa: ARG002 - a line is no file
        return False

    async def tell(self, user: str, card: Card) -> None:
        await self._guests.say(user, in_a_line(card))

    @property
    def is_connected(self) -> bool:
        return self._server is not None and self._server.is_serving()

    def routes(self) -> list[Route]:
        return []

    def stop_listening(self) -> None:
        if self._server:
            self._server.close()

    async def run(self, studio: Studio) -> None:
        self._studio = studio
        async with await asyncio.start_server(self._welcome, "127.0.0.1", self._port) as self._server:
            for job, card in await studio.untold(PLATFORM):
                self.show(job, card)
            await self._board.run()

    # --8<-- [end:chat]

    async def posted(self, job_id: JobId, message: str) -> None:
        """No message is ever changed, so none needs to be known after a restart."""

    async def told(self, job_id: JobId) -> None:
        if self._studio:
            await self._studio.told(job_id)

    # --8<-- [start:talk]
    async def _welcome(self, reader: StreamReader, writer: StreamWriter) -> None:
        name = (await reader.readline()).decode(errors="replace").strip()
        self._guests.writers[name] = writer
        try:
            while line := (await reader.readline()).decode(errors="replace").strip():
                await self._hear(name, line)
        finally:
            del self._guests.writers[name]
            writer.close()

    async def _hear(self, name: str, line: str) -> None:
        order = Order(
            identity=Identity(platform=PLATFORM, user=name, name=name),
            place=Place(platform=PLATFORM, chat=name, is_private=True),
            event=secrets.token_hex(8),
            text=line,
            is_private=True,
        )
        if self._studio is None:
            return
        try:
            card = await self._studio.say(order)
        except Refusal as refusal:
            card = refused(refusal)
        if not isinstance(card, JobCard):
            await self._guests.say(name, in_a_line(card))

    # --8<-- [end:talk]
