"""The whole program among the members of busy Telegram groups."""

import asyncio
import hashlib
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from adapters.network import tls
from simulator.app import Addresses
from tests import hurried
from tests.ledger import ledger_in
from tests.process import Program
from tests.telegram_api.clock import Clock
from tests.telegram_api.messages import Message
from tests.telegram_api.people import Chat, Member
from tests.telegram_api.server import TelegramServer, telegram

AT_ONCE = 8
"""Clips that are on their way into chats at the same time."""


@dataclass
class Town:
    """Telegram and a provider, both outside of the program, and the folder in which it works."""

    server: TelegramServer
    addresses: Addresses
    folder: Path
    control: httpx.AsyncClient
    asked: list[Message] = field(default_factory=list)

    def program(self, **settings: str) -> AbstractAsyncContextManager[Program]:
        known = {
            "RUSHES_TELEGRAM_TOKEN": self.server.token,
            "RUSHES_TELEGRAM_API_URL": self.server.url,
        }
        return hurried.at_work(self.folder, self.addresses, **known | settings)

    async def orders(self, chat: Chat, member: Member, thread: int | None = None) -> None:
        text = f"/video a fox --res 360p --seed {len(self.asked) % 3}"
        self.asked.append(await self.server.says(member, chat, text, thread=thread))

    def copies(self, asked: Message) -> list[Message]:
        """The clips that can be seen in answer to a command."""
        return [m for m in self.server.replies(asked.chat) if m.media and m.reply_to is asked]

    def statuses(self) -> list[Message]:
        """What still tells of a job under way."""
        chats = {asked.chat.id: asked.chat for asked in self.asked}
        return [message for chat in chats.values() for message in self.server.replies(chat) if not message.media]

    def known_statuses(self) -> list[Message]:
        """Those that the program has written down; the others it wrote just before it was killed."""
        known = {status for (status,) in self._rows("SELECT status FROM jobs")}
        return [message for message in self.statuses() if f"{message.chat.id}/{message.id}" in known]

    def arrived(self) -> int:
        return sum(bool(self.copies(asked)) for asked in self.asked)

    async def until_arrived(self, count: int) -> None:
        await self.server.until(lambda: self.arrived() >= count, 90)

    async def source(self, job: str) -> bytes:
        """What the provider has under the address that it gave."""
        [(url,)] = self._rows("SELECT media_url FROM jobs WHERE id = ?", job)
        return (await self.control.get(url)).content

    def job_of(self, asked: Message) -> str:
        [(job,)] = self._rows("SELECT id FROM jobs WHERE chat = ? AND reply_to = ?", str(asked.chat.id), str(asked.id))
        return str(job)

    def _rows(self, statement: str, *values: str) -> list[tuple[str]]:
        with closing(sqlite3.connect(self.folder / "data" / "rushes.db")) as connection:
            return connection.execute(statement, values).fetchall()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


@pytest.fixture
async def town(tmp_path: Path, addresses: Addresses) -> AsyncIterator[Town]:
    uploads, folder = tmp_path / "uploads", tmp_path / "bot"
    uploads.mkdir()
    folder.mkdir()
    async with (
        telegram(uploads, clock=Clock(speed=hurried.SPEED)) as server,
        httpx.AsyncClient(verify=tls(), base_url=addresses.api) as control,
    ):
        yield Town(server, addresses, folder, control)


async def everybody_orders(town: Town) -> None:
    """Fifty members in a group, a supergroup and two topics of a forum, all at once."""
    members = [town.server.member(f"Member {number}") for number in range(50)]
    club = town.server.group("Club", *members[:17])
    school = town.server.supergroup("School", *members[17:34])
    forum = town.server.supergroup("Forum", *members[34:], is_forum=True)
    topics = [town.server.topic(forum, name).id for name in ("Foxes", "Hares")]
    await asyncio.gather(
        *(town.orders(club, member) for member in members[:17]),
        *(town.orders(school, member) for member in members[17:34]),
        *(town.orders(forum, member, topics[number % 2]) for number, member in enumerate(members[34:])),
    )


async def audit(town: Town, *, kills: int) -> None:
    sent: dict[str, str] = {}
    for asked in town.asked:
        job = town.job_of(asked)
        assert [kind for kind, _ in ledger_in(town.folder / "data" / "rushes.db", job)] == ["reserve", "settle"]
        copies = town.copies(asked)
        assert {copy.thread for copy in copies} == {asked.thread}
        sent[job] = copies[0].media.sha256 if copies[0].media else ""
        assert {copy.media.sha256 for copy in copies if copy.media} == {sent[job]}
    seen_twice = sum(len(town.copies(asked)) - 1 for asked in town.asked)
    assert max(len(town.copies(asked)) for asked in town.asked) <= 2
    assert seen_twice <= kills * AT_ONCE
    for job in list(sent)[:10]:
        assert hashlib.sha256(await town.source(job)).hexdigest() == sent[job]
    assert len((await town.control.get("/control/creates")).json()) == len(town.asked)


async def test_fifty_members_at_once_all_get_their_clips_although_the_program_is_killed_twice(town: Town) -> None:
    async with town.program() as program:
        await everybody_orders(town)
        await town.until_arrived(10)
        await program.kill()
    async with town.program() as program:
        await town.until_arrived(30)
        await program.kill()
    async with town.program() as program:
        await town.until_arrived(50)
        await town.server.until(lambda: not town.known_statuses(), 30)
        assert await program.stop() == 0
    await audit(town, kills=2)
    assert town.server.token not in town.log
    assert town.known_statuses() == []
    assert len(town.statuses()) <= 2 * AT_ONCE


async def test_with_a_public_address_telegram_calls_and_without_it_is_asked_again(town: Town) -> None:
    ann = town.server.member("Ann")
    chat = town.server.private(ann)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "RUSHES_WEB_PORT": str(port),
        "RUSHES_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RUSHES_FAL_JWKS_URL": f"{town.addresses.api}/fal/.well-known/jwks.json",
    }
    async with town.program(**settings) as program:
        await town.orders(chat, ann)
        await town.until_arrived(1)
        assert town.server.world.webhook.attempts
        assert await program.stop() == 0
    await town.orders(chat, ann)
    async with town.program() as program:
        await town.until_arrived(2)
        assert town.server.world.webhook.url == ""
        assert await program.stop() == 0
    assert town.server.token not in town.log


async def test_what_was_ordered_while_the_program_was_down_is_filmed_once(town: Town) -> None:
    ann = town.server.member("Ann")
    chat = town.server.private(ann)
    await town.orders(chat, ann)
    async with town.program() as program:
        await town.until_arrived(1)
        town.server.redeliver()
        await town.orders(chat, ann)
        await town.until_arrived(2)
        assert await program.stop() == 0
    assert len((await town.control.get("/control/creates")).json()) == 2


async def test_a_wrong_token_is_one_clear_line_and_the_end_where_nobody_else_is_served(town: Town) -> None:
    wrong = "110201543:AAwrongwrongwrongwrongwrongwrongwro"
    async with town.program(RUSHES_TELEGRAM_TOKEN=wrong, RUSHES_LOG_LEVEL="info") as program:
        assert await program.process.wait() == 2
    [line] = [line for line in town.log.splitlines() if "rushes.pulse" not in line]
    assert "RUSHES_TELEGRAM_TOKEN is not known to Telegram" in line
    assert wrong not in town.log


async def test_while_telegram_is_served_the_web_chat_is_not(town: Town) -> None:
    async with (
        town.program() as program,
        httpx.AsyncClient(verify=tls(), base_url=program.url) as client,
    ):
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.post("/telegram", json={"update_id": 1})).status_code == 403
