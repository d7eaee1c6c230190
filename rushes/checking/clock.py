"""This machine's clock, against those of the servers that were asked anyway."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

import httpx

from bot.finding import Finding, Grade, good

MOST = timedelta(seconds=30)
"""By which a clock may be wrong before links, signatures and limits suffer."""


class Clocks:
    def __init__(self) -> None:
        self._ahead: list[float] = []
        """Seconds by which each server's clock is ahead of ours."""

    async def note(self, response: httpx.Response) -> None:
        try:
            theirs = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return
        if theirs.tzinfo:
            self._ahead.append((theirs - datetime.now(UTC)).total_seconds())

    def findings(self) -> Iterator[Finding]:
        """Of the one in the middle: a server may be wrong as well."""
        if not self._ahead:
            return
        ahead = median(self._ahead)
        if abs(ahead) <= MOST.total_seconds():
            yield good("as the servers say")
            return
        text = f"{abs(ahead):,.0f} s {'behind' if ahead > 0 else 'ahead of'} those of the servers that were asked"
        yield Finding(Grade.WRONG, text, "Have the machine set it by itself, as with timedatectl set-ntp true")
