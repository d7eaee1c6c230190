"""Whether Discord knows the token and lets the bot do its work, and the link with which a server invites it."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, RootModel

from adapters.network import FAILURES
from bot.finding import Finding, Grade, good
from bot.trouble import Passing, TokenRefused

_NEEDED: Mapping[str, int] = MappingProxyType(
    {
        "View Channels": 1 << 10,
        "Send Messages": 1 << 11,
        "Attach Files": 1 << 15,
        "Send Messages in Threads": 1 << 38,
    }
)
_ADMINISTRATOR = 1 << 3

PERMISSIONS = sum(_NEEDED.values())
"""Exactly what is needed to bring a clip into a channel or a thread."""

FEW_STARTS = 20
"""Of a thousand a day: a bot that starts again and again is soon let in no more."""

_MOST_SERVERS = 200
"""That Discord lists at once."""

_INVITE = "https://discord.com/oauth2/authorize"


class _Account(BaseModel):
    id: str


class _Team(BaseModel):
    owner_user_id: str


class _Application(BaseModel):
    id: str
    name: str
    owner: _Account | None = None
    team: _Team | None = None
    interactions_endpoint_url: str | None = None


class _Server(BaseModel):
    name: str
    permissions: int


class _Starts(BaseModel):
    remaining: int


class _Gateway(BaseModel):
    session_start_limit: _Starts


class _Servers(RootModel[list[_Server]]):
    pass


async def check(client: httpx.AsyncClient, token: str, api_url: str) -> str:
    """What is good to know of the bot. Raises `TokenRefused` or `Passing`; neither names the token."""
    return _told(await _application(client, token, api_url))


async def owner(client: httpx.AsyncClient, token: str, api_url: str) -> str | None:
    """The account to which the application belongs. Raises like `check`."""
    application = await _application(client, token, api_url)
    if application.team:
        return application.team.owner_user_id
    return application.owner.id if application.owner else None


async def inquire(client: httpx.AsyncClient, token: str, api_url: str) -> list[Finding]:
    """`check`, and what keeps the bot from being heard; it needs no privileged intent. Raises like `check`."""
    application = await _application(client, token, api_url)
    found = [good(_told(application))]
    if application.interactions_endpoint_url:
        remedy = "Empty the field INTERACTIONS ENDPOINT URL at https://discord.com/developers/applications"
        found.append(Finding(Grade.WRONG, "commands are sent to another address, and never arrive here", remedy))
    gateway = _read(_Gateway, await _asked(client, token, api_url, "gateway/bot"))
    if (left := gateway.session_start_limit.remaining) < FEW_STARTS:
        found.append(Finding(Grade.WRONG, f"{left} starts are left today", "Find out why rushes starts so often"))
    servers = _read(_Servers, await _asked(client, token, api_url, "users/@me/guilds")).root
    found += [_lacking(server, invitation(application.id)) for server in servers if list(_missing(server))]
    more = " or more" if len(servers) == _MOST_SERVERS else ""
    return [*found, good(f"in {len(servers):,} server{'s' * (len(servers) != 1)}{more}")]


def _told(application: _Application) -> str:
    return f"{application.name}; invite it with {invitation(application.id)}"


def invitation(application: str) -> str:
    asked = {"client_id": application, "scope": "bot applications.commands", "permissions": PERMISSIONS}
    return f"{_INVITE}?{urlencode(asked)}"


def _missing(server: _Server) -> Iterator[str]:
    """Channels may allow more, or less."""
    if not server.permissions & _ADMINISTRATOR:
        yield from (name for name, bit in _NEEDED.items() if not server.permissions & bit)


def _lacking(server: _Server, link: str) -> Finding:
    text = f"in {server.name} the bot lacks {', '.join(_missing(server))}"
    return Finding(Grade.LOOK, text, f"Give its role that, or open {link} again")


async def _application(client: httpx.AsyncClient, token: str, api_url: str) -> _Application:
    return _read(_Application, await _asked(client, token, api_url, "oauth2/applications/@me"))


async def _asked(client: httpx.AsyncClient, token: str, api_url: str, path: str) -> httpx.Response:
    try:
        answer = await client.get(f"{api_url.rstrip('/')}/{path}", headers={"Authorization": f"Bot {token}"})
    except FAILURES as error:
        raise _unclear(error) from None
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise TokenRefused("no bot has this token; reset it at https://discord.com/developers/applications")
    return answer


_Kind = TypeVar("_Kind", bound=BaseModel)


def _read(kind: type[_Kind], answer: httpx.Response) -> _Kind:
    try:
        return kind.model_validate_json(answer.content)
    except ValueError as error:
        raise _unclear(error) from None


def _unclear(error: Exception) -> Passing:
    return Passing(f"cannot be asked ({type(error).__name__}); look at RUSHES_DISCORD_API_URL")
