"""The operator page on a real database, with a clock that the test holds in its hand."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette

from adapters.operator_page.machine import Machine
from adapters.operator_page.routes import OperatorPage
from rushes.pulse import Pulse
from tests.stage import Stage

TOKEN = "a token that nobody guesses"  # noqa: S105 - of the tests
HERE = "http://rushes.example"

_SEAL = re.compile(r'name="seal" value="([0-9a-f]+)"')


def page_of(stage: Stage, public_url: str | None = None) -> OperatorPage:
    return OperatorPage(
        token=TOKEN,
        public_url=public_url,
        clock=stage.clock,
        terms=stage.core.terms,
        tongues=stage.studio.tongues,
        desk=stage.desk,
        lookout=stage.core.lookout,
        library=stage.library,
        machine=Machine(Pulse(), stage.database.parent, stage.database),
    )


class Browser:
    """As much of one as the page without its script needs: cookies, forms, and where a POST comes from."""

    def __init__(self, page: OperatorPage, address: str = "192.0.2.1", here: str = HERE) -> None:
        transport = httpx.ASGITransport(app=Starlette(routes=page.routes()), client=(address, 1))
        self.client = httpx.AsyncClient(transport=transport, base_url=here, headers={"Origin": here})
        self._seal = ""

    async def get(self, path: str = "", status: int = 200) -> str:
        answer = await self.client.get(f"/operator{path}")
        assert answer.status_code == status, answer.text
        seal = _SEAL.search(answer.text)
        self._seal = seal[1] if seal else self._seal
        return answer.text

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """With the seal of the page that was looked at last."""
        return await self.client.post(f"/operator{path}", data={"seal": self._seal} | fields)

    async def sign_in(self, token: str = TOKEN, **fields: str) -> httpx.Response:
        await self.get("/login")
        return await self.post("/login", token=token, **fields)

    async def do(self, path: str, **fields: str) -> str:
        """The page that follows, with what came of it."""
        await self.get()
        answer = await self.post(path, **fields)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return await self.get(answer.headers["location"].removeprefix("/operator"))


@dataclass(frozen=True, slots=True)
class Office:
    stage: Stage
    page: OperatorPage
    browser: Browser
    """Of an operator who has signed in."""

    def stranger(self, address: str = "203.0.113.1") -> Browser:
        return Browser(self.page, address)


@asynccontextmanager
async def served(page: OperatorPage) -> AsyncIterator[str]:
    """On a loopback port, for browsers that are real and for lines that stay open."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=page.routes())
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve([listener]), name="web")
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        page.close()
        # Not by its flag, which the server looks at ten times a second.
        await server.shutdown([listener])
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def clip_file(folder: Path, name: str = "clip.mp4") -> Path:
    file = folder / name
    file.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(1000))
    return file
