"""What was uploaded, byte for byte, and where it can be fetched for a while."""

import hashlib
import itertools
import mimetypes
import re
from collections.abc import AsyncIterable
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path

from tests.discord_api.refusal import Json
from tests.discord_api.snowflakes import Snowflakes
from tests.telegram_api.clock import Clock

URL_SECONDS = 24 * 3600
UNWANTED = re.compile(r"[^\w.\-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    name: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    id: int
    channel_id: int
    name: str
    description: str
    path: Path
    size: int
    sha256: str

    def read(self) -> bytes:
        return self.path.read_bytes()


class Files:
    def __init__(self, folder: Path, clock: Clock, ids: Snowflakes) -> None:
        self.url = ""  # of the server, once it listens
        self._folder = folder
        self._clock = clock
        self._ids = ids
        self._numbers = itertools.count(1)
        self._kept: dict[int, Attachment] = {}

    async def store(self, name: str, pieces: AsyncIterable[bytes]) -> Upload:
        """As they arrive, so that no file is ever in memory."""
        path = self._folder / f"file_{next(self._numbers)}{Path(name).suffix}"
        digest, size = hashlib.sha256(), 0
        opened = open_new(path)
        try:
            async for piece in pieces:
                opened.write(piece)
                digest.update(piece)
                size += len(piece)
        finally:
            opened.close()
        return Upload(name=name, path=path, size=size, sha256=digest.hexdigest())

    def store_whole(self, name: str, content: bytes) -> Upload:
        path = self._folder / f"file_{next(self._numbers)}{Path(name).suffix}"
        path.write_bytes(content)
        return Upload(name=name, path=path, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    def attach(self, upload: Upload, channel_id: int, name: str = "", description: str = "") -> Attachment:
        attachment = Attachment(
            id=self._ids.next(),
            channel_id=channel_id,
            name=UNWANTED.sub("", (name or upload.name).replace(" ", "_")) or "unknown",
            description=description,
            path=upload.path,
            size=upload.size,
            sha256=upload.sha256,
        )
        self._kept[attachment.id] = attachment
        return attachment

    def url_of(self, attachment: Attachment) -> str:
        """Anew with every answer, and good for a day."""
        expires = f"{int(self._clock.now()) + URL_SECONDS:x}"
        issued = f"{int(self._clock.now()):x}"
        address = f"{self.url}/attachments/{attachment.channel_id}/{attachment.id}/{attachment.name}"
        return f"{address}?ex={expires}&is={issued}&hm={signature(attachment, expires)}&"

    def at(self, number: str, expires: str, signed: str) -> Attachment | None:
        """None where there is no such file, or where its address is of yesterday."""
        attachment = self._kept.get(int(number)) if number.isdecimal() else None
        if attachment is None or signed != signature(attachment, expires):
            return None
        return attachment if int(expires, 16) >= self._clock.now() else None

    def as_json(self, attachment: Attachment) -> Json:
        url = self.url_of(attachment)
        answer: Json = {"id": str(attachment.id), "filename": attachment.name, "size": attachment.size}
        answer |= {"url": url, "proxy_url": url}
        if attachment.description:
            answer["description"] = attachment.description
        kind, _ = mimetypes.guess_type(attachment.name)
        return answer | ({"content_type": kind} if kind else {})


def open_new(path: Path) -> BufferedWriter:
    return path.open("wb")


def signature(attachment: Attachment, expires: str) -> str:
    return hashlib.sha256(f"{attachment.id}/{attachment.name}/{expires}".encode()).hexdigest()
