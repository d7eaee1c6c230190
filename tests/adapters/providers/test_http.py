"""What a broken call means, told by real sockets."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from adapters.calling import BODY_LIMIT
from adapters.network import open_client
from adapters.providers import http
from adapters.providers.http import Answer, Wire, told
from bot.trouble import Ambiguous, Passing, Throttled, Unreachable
from tests.listener import Behaviour, answering, serving


async def hang_up_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close as soon as the connection stands."""


async def hang_up_after_reading(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def reset_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def half_an_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"request_id"')
    await writer.drain()


async def no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"hello\r\n\r\n")
    await writer.drain()


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def a_trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    await reader.read()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_client() as client:
        yield Wire(client, {"Authorization": "Key secret"})


@pytest.mark.parametrize(
    "behaviour", [hang_up_at_once, hang_up_after_reading, reset_after_reading, half_an_answer, no_http]
)
async def test_a_create_that_breaks_after_the_connection_stood_may_have_happened(
    wire: Wire, behaviour: Behaviour
) -> None:
    async with serving(behaviour) as url:
        with pytest.raises(Ambiguous):
            await wire.create(url, {})


@pytest.mark.parametrize("behaviour", [silence, a_trickle])
async def test_a_create_that_is_not_answered_in_time_may_have_happened(
    wire: Wire, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "CALL_SECONDS", 0.1)
    async with serving(behaviour) as url:
        with pytest.raises(Ambiguous):
            await wire.create(url, {})


async def test_a_create_that_nobody_listened_to_certainly_did_not_happen(wire: Wire) -> None:
    async with serving(silence) as url:
        pass
    with pytest.raises(Unreachable):
        await wire.create(url, {})


async def test_a_create_to_a_name_that_does_not_exist_certainly_did_not_happen(wire: Wire) -> None:
    with pytest.raises(Unreachable):
        await wire.create("http://nobody.invalid/", {})


async def test_a_read_that_breaks_may_be_repeated(wire: Wire) -> None:
    async with serving(half_an_answer) as url:
        with pytest.raises(Passing):
            await wire.read(url)


async def test_an_answer_without_end_is_cut_off(wire: Wire) -> None:
    async with serving(answering("200 OK", b"x" * (BODY_LIMIT + 1))) as url:
        with pytest.raises(Passing):
            await wire.read(url)


async def test_an_answer_that_unpacks_without_end_is_cut_off_before_it_fills_the_memory(wire: Wire) -> None:
    bomb = gzip.compress(bytes(256 << 20))
    async with serving(answering("200 OK\r\ncontent-encoding: gzip", bomb)) as url:
        tracemalloc.start()
        try:
            with pytest.raises(Passing):
                await wire.read(url)
            assert tracemalloc.get_traced_memory()[1] < 64 << 20
        finally:
            tracemalloc.stop()


async def test_too_many_creates_did_not_happen_and_say_when_to_come_back(wire: Wire) -> None:
    async with serving(answering("429 Too Many Requests\r\nretry-after: 7")) as url:
        with pytest.raises(Throttled) as caught:
            await wire.create(url, {})
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("status", ["429 Too Many Requests", "500 Oops", "503 Busy"])
async def test_a_read_that_the_server_could_not_answer_may_be_repeated(wire: Wire, status: str) -> None:
    async with serving(answering(f"{status}\r\nretry-after: 3")) as url:
        with pytest.raises(Passing) as caught:
            await wire.read(url)
    assert caught.value.retry_after == 3


async def test_a_redirect_is_not_followed_with_the_key(wire: Wire) -> None:
    async with serving(answering("302 Found\r\nlocation: http://elsewhere.invalid/")) as url:
        assert (await wire.read(url)).status == 302


def answer(retry_after: str) -> Answer:
    return Answer(429, b"", httpx.Headers({"retry-after": retry_after}))


def test_retry_after_may_be_a_date() -> None:
    soon = answer(format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)).retry_after
    assert soon is not None
    assert 90 < soon <= 100


def test_retry_after_in_the_past_means_now() -> None:
    assert answer("Thu, 01 Jan 1970 00:00:00 GMT").retry_after == 0


@pytest.mark.parametrize(
    "header",
    ["", "soon", "-5", "Thu, 01 Jan 1970 00:00:00 -0000", "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"],
)
def test_retry_after_that_says_nothing_is_ignored(header: str) -> None:
    assert answer(header).retry_after is None


async def test_the_key_is_not_in_what_an_answer_is_said_to_have_said(wire: Wire) -> None:
    async with serving(answering("401 No", b'{"message": "secret is not a key"}')) as url:
        answer = await wire.read(url)
    assert answer.failure(answer.content).detail == "… is not a key"
    assert "secret" not in repr(answer).replace(repr(answer.body), "")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b'{"a": "\xff"}', b"9" * 10_000])
def test_a_body_that_is_no_json_says_nothing(body: bytes) -> None:
    broken = Answer(502, body, httpx.Headers())
    assert broken.failure(broken.content).detail == "HTTP 502"


def test_the_key_is_not_in_what_a_log_would_show_of_a_wire() -> None:
    assert "secret" not in repr(Wire(httpx.AsyncClient(), {"Authorization": "Key secret"}))


def test_a_provider_s_words_are_one_short_line() -> None:
    assert told("two\nlines\x1b[31m") == "two lines [31m"
    assert len(told("x" * 1000)) == 200
