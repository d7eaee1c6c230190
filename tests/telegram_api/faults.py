"""Calls that go wrong on purpose."""

import asyncio
from dataclasses import dataclass, field

import httpx
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from simulator.connection import TRANSPORT, Cut
from tests.telegram_api.refusal import Refused

ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """First a wait (`gate`, then `delay` seconds of ours), then what is answered instead; nothing: the usual answer."""

    after: bool = False  # the call has had its effect by then
    gate: asyncio.Event | None = None
    delay: float = 0
    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    cut: bool = False  # hang up without an answer
    silent: bool = False  # keep the connection and say nothing

    async def wait(self) -> None:
        if self.gate:
            await self.gate.wait()
        if self.delay:
            await asyncio.sleep(self.delay)

    def answer(self) -> Response | None:
        if self.cut:
            return Cut()
        if self.silent:
            return Silence()
        if self.status is None:
            return None
        parameters = {} if self.retry_after is None else {"retry_after": self.retry_after}
        refused = Refused(self.status, self.description or f"Error {self.status}", **parameters)
        return JSONResponse(refused.as_json(), self.status)


class Silence(Response):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # nothing is sent
        if TRANSPORT not in scope.get("extensions", {}):
            # A client in the same process has waited long enough at once.
            raise httpx.ReadTimeout("")
        while (await receive())["type"] != "http.disconnect":
            pass


@dataclass(slots=True)
class Planned:
    method: str  # in lower case
    fault: Fault
    times: int
    chat: int | None


@dataclass(slots=True)
class Faults:
    _planned: list[Planned] = field(default_factory=list)

    def plan(self, method: str, fault: Fault, times: int, chat: int | None) -> None:
        self._planned.append(Planned(method.lower(), fault, times, chat))

    def next(self, method: str, chat: object) -> Fault:
        """One that does nothing where none is planned. Polling is never meant by any."""
        meant = {method} if method == "getupdates" else {method, ANY}
        for planned in self._planned:
            if planned.method in meant and planned.chat in {None, chat}:
                planned.times -= 1
                if planned.times == 0:
                    self._planned.remove(planned)
                return planned.fault
        return Fault()

    def clear(self) -> None:
        self._planned.clear()
