"""A provider in which everything renders for ever, as cheaply as can be: it shares the machine with what we measure."""

import asyncio
import json

SPREAD = 0.043
"""Seconds that the first answer about each job takes, so that thousands that are resumed at once part."""

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
_RENDERING = json.dumps({"id": "1", "status": "generating"}).encode()


class Renderer:
    def __init__(self) -> None:
        self.connections = 0
        self.looks = 0
        self.known: set[bytes] = set()


class Line(asyncio.Protocol):
    """One connection. `/counts` says how many there were, and how many looks."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._begun = b""
        self._transport: asyncio.WriteTransport | None = None
        renderer.connections += 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment] # that of a stream can be written to

    def data_received(self, data: bytes) -> None:
        *requests, self._begun = (self._begun + data).split(b"\r\n\r\n")
        for request in requests:
            self._answer(request.split(b" ", 2)[1])

    def _answer(self, path: bytes) -> None:
        if path == b"/counts":
            self._say(json.dumps([self._renderer.connections, self._renderer.looks]).encode())
            return
        self._renderer.looks += 1
        if path in self._renderer.known:
            self._say(_RENDERING)
        else:
            self._renderer.known.add(path)
            asyncio.get_running_loop().call_later(SPREAD, self._say, _RENDERING)

    def _say(self, body: bytes) -> None:
        if self._transport:
            self._transport.write(_ANSWER % (len(body), body))


async def main() -> None:
    renderer = Renderer()
    server = await asyncio.get_running_loop().create_server(lambda: Line(renderer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
