"""What the chats see of the jobs while they run."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from bot.allowance import Use
from bot.card import JobCard
from bot.job import Job, JobId
from bot.line import Hall
from bot.ports import Chat
from bot.speech import Language, Languages, speaking
from bot.usage import left_words
from bot.waiting import Schedules
from bot.wording import job_card


class Screen:
    def __init__(self, chats: Mapping[str, Chat], hall: Hall, schedules: Schedules, languages: Languages) -> None:
        self._chats = chats
        self._hall = hall
        self._schedules = schedules
        self._languages = languages
        self._ahead: dict[JobId, int] = {}
        self._left: dict[JobId, str] = {}

    def card(self, job: Job, language: Language | None = None) -> JobCard:
        """In the language in which it was ordered, unless somebody else reads it."""
        with speaking(language) if language else self.speaking_of(job):
            return job_card(
                job,
                position=self._hall.position(job.id),
                ahead=self._ahead.get(job.id),
                usual=self._schedules.usual(job.offer, job.shot),
                left=self._left.get(job.id, ""),
            )

    def speaking_of(self, job: Job) -> AbstractContextManager[None]:
        """For whatever else is said to its chat, or noted for it."""
        return speaking(self._languages.named(job.language))

    def note_left(self, job: Job, uses: Iterable[Use]) -> None:
        """What its person has left is said on the card until the job is forgotten."""
        with self.speaking_of(job):
            self._left[job.id] = left_words(uses)

    def show(self, job: Job) -> JobCard:
        """What it shows."""
        card = self.card(job)
        if chat := self._chats.get(job.place.platform):
            chat.show(job, card)
        return card

    def knows_ahead(self, job_id: JobId, ahead: int | None) -> bool:
        """Whether `queued` would show nothing new."""
        return self._ahead.get(job_id) == ahead

    def queued(self, job: Job, ahead: int | None) -> None:
        """What the provider said of its own queue; shown where it is news."""
        before = self._ahead.get(job.id)
        if ahead is None:
            self._ahead.pop(job.id, None)
        else:
            self._ahead[job.id] = ahead
        if ahead != before:
            self.show(job)

    def forget(self, job: Job) -> None:
        self._ahead.pop(job.id, None)
        self._left.pop(job.id, None)
