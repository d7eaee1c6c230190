"""When a fault is due.

One is asked for in three ways. `sim:moderated` in a prompt concerns that generation alone.
One that is armed (see `control`) befalls the next calls that match. One that is always there concerns
every generation, as though each prompt named it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from simulator.fault_table import TABLE, Fault, Point

W = TypeVar("W")

SPOKEN = re.compile(r"\bsim:([a-z0-9-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that a fault may befall."""

    points: tuple[Point, ...]  # more than one where a dialect tells in one answer what others tell in two
    dialect: str
    subject: str  # the generation; for a create, which has none yet, the prompt
    spoken: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Armed:
    fault: Fault
    left: int
    dialect: str | None


class UnknownFault(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"No fault is called {name!r}; there are: {', '.join(TABLE)}")


class Faults:
    def __init__(self, always: Sequence[str] = ()) -> None:
        """Raise `UnknownFault` for a name that is not in the table."""
        for name in always:
            if name not in TABLE:
                raise UnknownFault(name)
        self.armed: list[Armed] = []
        self._always = tuple(always)
        self._befallen: Counter[tuple[str, str, str]] = Counter()

    def arm(self, fault: Fault, count: int, dialect: str | None) -> None:
        self.armed.append(Armed(fault=fault, left=count, dialect=dialect))

    def clear(self) -> None:
        self.armed.clear()

    def due(self, call: Call) -> Fault | None:
        """Find the fault that befalls this call; asking uses it up."""
        for point in call.points:
            fault = self._next_armed(point, call.dialect) or self._next_spoken(point, call)
            if fault:
                return fault
        return None

    def manners(self, dialect: str, prompt: str) -> tuple[str, ...]:
        """Names of all that a create is to be answered by; asking uses up one that is armed."""
        return self._lasting(Point.MANNER, dialect, prompt)

    def course(self, dialect: str, prompt: str) -> tuple[str, ...]:
        """Names of the faults that go with a new generation; asking uses up one that is armed."""
        return self._lasting(Point.COURSE, dialect, prompt)

    def _lasting(self, point: Point, dialect: str, prompt: str) -> tuple[str, ...]:
        armed = self._next_armed(point, dialect)
        names = (*((armed.name,) if armed else ()), *spoken(prompt), *self._always)
        return tuple(dict.fromkeys(names))

    def _next_armed(self, point: Point, dialect: str) -> Fault | None:
        for armed in self.armed:
            if armed.fault.point is point and armed.dialect in (None, dialect):
                armed.left -= 1
                self.armed = [each for each in self.armed if each.left > 0]
                return armed.fault
        return None

    def _next_spoken(self, point: Point, call: Call) -> Fault | None:
        for fault in (TABLE[name] for name in dict.fromkeys((*call.spoken, *self._always))):
            if fault.point is point and not self._is_over(fault, call):
                return fault
        return None

    def _is_over(self, fault: Fault, call: Call) -> bool:
        befallen = (call.dialect, call.subject, fault.name)
        if fault.times is None:
            return False
        if self._befallen[befallen] < fault.times:
            self._befallen[befallen] += 1
            return False
        if fault.point is Point.CREATE:  # this prompt gets through; when it comes again, it fails again
            del self._befallen[befallen]
        return True


def spoken(prompt: str) -> tuple[str, ...]:
    """Faults that the prompt asks for. Other words after `sim:` are part of the picture."""
    return tuple(name for name in SPOKEN.findall(prompt) if name in TABLE)


def chosen(names: Sequence[str], ways: Mapping[str, W], turn: int, usual: int | None = None) -> W:
    """Of several ways to speak, the one that is asked for by name, else each of the first `usual` in its turn."""
    for name in names:
        if name in ways:
            return ways[name]
    return list(ways.values())[:usual][turn % (usual or len(ways))]
