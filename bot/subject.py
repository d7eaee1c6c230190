"""What is being worked at, for whoever writes the log: each line can say to which job, person and chat it belongs."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeVar

from bot.job import Identity, Job, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Empty where nobody knows."""

    job: str = ""
    person: str = ""
    """Of the identity, as rules name it: to be shown to nobody."""
    chat: str = ""
    """The same of the chat."""
    provider: str = ""


class Said(Protocol):
    """Whatever somebody says in some place."""

    @property
    def identity(self) -> Identity: ...

    @property
    def place(self) -> Place: ...


_NOTHING = Subject()
_SUBJECT: ContextVar[Subject] = ContextVar("subject")

S = TypeVar("S")
A = TypeVar("A", bound=Said)
R = TypeVar("R")


def subject() -> Subject:
    return _SUBJECT.get(_NOTHING)


@contextmanager
def about(job: Job, provider: str) -> Iterator[None]:
    with _set(_of(job, job.id, provider)):
        yield


def about_who_speaks(work: Callable[[S, A], Coroutine[Any, Any, R]]) -> Callable[[S, A], Coroutine[Any, Any, R]]:
    @wraps(work)
    async def listened(self: S, said: A) -> R:
        with _set(_of(said)):
            return await work(self, said)

    return listened


def _of(said: Said, job: str = "", provider: str = "") -> Subject:
    return Subject(job=job, person=said.identity.key, chat=said.place.chat_key, provider=provider)


@contextmanager
def _set(now: Subject) -> Iterator[None]:
    token = _SUBJECT.set(now)
    try:
        yield
    finally:
        _SUBJECT.reset(token)
