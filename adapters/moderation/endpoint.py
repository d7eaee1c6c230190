"""`bot.ports.Moderator` at an HTTP endpoint of the shape that OpenAI gave it and others took over."""

from collections.abc import Mapping, Sequence

import httpx
from pydantic import BaseModel

from adapters.calling import NoReply, call
from bot.trouble import OutOfService, Passing

SECONDS = 10.0
"""For one prompt: somebody waits for the answer to an order."""

UNNAMED = "something"
"""What is wrong with a prompt that is flagged without a word of why."""

_HARMLESS = "a red fox in snow"

_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.PAYMENT_REQUIRED, httpx.codes.FORBIDDEN)


class _Result(BaseModel):
    flagged: bool
    categories: Mapping[str, bool | None] = {}


class _Answer(BaseModel):
    results: list[_Result]


class Endpoint:
    def __init__(self, client: httpx.AsyncClient, url: str, model: str, key: str | None = None) -> None:
        """Without a `key` nothing is said of who asks."""
        self._client = client
        self._url = f"{url.rstrip('/')}/moderations"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def flagged(self, prompt: str) -> Sequence[str]:
        result = _result_in(await self._asked(prompt))
        if not result.flagged:
            return ()
        return [name for name, is_so in result.categories.items() if is_so] or [UNNAMED]

    async def check(self) -> str:
        """Raises like `flagged`."""
        await self.flagged(_HARMLESS)
        return f"answers with {self._model}"

    async def _asked(self, prompt: str) -> bytes:
        payload = {"model": self._model, "input": prompt}
        try:
            reply = await call(self._client, "POST", self._url, seconds=SECONDS, headers=self._headers, payload=payload)
        except NoReply as failed:
            raise Passing(str(failed)) from failed
        # What stands in the body of a refusal may repeat the key.
        if reply.status in _REFUSED:
            raise OutOfService(f"it does not let us in (HTTP {reply.status})")
        if reply.status != httpx.codes.OK:
            raise Passing(f"HTTP {reply.status}")
        return reply.body


def _result_in(body: bytes) -> _Result:
    """Of the only prompt; raises `Passing` for what is no verdict on it."""
    try:
        (result,) = _Answer.model_validate_json(body).results
    except ValueError as error:
        raise Passing("the answer could not be read") from error
    return result
