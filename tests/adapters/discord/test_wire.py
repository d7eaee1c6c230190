"""What the library's errors mean, and what is remembered of a message."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from discord import DiscordServerError, Forbidden, HTTPException, NotFound, RateLimited

from adapters.chat.discord.handle import EARLY_SECONDS, Handle, handle_in
from adapters.chat.discord.wire import TOO_MANY_SECONDS, Late, Repeated, translated
from adapters.chat.discord.writing import Post, Writer
from adapters.chat.mishap import MessageGone, PlaceGone, TooLarge
from bot.trouble import DeliveryUnknown, NotNow, Passing, Trouble, Undeliverable
from tests.adapters.discord.club import Club
from tests.discord_api.bot import Bot
from tests.discord_api.faults import Fault

UNREACHABLE = aiohttp.ClientConnectorError(
    ConnectionKey("discord.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None),
    OSError("refused"),
)


@pytest.fixture
async def writer(closed: Club) -> AsyncIterator[Writer]:
    async with Bot() as bot:
        await bot.login(closed.server.token)
        yield Writer(bot, closed.stage.clock)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (UNREACHABLE, Passing),
        (aiohttp.ServerDisconnectedError(), DeliveryUnknown),
        (aiohttp.ClientPayloadError(), DeliveryUnknown),
        (ConnectionResetError(104, "reset"), DeliveryUnknown),
        (TimeoutError(), DeliveryUnknown),
    ],
)
def test_what_is_certain_is_told_from_what_is_not(error: Exception, trouble: type[Trouble]) -> None:
    with pytest.raises(trouble) as raised, translated():
        raise error
    assert type(raised.value) is trouble
    assert raised.value.__cause__ is error


def test_a_pause_that_the_library_tells_of_is_as_long_as_it_says() -> None:
    with pytest.raises(NotNow) as raised, translated():
        raise RateLimited(40.0)
    assert raised.value.retry_after == 40


def test_what_goes_well_is_left_alone() -> None:
    with translated():
        pass


@pytest.mark.parametrize(
    ("answer", "kind", "trouble"),
    [
        ((404, 10062), NotFound, Late),
        ((404, 10015), NotFound, Late),
        ((401, 50027), HTTPException, Late),
        ((400, 40060), HTTPException, Repeated),
        ((404, 10008), NotFound, MessageGone),
        ((403, 50005), Forbidden, MessageGone),
        ((400, 50083), HTTPException, MessageGone),
        ((404, 10003), NotFound, PlaceGone),
        ((403, 50001), Forbidden, PlaceGone),
        ((403, 50013), Forbidden, PlaceGone),
        ((403, 50007), Forbidden, PlaceGone),
        ((403, 50278), Forbidden, PlaceGone),
        ((400, 160005), HTTPException, PlaceGone),
        ((403, 0), Forbidden, PlaceGone),
        ((413, 0), HTTPException, TooLarge),
        ((413, 40005), HTTPException, TooLarge),
        ((400, 40005), HTTPException, TooLarge),
        ((400, 50035), HTTPException, Undeliverable),
        ((400, 40094), HTTPException, Undeliverable),
        ((503, 0), DiscordServerError, DeliveryUnknown),
    ],
)
async def test_an_answer_means(
    closed: Club, writer: Writer, answer: tuple[int, int], kind: type[HTTPException], trouble: type[Trouble]
) -> None:
    status, code = answer
    error = await raised_by(closed, writer, Fault(status=status, code=code, message="Why not"))
    assert isinstance(error.__cause__, kind)
    assert type(error) is trouble
    assert error.detail == f"{status} {code}: Why not"


async def test_a_ban_at_the_door_is_a_pause(closed: Club, writer: Writer) -> None:
    error = await raised_by(closed, writer, Fault(by_cloudflare=True))
    assert isinstance(error, NotNow)
    assert error.retry_after == TOO_MANY_SECONDS
    assert len(error.detail) <= 210


async def raised_by(club: Club, writer: Writer, fault: Fault) -> Trouble:
    """What the writer makes of such an answer."""
    club.server.fault("create_message", fault)
    with pytest.raises(Trouble) as raised:
        await writer.send(club.channel.id, Post(text="x"))
    return raised.value


def test_a_handle_is_read_as_it_was_written() -> None:
    for handle in (Handle(1), Handle(1, 2), Handle(1, 2, "token", 900, 10), Handle(1, None, "token", 900)):
        assert handle_in(handle.written()) == handle


def test_what_is_not_known_is_not_written() -> None:
    assert Handle(1, 2).written() == '{"channel":1,"message":2}'


@pytest.mark.parametrize("nothing", [None, ""])
def test_without_a_status_there_is_no_handle(nothing: str | None) -> None:
    assert handle_in(nothing) is None


def test_a_token_is_not_used_at_the_very_end() -> None:
    handle = Handle(1, 2, "token", 900, 10)
    assert handle.has_token(900 - EARLY_SECONDS - 1)
    assert not handle.has_token(900 - EARLY_SECONDS)
    assert not handle.without_token().has_token(0)
    assert handle.without_token() == Handle(1, 2)
