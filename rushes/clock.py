import asyncio
import contextlib
from datetime import UTC, datetime


class SystemClock:
    """`bot.ports.Clock` of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
