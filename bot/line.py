"""Who is next. Persons take turns, so that one with twenty orders does not stand before everybody else."""

from collections import OrderedDict, deque
from collections.abc import Iterable

from bot.job import Job, JobId


class Line:
    """The jobs that wait for the same providers."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, deque[JobId]] = OrderedDict()
        self._person: dict[JobId, str] = {}

    def __len__(self) -> int:
        return len(self._person)

    def join(self, job: Job, *, first: bool = False) -> None:
        """`first` is for one that was taken before and came back."""
        if job.id in self._person:
            return
        self._person[job.id] = job.person
        jobs = self._turns.setdefault(job.person, deque())
        if first:
            jobs.appendleft(job.id)
            self._turns.move_to_end(job.person, last=False)
        else:
            jobs.append(job.id)

    def leave(self, job_id: JobId) -> None:
        person = self._person.pop(job_id, None)
        if person is None:
            return
        self._turns[person].remove(job_id)
        if not self._turns[person]:
            del self._turns[person]

    def take(self) -> JobId | None:
        """The next job; its person goes to the end of the turns."""
        if not self._turns:
            return None
        person = next(iter(self._turns))
        job_id = self._turns[person][0]
        self.leave(job_id)
        if person in self._turns:
            self._turns.move_to_end(person)
        return job_id

    def position(self, job_id: JobId) -> int | None:
        """1 for the next one; `None` for a job that does not wait here."""
        person = self._person.get(job_id)
        if person is None:
            return None
        round_of_job = self._turns[person].index(job_id)
        ahead, before_me = 0, True
        for other, jobs in self._turns.items():
            before_me = before_me and other != person
            ahead += round_of_job if other == person else min(len(jobs), round_of_job + before_me)
        return ahead + 1

    def first(self, count: int) -> list[JobId]:
        """The next jobs, in the order in which they would be taken if nobody joined."""
        found: list[JobId] = []
        for turn in range(max(map(len, self._turns.values()), default=0)):
            found += [jobs[turn] for jobs in self._turns.values() if turn < len(jobs)]
            if len(found) >= count:
                break
        return found[:count]


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
