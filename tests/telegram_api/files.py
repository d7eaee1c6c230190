"""What was uploaded, byte for byte."""

import asyncio
import hashlib
import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image
from starlette.datastructures import UploadFile

from tests.telegram_api.refusal import bad_request

MOST_DOWNLOADED = 20 * 1024 * 1024
MOST_THUMBNAIL = 200_000
WIDEST_THUMBNAIL = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    id: str
    unique_id: str
    name: str
    type: str
    size: int
    sha256: str
    path: Path

    def read(self) -> bytes:
        return self.path.read_bytes()

    @property
    def is_mp4(self) -> bool:
        with self.path.open("rb") as opened:
            return opened.read(8)[4:] == b"ftyp"

    @property
    def address(self) -> str:
        return f"files/{self.path.name}"

    def as_json(self) -> dict[str, object]:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)

    async def keep(self, upload: UploadFile) -> StoredFile:
        if not upload.size:
            raise bad_request("file must be non-empty")
        name, kind = upload.filename or "file", upload.content_type or "application/octet-stream"
        return await asyncio.to_thread(self.store, upload.file, name, kind)

    def store(self, content: BinaryIO, name: str, kind: str) -> StoredFile:
        """Blocks; from any thread."""
        number = next(self._numbers)
        path = self._folder / f"file_{number}{Path(name).suffix}"
        content.seek(0)
        with path.open("wb") as kept:
            shutil.copyfileobj(content, kept, 1024 * 1024)
        with path.open("rb") as kept:
            digest = hashlib.file_digest(kept, "sha256").hexdigest()
        stored = StoredFile(
            id=f"BAACAgIAAxkB{number:06}{digest[:24]}",
            unique_id=f"AgAD{number:06}",
            name=name,
            type=kind,
            size=path.stat().st_size,
            sha256=digest,
            path=path,
        )
        self._kept[stored.id] = stored
        return stored

    def find(self, file_id: str) -> StoredFile:
        if file_id not in self._kept:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._kept[file_id]

    def at(self, address: str) -> StoredFile | None:
        return next((file for file in self._kept.values() if file.address == address), None)


def check_thumbnail(file: StoredFile) -> None:
    """Stricter than Telegram, which drops an unfit one without a word."""
    if file.size >= MOST_THUMBNAIL:
        raise bad_request("thumbnail is too big")
    try:
        with Image.open(file.path) as image:
            fits = image.format == "JPEG" and max(image.size) <= WIDEST_THUMBNAIL
    except OSError:
        fits = False
    if not fits:
        raise bad_request("thumbnail must be a JPEG of at most 320 by 320 pixels")
