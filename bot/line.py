"""Who is next. Persons take turns, so that one with twenty orders does not stand before everybody else."""

import itertools
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable

from bot.job import Job, JobId


class Line:
    """The jobs that wait for the same providers."""

    def __init__(self) -> None:
        self._jobs: dict[str, deque[JobId]] = {}
        self._person: dict[JobId, str] = {}
        self._turn: dict[str, int] = {}
        """Whoever has the smallest is next."""
        self._whose: dict[int, str] = {}
        self._rounds: list[list[int]] = []
        """The turns of those who have a job in the first round, in the second, and so on, each in order.

        With them a position is found without looking at everybody who stands there.
        """
        self._last, self._first = itertools.count(), itertools.count(-1, -1)

    def __len__(self) -> int:
        return len(self._person)

    def join(self, job: Job, *, first: bool = False) -> None:
        """`first` is for one that was taken before and came back."""
        if job.id in self._person:
            return
        person = self._person[job.id] = job.person
        jobs = self._jobs.setdefault(person, deque())
        if first:
            self._give_turn_up(person)
            jobs.appendleft(job.id)
            self._take_turn(person, next(self._first))
        else:
            jobs.append(job.id)
            turn = self._turn.get(person)
            if turn is None:
                self._take_turn(person, next(self._last))
            else:
                self._stand(turn, len(jobs) - 1)

    def leave(self, job_id: JobId) -> None:
        person = self._person.pop(job_id, None)
        if person is None:
            return
        turn, jobs = self._turn[person], self._jobs[person]
        jobs.remove(job_id)
        self._step_out(turn, len(jobs))
        if not jobs:
            del self._jobs[person], self._turn[person], self._whose[turn]

    def take(self) -> JobId | None:
        """The next job; its person goes to the end of the turns."""
        if not self._rounds:
            return None
        person = self._whose[self._rounds[0][0]]
        job_id = self._jobs[person][0]
        self.leave(job_id)
        if person in self._turn:
            self._give_turn_up(person)
            self._take_turn(person, next(self._last))
        return job_id

    def position(self, job_id: JobId) -> int | None:
        """1 for the next one; `None` for a job that does not wait here."""
        person = self._person.get(job_id)
        if person is None:
            return None
        mine = self._jobs[person].index(job_id)
        of_others = sum(len(turns) - 1 for turns in self._rounds[:mine])
        return mine + of_others + bisect_left(self._rounds[mine], self._turn[person]) + 1

    def first(self, count: int) -> list[JobId]:
        """The next jobs, in the order in which they would be taken if nobody joined."""
        in_order = ((number, turn) for number, turns in enumerate(self._rounds) for turn in turns)
        return [self._jobs[self._whose[turn]][number] for number, turn in itertools.islice(in_order, count)]

    def _take_turn(self, person: str, turn: int) -> None:
        self._turn[person] = turn
        self._whose[turn] = person
        for number in range(len(self._jobs[person])):
            self._stand(turn, number)

    def _give_turn_up(self, person: str) -> None:
        turn = self._turn.pop(person, None)
        if turn is not None:
            del self._whose[turn]
            for number in reversed(range(len(self._jobs[person]))):
                self._step_out(turn, number)

    def _stand(self, turn: int, number: int) -> None:
        if number == len(self._rounds):
            self._rounds.append([])
        insort(self._rounds[number], turn)

    def _step_out(self, turn: int, number: int) -> None:
        turns = self._rounds[number]
        del turns[bisect_left(turns, turn)]
        if not turns:
            # Nobody has more jobs than that.
            self._rounds.pop()


class Hall:
    """Everybody who waits: a line for each set of providers that could film the same jobs, most preferred first."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, ...], Line] = {}
        self._line_of: dict[JobId, Line] = {}

    @property
    def lines(self) -> Iterable[tuple[tuple[str, ...], Line]]:
        """Those in which somebody stands, the one whose turn was longest ago first."""
        return [(providers, line) for providers, line in self._lines.items() if len(line)]

    def join(self, job: Job, providers: tuple[str, ...], *, first: bool = False) -> None:
        line = self._line_of[job.id] = self._lines.setdefault(providers, Line())
        line.join(job, first=first)

    def leave(self, job_id: JobId) -> bool:
        """Whether the job stood in a line."""
        line = self._line_of.pop(job_id, None)
        if line:
            line.leave(job_id)
        return line is not None

    def take(self, line: Line) -> JobId:
        """The next job of a line in which somebody stands."""
        job_id = line.take()
        if job_id is None:
            raise LookupError
        del self._line_of[job_id]
        self._lines = dict(sorted(self._lines.items(), key=lambda each: each[1] is line))
        return job_id

    def position(self, job_id: JobId) -> int | None:
        line = self._line_of.get(job_id)
        return line.position(job_id) if line else None
