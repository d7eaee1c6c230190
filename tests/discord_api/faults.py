"""Calls that go wrong on purpose."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.discord_api.refusal import Json

ANY = "*"
HTML = "<html><body>You are being blocked from accessing our API temporarily. (error 1015)</body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """First a wait (`gate`, then `delay` seconds of ours), then what is answered instead; nothing: the usual answer."""

    after: bool = False  # the call has had its effect by then
    gate: asyncio.Event | None = None
    delay: float = 0
    status: int | None = None
    code: int = 0
    message: str = ""
    retry_after: float | None = None  # for this one call, or for all where it is global
    is_global: bool = False
    by_cloudflare: bool = False  # who answers in HTML, and does not say that it is in between
    cut: bool = False  # hang up without an answer
    silent: bool = False  # keep the connection and say nothing

    async def wait(self) -> None:
        if self.gate:
            await self.gate.wait()
        if self.delay:
            await asyncio.sleep(self.delay)

    def as_json(self) -> Json:
        answer: Json = {"message": self.message or f"{self.status}: {HTTPStatus(self.status or 500).phrase}"}
        if self.retry_after is not None:
            return answer | {"retry_after": self.retry_after, "global": self.is_global}
        return answer | {"code": self.code}


@dataclass(slots=True)
class Planned:
    route: str
    fault: Fault
    times: int
    channel: int | None


@dataclass(slots=True)
class Faults:
    _planned: list[Planned] = field(default_factory=list)

    def plan(self, route: str, fault: Fault, times: int, channel: int | None) -> None:
        self._planned.append(Planned(route, fault, times, channel))

    def next(self, route: str, channel: int | None) -> Fault:
        """One that does nothing where none is planned."""
        for planned in self._planned:
            if planned.route in {route, ANY} and planned.channel in {None, channel}:
                planned.times -= 1
                if planned.times == 0:
                    self._planned.remove(planned)
                return planned.fault
        return Fault()

    def clear(self) -> None:
        self._planned.clear()
