"""Links to clips that no chat takes as a file. Whoever has one can watch, until the moment that it names."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.job import Clip
from bot.ports import Link

LIFETIME = timedelta(days=7)

_PATH = "shared"


class Sharing:
    def __init__(self, folder: Path, key: bytes, public_url: str, now: Callable[[], datetime]) -> None:
        """`key` makes links that nobody else can make; another one ends all those of before."""
        self._folder = folder
        self._key = key
        self._public_url = public_url.rstrip("/")
        self._now = now

    def link(self, clip: Clip) -> Link:
        until = (self._now() + LIFETIME).replace(microsecond=0)
        moment = int(until.timestamp())
        return Link(f"{self._public_url}/{_PATH}/{moment}/{self._sign(str(moment), clip.name)}/{clip.name}", until)

    def routes(self) -> list[Route]:
        return [Route(f"/{_PATH}/{{until}}/{{signature}}/{{name}}", self._watch)]

    async def _watch(self, request: Request) -> Response:
        until, signature, name = (request.path_params[part] for part in ("until", "signature", "name"))
        if not hmac.compare_digest(signature.encode(), self._sign(until, name).encode()):
            return PlainTextResponse("There is nothing here.", 404)
        if self._now() > datetime.fromtimestamp(int(until), UTC):
            return PlainTextResponse("This link has expired.", 410)
        file = self._folder / name
        if not file.is_file():
            return PlainTextResponse("This clip is no longer kept.", 410)
        headers = {"Cache-Control": "private, max-age=3600"}
        return FileResponse(file, media_type="video/mp4", headers=headers)

    def _sign(self, until: str, name: str) -> str:
        return hmac.new(self._key, f"{until} {name}".encode(), hashlib.sha256).hexdigest()
