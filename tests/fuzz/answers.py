"""What providers answer, whatever is in it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

import httpx

from adapters.providers.aimlapi import Aimlapi
from adapters.providers.fal import Fal
from adapters.providers.pixverse import Pixverse
from adapters.providers.shortapi import Shortapi
from bot.catalogue import offer_named
from bot.job import Failure, Ticket
from bot.ports import Broken, CancelAnswer, Finished, Queued, Rendering, Stopped, Take
from bot.request import VideoRequest
from bot.trouble import LONGEST_ASKED, Rejected, Trouble

KEY = "id:7f3c-secret"

MOST_TOLD = 200
"""Characters that a provider's words may have here."""

STATUSES = (200, 201, 204, 301, 400, 401, 402, 403, 404, 408, 409, 422, 425, 429, 500, 503)

Dialect = Fal | Aimlapi | Shortapi | Pixverse

_NOTHING = b"{}"


def fal(data: bytes) -> None:
    _ask(Fal, "fal/pixverse-v5.5", data)


def aimlapi(data: bytes) -> None:
    _ask(Aimlapi, "aimlapi/pixverse-v5.5", data)


def shortapi(data: bytes) -> None:
    _ask(Shortapi, "shortapi/pixverse-v5.5", data)


def pixverse(data: bytes) -> None:
    _ask(Pixverse, "pixverse/pixverse-v5.5", data)


def _ask(dialect: Callable[[httpx.AsyncClient, str], Dialect], offer: str, data: bytes) -> None:
    """Which call, the status, a header, and the bodies of one answer after the other, in this order."""
    which, status, rest = (*data[:2], *b"\0\0")[0], (*data[1:2], 0)[0], data[2:]
    header, _, bodies = rest.partition(b"\n")
    answers = [
        httpx.Response(STATUSES[status % len(STATUSES)], headers=[(b"retry-after", _one_line(header))], content=body)
        for body in bodies.split(b"\x1e")
    ]
    asyncio.run(_asked(dialect, offer, which % 5, answers))


async def _asked(
    dialect: Callable[[httpx.AsyncClient, str], Dialect], offer: str, which: int, answers: Sequence[httpx.Response]
) -> None:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.host not in ("", None)
        return left.pop(0) if left else httpx.Response(200, content=_NOTHING)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        provider = dialect(client, KEY)
        take = Take(offer=offer_named(offer), request=VideoRequest(prompt="a fox"), correlation="c")
        old = Ticket(json.dumps(dict.fromkeys(("status", "response", "cancel"), "https://queue.fal.run/x")))
        calls: Sequence[Callable[[], Awaitable[object]]] = (
            lambda: provider.look(old),
            lambda: _submit_and_look(provider, take),
            lambda: provider.cancel(old),
            lambda: provider.find("c"),
            provider.check,
        )
        try:
            _check_found(await calls[which]())
        except Trouble as trouble:
            _check_trouble(trouble)


async def _submit_and_look(provider: Dialect, take: Take) -> object:
    """A ticket that was given is one that can be asked for."""
    ticket = await provider.submit(take)
    assert ticket
    return await provider.look(ticket)


def _check_found(found: object) -> None:
    match found:
        case Broken(Failure(_, detail)):
            _check_told(detail)
        case Finished(url):
            assert url is None or url
        case Queued(ahead):
            assert ahead is None or isinstance(ahead, int)
        case str():
            _check_told(found)
        case None | Rendering() | Stopped() | CancelAnswer():
            pass
        case other:
            raise AssertionError(other)


def _check_trouble(trouble: Trouble) -> None:
    _check_told(trouble.detail)
    assert trouble.retry_after is None or 0 <= trouble.retry_after <= LONGEST_ASKED
    if isinstance(trouble, Rejected):
        _check_told(trouble.failure.detail)


def _check_told(detail: str) -> None:
    assert len(detail) <= MOST_TOLD, detail
    assert detail.isprintable(), detail
    assert KEY.rpartition(" ")[2] not in detail


def _one_line(header: bytes) -> bytes:
    return header.replace(b"\r", b"").strip()
