"""The media origin: a host of its own, which serves the films and must never see a key."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator.clips import Clips
from simulator.clock import Clock
from simulator.connection import Cut, CutMidway, dribbling, padded
from simulator.fault_table import Effect, Fault, Point
from simulator.faults import Call, Faults
from simulator.generations import Generation, Generations, Outcome, Phase

SECRETS = ("authorization", "api-key", "x-api-key", "proxy-authorization", "cookie")
VIDEO = "video/mp4"
A_LOT = 256 * 1024**2  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A request that carried what belongs to the provider alone."""

    path: str
    headers: tuple[str, ...]
    at: float


class Links:
    """URLs of films. Each asking makes a new one, which tells when it was made."""

    def __init__(self, *, base: str, clock: Clock, lifetime: float | None) -> None:
        """`lifetime` is in seconds; None: for ever."""
        self.base, self._clock, self._lifetime = base.rstrip("/"), clock, lifetime
        self._made: Counter[str] = Counter()
        self._revoked: set[str] = set()

    def make(self, generation: Generation, name: str = "output.mp4") -> str:
        token = generation.media_token
        self._made[token] += 1
        return f"{self.base}/{token}/{int(self._clock.now())}/{self._made[token]}/{name}"

    def revoke(self, path: str) -> None:
        self._revoked.add(path)

    def is_over(self, path: str, made_at: int) -> bool:
        old = self._lifetime is not None and self._clock.now() > made_at + self._lifetime
        return old or path in self._revoked


class Media:
    def __init__(self, *, generations: Generations, clips: Clips, links: Links, faults: Faults, clock: Clock) -> None:
        self.violations: list[Violation] = []
        self._generations, self._clips, self._links = generations, clips, links
        self._faults, self._clock = faults, clock

    def app(self) -> Starlette:
        path = "/{token}/{made_at:int}/{number:int}/{name}"
        return Starlette(routes=[Route(path, self._serve, methods=["GET", "HEAD"])])

    async def _serve(self, request: Request) -> Response:
        secrets = tuple(header for header in SECRETS if header in request.headers)
        if secrets:
            self.violations.append(Violation(path=request.url.path, headers=secrets, at=self._clock.now()))
            return PlainTextResponse(f"This host must not be sent: {', '.join(secrets)}", 400)
        generation = self._generations.find_by_media(request.path_params["token"])
        if generation is None or not self._is_filmed(generation):
            return PlainTextResponse("Not found", 404)
        return await self._film(request, generation)

    def _is_filmed(self, generation: Generation) -> bool:
        ended = self._generations.phase(generation) is Phase.ENDED
        return ended and generation.outcome is Outcome.FILMED

    async def _film(self, request: Request, generation: Generation) -> Response:
        path, ask = request.url.path, generation.ask
        if self._links.is_over(path, request.path_params["made_at"]):
            return expired()
        call = Call(points=(Point.MEDIA,), dialect=ask.dialect, subject=generation.id, spoken=ask.faults)
        fault = self._faults.due(call)
        if fault and fault.effect is Effect.EXPIRE:
            self._links.revoke(path)
            return expired()
        file = await self._clips.path(ask.film)
        return self._spoilt(file, fault) if fault else FileResponse(file, media_type=VIDEO)

    def _spoilt(self, file: Path, fault: Fault) -> Response:
        match fault.effect:
            case Effect.REFUSE:
                return refusal(fault)
            case Effect.CUT:
                return Cut()
            case Effect.HTML:
                return HTMLResponse("<!doctype html><title>One moment</title><p>Checking your browser…</p>")
            case _:
                etag = FileResponse(file, stat_result=file.stat()).headers["etag"]
                return self._spoilt_film(file.read_bytes(), etag, fault)

    def _spoilt_film(self, film: bytes, etag: str, fault: Fault) -> Response:
        match fault.effect:
            case Effect.TRUNCATE:
                return Response(film[: len(film) // 2], media_type=VIDEO)
            case Effect.CUT_MIDWAY:
                return CutMidway(film, media_type=VIDEO, headers={"etag": etag})
            case Effect.UNSIZED:
                return StreamingResponse(padded(film, 0), media_type=VIDEO)
            case Effect.OVERSIZE:
                return StreamingResponse(padded(film, A_LOT), media_type=VIDEO)
            case _:
                return dribbling(Response(film, media_type=VIDEO), fault.seconds, self._clock)


def expired() -> Response:
    return PlainTextResponse("This link has expired", 403)


def refusal(fault: Fault) -> Response:
    headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    return PlainTextResponse("No", fault.status, headers)
