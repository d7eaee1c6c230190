"""What can go wrong, by name, and when it is due.

A fault is asked for in two ways. `sim:moderated` in a prompt concerns that generation alone.
One that is armed (see `control`) befalls the next calls that match.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

SPOKEN = re.compile(r"\bsim:([a-z0-9-]+)")


class Point(StrEnum):
    """Where a fault strikes."""

    CREATE = "create"
    COURSE = "course"
    STATUS = "status"
    RESULT = "result"
    MEDIA = "media"


class Effect(StrEnum):
    REFUSE = "refuse"
    CUT = "cut"  # the call is not taken in
    VANISH = "vanish"  # the call is taken in, its answer is lost
    DELAY = "delay"
    DRIBBLE = "dribble"
    GARBLE = "garble"
    OVERSIZE = "oversize"
    UNKNOWN_WORD = "unknown word"
    NO_VIDEO = "no video"
    MODERATE = "moderate"
    FAIL = "fail"
    CRASH = "crash"
    NEVER_END = "never end"
    EXPIRE = "expire"
    TRUNCATE = "truncate"
    HTML = "html"
    UNSIZED = "unsized"
    CUT_MIDWAY = "cut midway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    name: str
    point: Point
    effect: Effect
    help: str
    status: int = 0  # the HTTP status of a refusal
    times: int | None = 1  # calls for one generation that it befalls; None: all of them
    retry_after: int | None = None  # seconds, told in the header
    seconds: float = 0.0  # how long a slow answer takes


def course(name: str, effect: Effect, help_: str) -> Fault:
    return Fault(name=name, point=Point.COURSE, effect=effect, help=help_, times=None)


def media(name: str, effect: Effect, help_: str, *, times: int | None = None, seconds: float = 0) -> Fault:
    return Fault(name=name, point=Point.MEDIA, effect=effect, help=help_, times=times, seconds=seconds)


def refused(point: Point, status: int, help_: str, retry_after: int | None = None) -> Fault:
    return Fault(
        name=f"{point}-{status}",
        point=point,
        effect=Effect.REFUSE,
        help=help_,
        status=status,
        retry_after=retry_after,
    )


def on_every_call(point: Point) -> list[Fault]:
    """List what can happen to any call of the API."""
    return [
        refused(point, 401, "the key is not accepted"),
        refused(point, 404, "not found, although it exists"),
        refused(point, 429, "too many requests, with Retry-After", retry_after=1),
        refused(point, 500, "the server fails"),
        refused(point, 502, "the gateway fails"),
        refused(point, 503, "unavailable, with Retry-After", retry_after=1),
        refused(point, 504, "the gateway waits too long"),
        Fault(name=f"{point}-cut", point=point, effect=Effect.CUT, help="the connection breaks before"),
        Fault(name=f"{point}-vanish", point=point, effect=Effect.VANISH, help="taken in, no answer comes"),
        Fault(name=f"{point}-delay", point=point, effect=Effect.DELAY, help="answered late", seconds=5),
        Fault(name=f"{point}-dribble", point=point, effect=Effect.DRIBBLE, help="a slow body", seconds=5),
        Fault(name=f"{point}-garbled", point=point, effect=Effect.GARBLE, help="half of the JSON"),
        Fault(name=f"{point}-oversize", point=point, effect=Effect.OVERSIZE, help="an answer of 32 MiB"),
    ]


FAULTS = (
    course("moderated", Effect.MODERATE, "ends refused by the content check"),
    course("failed", Effect.FAIL, "ends as failed by the model"),
    course("crashed", Effect.CRASH, "ends as failed by the runner"),
    course("endless", Effect.NEVER_END, "renders for ever"),
    *on_every_call(Point.CREATE),
    replace(refused(Point.CREATE, 403, "the account has no money left"), name="broke", times=None),
    *on_every_call(Point.STATUS),
    Fault(
        name="unknown-word",
        point=Point.STATUS,
        effect=Effect.UNKNOWN_WORD,
        help="a status that nobody knows",
        times=2,
    ),
    *on_every_call(Point.RESULT),
    Fault(name="no-video-once", point=Point.RESULT, effect=Effect.NO_VIDEO, help="success without video, once"),
    Fault(
        name="no-video",
        point=Point.RESULT,
        effect=Effect.NO_VIDEO,
        help="success without video, always",
        times=None,
    ),
    media("media-expired", Effect.EXPIRE, "403 until the provider is asked for the link anew", times=1),
    replace(refused(Point.MEDIA, 404, "the file is gone for good"), name="media-gone", times=None),
    refused(Point.MEDIA, 500, "the media server fails"),
    refused(Point.MEDIA, 503, "the media server is unavailable, with Retry-After", retry_after=1),
    media("media-cut", Effect.CUT, "the connection breaks before an answer", times=1),
    media("media-cut-midway", Effect.CUT_MIDWAY, "the connection breaks in the middle of the file", times=1),
    media("media-truncated", Effect.TRUNCATE, "half of the file, announced as all of it"),
    media("media-html", Effect.HTML, "a web page with status 200 in place of the file"),
    media("media-unsized", Effect.UNSIZED, "the file without a content-length"),
    media("media-oversize", Effect.OVERSIZE, "the file, followed by 256 MiB of nothing"),
    media("media-slow", Effect.DRIBBLE, "the file, slowly", seconds=20),
)
TABLE = {fault.name: fault for fault in FAULTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that a fault may befall."""

    point: Point
    dialect: str
    subject: str  # the generation; for a create, which has none yet, the prompt
    spoken: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Armed:
    fault: Fault
    left: int
    dialect: str | None


class Faults:
    def __init__(self) -> None:
        self.armed: list[Armed] = []
        self._befallen: Counter[tuple[str, str, str]] = Counter()

    def arm(self, fault: Fault, count: int, dialect: str | None) -> None:
        self.armed.append(Armed(fault=fault, left=count, dialect=dialect))

    def clear(self) -> None:
        self.armed.clear()

    def due(self, call: Call) -> Fault | None:
        """Find the fault that befalls this call; asking uses it up."""
        return self._next_armed(call.point, call.dialect) or self._next_spoken(call)

    def course(self, dialect: str, prompt: str) -> tuple[str, ...]:
        """Names of the faults that go with a new generation."""
        armed = self._next_armed(Point.COURSE, dialect)
        return (armed.name, *spoken(prompt)) if armed else spoken(prompt)

    def _next_armed(self, point: Point, dialect: str) -> Fault | None:
        for armed in self.armed:
            if armed.fault.point is point and armed.dialect in (None, dialect):
                armed.left -= 1
                self.armed = [each for each in self.armed if each.left > 0]
                return armed.fault
        return None

    def _next_spoken(self, call: Call) -> Fault | None:
        for fault in (TABLE[name] for name in call.spoken):
            if fault.point is call.point and not self._is_over(fault, call):
                return fault
        return None

    def _is_over(self, fault: Fault, call: Call) -> bool:
        befallen = (call.dialect, call.subject, fault.name)
        if fault.times is None:
            return False
        if self._befallen[befallen] < fault.times:
            self._befallen[befallen] += 1
            return False
        if call.point is Point.CREATE:  # this prompt gets through; when it comes again, it fails again
            del self._befallen[befallen]
        return True


def spoken(prompt: str) -> tuple[str, ...]:
    """Faults that the prompt asks for. Other words after `sim:` are part of the picture."""
    return tuple(name for name in SPOKEN.findall(prompt) if name in TABLE)
