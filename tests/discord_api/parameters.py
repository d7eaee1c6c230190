"""A call's parameters, however they were encoded."""

import json
import re
from collections.abc import AsyncIterator, Mapping

from aiohttp import BodyPartReader, web

from tests.discord_api.fields import Fields
from tests.discord_api.files import Files, Upload
from tests.discord_api.refusal import Refused

PIECE = 64 * 1024
FILE = re.compile(r"files\[(\d+)]")


class Parameters:
    def __init__(
        self, path: Mapping[str, str], query: Mapping[str, str], body: object, uploads: dict[int, Upload]
    ) -> None:
        """`body` is an object, or a list where a whole set is given at once."""
        self.query = dict(query)
        self.body = body
        self.uploads = uploads
        self._path = path

    @property
    def fields(self) -> Fields:
        if not isinstance(self.body, dict):
            raise Refused(400, 50109, "The request body contains invalid JSON.")
        return Fields(self.body)

    @property
    def listed(self) -> list[Fields]:
        if not isinstance(self.body, list):
            raise Refused(400, 50109, "The request body contains invalid JSON.")
        return [Fields(value if isinstance(value, dict) else {}, str(n)) for n, value in enumerate(self.body)]

    @property
    def uploaded(self) -> int:
        """Bytes of all files together."""
        return sum(upload.size for upload in self.uploads.values())

    def word(self, name: str) -> str:
        """Of the path."""
        return self._path.get(name, "")

    def number(self, name: str) -> int:
        """Of the path; 0 is nobody's."""
        word = self.word(name)
        return int(word) if word.isdecimal() else 0


async def parameters_of(request: web.Request, files: Files) -> Parameters:
    """Uploads are written to disk as they arrive."""
    body: object = {}
    uploads: dict[int, Upload] = {}
    if request.content_type == "multipart/form-data":
        body, uploads = await form_of(request, files)
    elif request.can_read_body:
        body = parsed(await request.read())
    return Parameters(request.match_info, request.query, body, uploads)


async def form_of(request: web.Request, files: Files) -> tuple[object, dict[int, Upload]]:
    body: object = {}
    uploads: dict[int, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        named = FILE.fullmatch(part.name or "")
        if named:
            uploads[int(named[1])] = await files.store(part.filename or "unknown", pieces(part))
        elif part.name == "payload_json":
            body = parsed(await part.read())
    return body, uploads


async def pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while piece := await part.read_chunk(PIECE):
        yield piece


def parsed(content: bytes | bytearray) -> object:
    try:
        return json.loads(content)
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None
