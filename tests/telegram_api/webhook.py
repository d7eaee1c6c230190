"""Updates brought to the bot's own address, again until it says that it has them."""

import asyncio
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from tests.telegram_api.clock import Clock
from tests.telegram_api.parameters import Parameters
from tests.telegram_api.refusal import bad_request
from tests.telegram_api.updates import Update, Updates

PORTS = (443, 80, 88, 8443)
LONGEST_DELAY = 60
ANSWER_SECONDS = 60
SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


class Webhook:
    def __init__(self, updates: Updates, clock: Clock, changed: Callable[[], None]) -> None:
        self.url = ""
        self.secret = ""
        self.most_connections = 40
        self.last_error: tuple[int, str] | None = None
        self.attempts: list[tuple[int, int]] = []  # update id and status, 0 where there was no answer
        self._updates = updates
        self._clock = clock
        self._changed = changed
        self._served: set[tuple[str, int]] = set()

    def set(self, parameters: Parameters) -> None:
        url, secret = parameters.text("url"), parameters.text("secret_token")
        if url:
            check_url(url)
        if not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.most_connections = min(100, max(1, parameters.integer("max_connections") or 40))
        self.last_error = None
        self._updates.wanted.set()

    def as_json(self) -> dict[str, object]:
        pending = len(self._updates.pending) + len(self._updates.again)
        answer: dict[str, object] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if self.url:
            answer["max_connections"] = self.most_connections
        if self.last_error:
            answer |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        if self._updates.allowed is not None:
            answer["allowed_updates"] = sorted(self._updates.allowed)
        return answer

    async def run(self) -> None:
        self._served.clear()
        # One client, and no connection kept: the other side restarts at will.
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, limits=limits) as client, asyncio.TaskGroup() as group:
            while True:
                self._updates.wanted.clear()
                for update in self._waiting() if self.url else ():
                    if update.line not in self._served and len(self._served) < self.most_connections:
                        self._served.add(update.line)
                        group.create_task(self._serve(update.line, client), name=f"webhook {update.line}")
                await self._updates.wanted.wait()

    def _waiting(self) -> list[Update]:
        return sorted(self._updates.again + self._updates.pending, key=lambda update: update.id)

    async def _serve(self, line: tuple[str, int], client: httpx.AsyncClient) -> None:
        delay, failures = 1, 0
        try:
            while self.url and (update := next((u for u in self._waiting() if u.line == line), None)):
                if await self._is_taken(update, client):
                    self._updates.forget(update)
                    delay, failures = 1, 0
                    continue
                # The second attempt follows at once, the others after two seconds, four, eight ...
                delay = min(LONGEST_DELAY, delay * 2) if failures else delay
                await self._clock.sleep(delay if failures else 0)
                failures += 1
        finally:
            self._served.discard(line)
            self._updates.wanted.set()

    async def _is_taken(self, update: Update, client: httpx.AsyncClient) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            answer = await client.post(self.url, json=update.as_json(), headers=headers)
        except httpx.HTTPError as error:
            self._failed(
                update, 0, "Read timeout expired" if isinstance(error, httpx.TimeoutException) else "Connection refused"
            )
            return False
        if answer.is_success:
            self.attempts.append((update.id, answer.status_code))
            return True
        self._failed(
            update, answer.status_code, f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        )
        return False

    def _failed(self, update: Update, status: int, why: str) -> None:
        self.attempts.append((update.id, status))
        self.last_error = int(self._clock.now()), why
        self._changed()


def check_url(url: str) -> None:
    """Plain HTTP is for loopback, where no certificate can be had."""
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
