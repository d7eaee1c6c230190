"""Providers whose other side is a script, for answers that no test could ask the simulator for."""

from collections.abc import Callable
from typing import Protocol

import httpx

from adapters.providers.aimlapi import Aimlapi
from adapters.providers.fal import Fal
from adapters.providers.pixverse import Pixverse
from adapters.providers.shortapi import Shortapi
from bot.catalogue import offer_named
from bot.ports import Provider, Take
from bot.request import Ratio, Resolution, Style, Thinking, VideoRequest

KEY = "id:secret"
CORRELATION = "0b6f3a52-6f0e-4d7c-9d3e-0f4f3c1f7a11"
A_FOX = VideoRequest(prompt="a fox")
EVERYTHING = VideoRequest(
    prompt="a fox",
    ratio=Ratio.TALL,
    resolution=Resolution.P540,
    seconds=8,
    negative="blur",
    style=Style.ANIMATION,
    seed=0,
    audio=False,
    multi_clip=True,
    thinking=Thinking.OFF,
    model="pixverse-v5.5",
)


class Checked(Provider, Protocol):
    """A provider that can also say whether its key is good."""

    async def check(self) -> str: ...


Maker = Callable[[httpx.AsyncClient, str], Checked]
MAKERS: dict[str, Maker] = {"fal": Fal, "aimlapi": Aimlapi, "shortapi": Shortapi, "pixverse": Pixverse}


def scripted(*answers: httpx.Response) -> tuple[httpx.AsyncClient, list[httpx.Request]]:
    """A client that is answered in this order, and what it asked."""
    asked: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer)), asked


def made(provider: str, *answers: httpx.Response) -> tuple[Checked, list[httpx.Request]]:
    client, asked = scripted(*answers)
    return MAKERS[provider](client, KEY), asked


def take(offer: str, request: VideoRequest = A_FOX, callback: str | None = None) -> Take:
    return Take(offer=offer_named(offer), request=request, correlation=CORRELATION, callback=callback)
