"""The points at which the program may die: before and after every call of a port, and when the network has answered.

`store.accept:before` and `store.accept:after`; `:raised` where the call did not return. The names come from the ports
themselves. A call that may take its time and is about a job also tells how far that is: `store.save.rendering:after`.
"""

import inspect
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, cast

from bot.job import Job, Phase
from bot.ports import Chat, Library, Operators, Provider, Store
from bot.rulebook import Rulebook

P = TypeVar("P")

PORTS: Mapping[str, type] = MappingProxyType(
    {
        "store": Store,
        "provider": Provider,
        "library": Library,
        "chat": Chat,
        "operators": Operators,
        "rulebook": Rulebook,
    }
)


def calls() -> frozenset[str]:
    """Every call of a port: `store.accept`."""
    return frozenset(
        f"{name}.{method}" for name, port in PORTS.items() for method in vars(port) if not method.startswith("_")
    )


def call_of(point: str) -> str:
    """`store.save` of `store.save.rendering:after`."""
    return ".".join(point.partition(":")[0].split(".")[:2])


class Fate(Protocol):
    def meets(self, point: str) -> bool:
        """Whether the program dies here."""
        ...


class Spared:
    """Lives until it is ended from outside."""

    def meets(self, point: str) -> bool:  # noqa: ARG002 - the protocol
        return False


@dataclass(slots=True)
class After:
    """Dies at one point or another, after so many."""

    left: int

    def meets(self, point: str) -> bool:  # noqa: ARG002 - the protocol
        self.left -= 1
        return self.left < 0


@dataclass(slots=True)
class Once:
    """Dies at the first point at which no life before it died."""

    before: frozenset[str]

    def meets(self, point: str) -> bool:
        return point not in self.before


@dataclass(slots=True)
class Ferry:
    """Takes the program away where its fate says so. `deaths` is the file that tells at which points that was."""

    fate: Fate
    deaths: Path

    def passes(self, point: str) -> None:
        if self.fate.meets(point):
            with self.deaths.open("a") as file:
                file.write(f"{point}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, port: P) -> P:
        """The port, each call of which is a point before and a point after."""
        return cast("P", _Mortal(name, port, self))

    def call(self, point: str, make: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(make):

            @wraps(make)
            async def awaited(*arguments: object, **named: object) -> object:
                with Crossing(self, f"{point}{_progress(arguments)}"):
                    return await make(*arguments, **named)

            return awaited

        @wraps(make)
        def called(*arguments: object, **named: object) -> object:
            with Crossing(self, point):
                return make(*arguments, **named)

        return called


class Crossing:
    """From one side of a call to the other."""

    def __init__(self, ferry: Ferry, point: str, *, has_before: bool = True) -> None:
        """Before a call leaves the program, a call of a port has begun."""
        self._ferry = ferry
        self._point = point
        self._has_before = has_before

    def __enter__(self) -> None:
        if self._has_before:
            self._ferry.passes(f"{self._point}:before")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._ferry.passes(f"{self._point}:after")
        elif issubclass(kind, Exception):
            self._ferry.passes(f"{self._point}:raised")


class _Mortal:
    def __init__(self, name: str, port: object, ferry: Ferry) -> None:
        self._name = name
        self._port = port
        self._ferry = ferry

    def __getattr__(self, method: str) -> object:
        found = getattr(self._port, method)
        return self._ferry.call(f"{self._name}.{method}", found) if callable(found) else found


def _progress(arguments: tuple[object, ...]) -> str:
    """How far the job is that the call is about."""
    job = next((argument for argument in arguments if isinstance(argument, Job)), None)
    if job is None:
        return ""
    delivery = f".{job.delivery}" if job.phase is Phase.DELIVERING else ""
    return f".{job.phase}{delivery}{'.told' if job.told else ''}"
