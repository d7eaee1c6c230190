"""What the core needs of its store so that people decide over their own data, and nothing is kept longer than said."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.job import Identity, JobId


class UnlinkAttempt(StrEnum):
    PARTED = "parted"
    ALONE = "alone"
    """There was no other account."""
    BANNED = "banned"
    """One of the accounts is, and so all of them stay."""
    STRUCK = "struck"
    """A strike counts, and nobody knows any more with which of the accounts it was earned."""


class Archive(Protocol):
    """Each method is one transaction, durable when it returns; those with a limit do at most so much in it."""

    async def forget(self, identity: Identity, at: datetime, until: datetime) -> Sequence[JobId]:
        """Erase who the person behind the identity is and what they ordered; say which jobs had a clip on the disk.

        The amounts stay, with nobody's name; what was left of grants expires. Until then, and for as long as
        `end_memories` was not called, whoever comes back with one of the identities is the same person for what they
        may use. Raises `StillUnderWay` and erases nothing while a job is.
        """
        ...

    async def unlink(self, identity: Identity, at: datetime) -> UnlinkAttempt:
        """Make the identity a person of its own, with what was ordered with it; grants stay with the others."""
        ...

    async def sweep_clips(self, before: datetime, limit: int) -> Sequence[JobId]:
        """Note that clips of jobs that ended before then are kept no more, and say of which jobs."""
        ...

    async def erase_prompts(self, before: datetime, limit: int) -> int:
        """Erase the words of orders that ended before then, and requests to be let in from before then; how many."""
        ...

    async def end_memories(self, at: datetime, limit: int) -> int:
        """From now on nobody knows who those were whose time since they were forgotten is over; how many."""
        ...

    async def drop_events(self, before: datetime, limit: int) -> int:
        """No longer know again what was heard of forgotten jobs that ended before then; how many."""
        ...

    async def without_clip(self, jobs: Collection[JobId]) -> Sequence[JobId]:
        """Those of them that are unknown, or of which no clip is kept or on its way."""
        ...

    async def scrub(self) -> bool:
        """Leave nothing on the disk of what was erased; whoever writes waits meanwhile. False if there was nothing.

        Also while somebody else reads the database: it is all to be done again then.
        """
        ...
