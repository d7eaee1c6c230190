import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta

_START = datetime(2000, 1, 1, tzinfo=UTC)


class SystemClock:
    """`bot.ports.Clock` of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> datetime:
        return _START + timedelta(seconds=time.monotonic())

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
