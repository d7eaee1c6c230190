"""Which job's word is next: of those that are due the most urgent, however many wait."""

import heapq
import itertools
from datetime import datetime

from bot.job import JobId

Urgency = tuple[bool, bool, datetime]


class Agenda:
    """Each job stands in it once, where it was put last."""

    def __init__(self) -> None:
        self._due: list[tuple[Urgency, int, JobId]] = []
        self._later: list[tuple[datetime, int, JobId, Urgency]] = []
        self._turn: dict[JobId, int] = {}
        self._turns = itertools.count()

    def put(self, job_id: JobId, urgency: Urgency, at: datetime | None = None) -> None:
        """Not before that moment, where one is given. The smallest urgency comes first."""
        turn = self._turn[job_id] = next(self._turns)
        if at is None:
            heapq.heappush(self._due, (urgency, turn, job_id))
        else:
            heapq.heappush(self._later, (at, turn, job_id, urgency))

    def take(self, now: datetime) -> JobId | None:
        """The most urgent one of those that are due, which then stands here no more."""
        self._call_up(now)
        if not self._due:
            return None
        _, _, job_id = heapq.heappop(self._due)
        del self._turn[job_id]
        return job_id

    def next_at(self, now: datetime) -> datetime | None:
        """When there is something to take; `None` where nothing stands here."""
        self._call_up(now)
        if self._due:
            return now
        return self._later[0][0] if self._later else None

    def _call_up(self, now: datetime) -> None:
        while self._later and (self._later[0][0] <= now or self._is_past(*self._later[0][1:3])):
            _, turn, job_id, urgency = heapq.heappop(self._later)
            if not self._is_past(turn, job_id):
                heapq.heappush(self._due, (urgency, turn, job_id))
        while self._due and self._is_past(*self._due[0][1:]):
            heapq.heappop(self._due)

    def _is_past(self, turn: int, job_id: JobId) -> bool:
        """It was put elsewhere since."""
        return self._turn.get(job_id) != turn
