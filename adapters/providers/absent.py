"""A provider whose key is not set, for jobs from the time when it was."""

from bot.job import Ticket
from bot.ports import CancelAnswer, Sight, Take
from bot.trouble import OutOfService, Passing

_LATER = 300.0
"""Seconds until somebody may have set the key again."""


class Absent:
    def __init__(self, remedy: str) -> None:
        """`remedy` names the setting that brings the provider back."""
        self._remedy = remedy

    async def submit(self, take: Take) -> Ticket:  # noqa: ARG002 - the port
        raise OutOfService(self._remedy)

    async def find(self, correlation: str) -> Ticket | None:  # noqa: ARG002 - the port
        raise Passing(self._remedy, retry_after=_LATER)

    async def look(self, ticket: Ticket) -> Sight:  # noqa: ARG002 - the port
        raise Passing(self._remedy, retry_after=_LATER)

    async def cancel(self, ticket: Ticket) -> CancelAnswer:  # noqa: ARG002 - the port
        raise Passing(self._remedy, retry_after=_LATER)
