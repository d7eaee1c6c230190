"""A call's parameters, however they were encoded."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tests.telegram_api.refusal import Refused, bad_request

MOST_UPLOADED = 50_000_000
MOST_FIELD_BYTES = 1024 * 1024
NESTED = (
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "media",
    "message_ids",
    "reaction",
    "reply_markup",
    "reply_parameters",
    "scope",
)


class Parameters:
    def __init__(self, values: Mapping[str, object], uploads: Mapping[str, UploadFile]) -> None:
        self.values = {name: plain(name, value) for name, value in values.items()}
        self.uploads = dict(uploads)

    @property
    def uploaded(self) -> int:
        """Bytes of all files together."""
        return sum(upload.size or 0 for upload in self.uploads.values())

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(str(value).partition(".")[0])
        except ValueError:
            raise bad_request(f"{name} is not a valid Integer") from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in {"true", "yes", "1"}

    def mapping(self, name: str) -> dict[str, object]:
        """Empty where it was not given."""
        value = self.values.get(name)
        if value is None or value == "":
            return {}
        if not isinstance(value, dict):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object")
        return value

    def sequence(self, name: str) -> list[object] | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, list):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object")
        return value

    def within(self, name: str) -> "Parameters":
        """The parameters nested in this one, with the same uploads."""
        return Parameters(self.mapping(name), self.uploads)

    def check_size(self) -> None:
        if any((upload.size or 0) > MOST_UPLOADED for upload in self.uploads.values()):
            raise Refused(413, "Request Entity Too Large")


def plain(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name in NESTED and value:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if name.endswith("_id") and value.removeprefix("-").isdecimal() and name != "callback_query_id":
        return int(value)
    return value


@asynccontextmanager
async def parameters_of(request: Request) -> AsyncIterator[Parameters]:
    """Uploads are spooled to disk as they arrive, and gone afterwards."""
    query: dict[str, object] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        yield Parameters(query | body, {})
        return
    async with request.form(max_part_size=MOST_FIELD_BYTES) as form:
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        uploads = {name: value for name, value in form.items() if isinstance(value, UploadFile)}
        yield Parameters(query | values, uploads)
