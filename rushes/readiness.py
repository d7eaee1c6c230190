"""Whether orders are taken and filmed, and if not, what stands in the way."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.engine import Engine
from bot.ports import Clock
from bot.refusal import NotWritten
from rushes.platforms import NAMES, Platform
from storage.sqlite.store import SqliteStore

HOLDS = timedelta(seconds=1)
"""For how long what was found is told again: whoever can ask must not have us write all the time."""


class Readiness:
    def __init__(self, clock: Clock, store: SqliteStore, engine: Engine, platforms: Mapping[str, Platform]) -> None:
        self._clock = clock
        self._store = store
        self._engine = engine
        self._platforms = platforms
        self._asking = asyncio.Lock()
        self._asked_at: datetime | None = None
        self._missing: list[str] = []

    async def asked(self, _: Request) -> Response:
        missing = await self.missing()
        return PlainTextResponse("\n".join(missing) or "ready", 503 if missing else 200)

    async def missing(self) -> list[str]:
        """Nothing where all is well."""
        async with self._asking:
            now = self._clock.steady()
            if self._asked_at is None or now - self._asked_at >= HOLDS:
                self._missing = await self._look()
                self._asked_at = self._clock.steady()
        return self._missing

    async def _look(self) -> list[str]:
        missing = []
        try:
            await self._store.probe()
        except NotWritten as error:
            missing.append(f"The database cannot be written: {error.cause}.")
        if not self._engine.is_running:
            missing.append("The engine does not run: it has not begun yet, or is stopping.")
        if self._platforms and not any(platform.is_connected for platform in self._platforms.values()):
            missing.append(f"Not connected to {' nor '.join(NAMES[name] for name in self._platforms)}.")
        return missing
