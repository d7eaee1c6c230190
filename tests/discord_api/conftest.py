from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.discord_api.people import Channel, Guild, Member
from tests.discord_api.pointing import pointed_at
from tests.discord_api.server import DiscordServer, discord_api
from tests.telegram_api.clock import HeldClock


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any  # JSON of many shapes
    headers: httpx.Headers

    @property
    def code(self) -> int:
        """Discord's own."""
        return int(self.body["code"])

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong with the form: the code of the first error by path."""
        assert (self.status, self.code) == (400, 50035), self.body
        return dict(errors_in(self.body["errors"], ""))


Ask = Callable[..., Coroutine[None, None, Answer]]


def errors_in(errors: dict[str, Any], path: str) -> list[tuple[str, str]]:
    if "_errors" in errors:
        return [(path, errors["_errors"][0]["code"])]
    return [found for name, inner in errors.items() for found in errors_in(inner, f"{path}.{name}".lstrip("."))]


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def server(tmp_path: Path, clock: HeldClock) -> AsyncIterator[DiscordServer]:
    """Where time stands still, and to which discord.py is turned."""
    async with discord_api(tmp_path, clock=clock) as served:
        with pointed_at(served):
            yield served


@pytest.fixture
def ann(server: DiscordServer) -> Member:
    return server.member("Ann")


@pytest.fixture
def guild(server: DiscordServer, ann: Member) -> Guild:
    """Which is not Ann's own."""
    return server.guild("Film club", server.member("Zoe"), ann)


@pytest.fixture
def channel(server: DiscordServer, guild: Guild) -> Channel:
    return server.channel(guild, "general")


@pytest.fixture
async def client(server: DiscordServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10, headers={"Authorization": f"Bot {server.token}"}) as opened:
        yield opened


@pytest.fixture
def ask(server: DiscordServer, client: httpx.AsyncClient) -> Ask:
    """Call with JSON: `ask("POST", "/channels/1/messages", content="x")`, or with a list in the place of names."""

    async def asked(verb: str, path: str, *listed: object, **fields: object) -> Answer:
        sent = {"json": listed[0] if listed else fields} if verb not in {"GET", "DELETE"} else {}
        answer = await client.request(verb, f"{server.api_url}{path}", **sent)  # type: ignore[arg-type]
        return Answer(answer.status_code, answer.json() if answer.content else None, answer.headers)

    return asked
