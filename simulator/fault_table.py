"""What can go wrong, by name."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Point(StrEnum):
    """Where a fault strikes."""

    CREATE = "create"
    MANNER = "manner"
    COURSE = "course"
    STATUS = "status"
    RESULT = "result"
    MEDIA = "media"
    WEBHOOK = "webhook"


class Effect(StrEnum):
    REFUSE = "refuse"
    BUSY = "busy"
    CENSOR = "censor"
    CUT = "cut"  # the call is not taken in
    VANISH = "vanish"  # the call is taken in, its answer is lost
    DELAY = "delay"
    DRIBBLE = "dribble"
    GARBLE = "garble"
    OVERSIZE = "oversize"
    NO_ID = "no id"
    WORD = "word"  # another of the ways in which a provider is known to speak
    UNKNOWN_WORD = "unknown word"
    NO_VIDEO = "no video"
    MODERATE = "moderate"
    FAIL = "fail"
    CRASH = "crash"
    WITHDRAW = "withdraw"
    NEVER_END = "never end"
    EXPIRE = "expire"
    TRUNCATE = "truncate"
    HTML = "html"
    UNSIZED = "unsized"
    CUT_MIDWAY = "cut midway"
    FORGE = "forge"
    LATE = "late"
    DUPLICATE = "duplicate"
    LOSE = "lose"


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


def manner(name: str, help_: str) -> Fault:
    return Fault(name=name, point=Point.MANNER, effect=Effect.WORD, help=help_, times=None)


def media(name: str, effect: Effect, help_: str, *, times: int | None = None, seconds: float = 0) -> Fault:
    return Fault(name=name, point=Point.MEDIA, effect=effect, help=help_, times=times, seconds=seconds)


def webhook(name: str, effect: Effect, help_: str) -> Fault:
    return Fault(name=name, point=Point.WEBHOOK, effect=effect, help=help_)


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
    busy = "too much to do, in the provider's own words: PixVerse 500044, ShortAPI 3000, else 429"
    return [
        refused(point, 401, "the key is not accepted"),
        refused(point, 404, "not found, although it exists"),
        refused(point, 429, "too many requests, with Retry-After", retry_after=1),
        refused(point, 500, "the server fails"),
        refused(point, 502, "the gateway fails"),
        refused(point, 503, "unavailable, with Retry-After", retry_after=1),
        refused(point, 504, "the gateway waits too long"),
        Fault(name=f"{point}-busy", point=point, effect=Effect.BUSY, help=busy, status=429),
        Fault(name=f"{point}-cut", point=point, effect=Effect.CUT, help="the connection breaks before"),
        Fault(name=f"{point}-vanish", point=point, effect=Effect.VANISH, help="taken in, no answer comes"),
        Fault(name=f"{point}-delay", point=point, effect=Effect.DELAY, help="answered late", seconds=5),
        Fault(name=f"{point}-dribble", point=point, effect=Effect.DRIBBLE, help="a slow body", seconds=5),
        Fault(name=f"{point}-garbled", point=point, effect=Effect.GARBLE, help="half of the JSON"),
        Fault(name=f"{point}-oversize", point=point, effect=Effect.OVERSIZE, help="an answer of 32 MiB"),
    ]


MANNERS = (
    manner("only-dashed", "AIMLAPI knows v5.5 by pixverse/v5-5-text-to-video alone"),
    manner("only-dotted", "AIMLAPI knows v5.5 by pixverse/v5.5/text-to-video alone"),
    manner("long-1080p", "AIMLAPI films 8 s at 1080p, which it says it does not"),
    manner("created-200", "AIMLAPI answers a create with 200"),
    manner("created-201", "AIMLAPI answers a create with 201"),
    manner("key-id", "AIMLAPI calls the id `id`"),
    manner("key-generation-id", "AIMLAPI calls the id `generation_id`"),
    manner("id-nanoid", "AIMLAPI's id is a nanoid"),
    manner("id-dash", "AIMLAPI's id is a nanoid that begins with a dash"),
    manner("id-path", "AIMLAPI's id has a colon and slashes, as it always has for v5"),
    manner("id-digits", "AIMLAPI's id is a number"),
    manner("says-completed", "AIMLAPI says queued, generating, completed or error"),
    manner("says-complete", "AIMLAPI says waiting, active, complete or failed"),
    manner("says-succeeded", "AIMLAPI says pending, processing, succeeded or failure"),
    manner("says-success", "AIMLAPI says queueing, running, success or timeout"),
    manner("says-done", "AIMLAPI says preparing, in_progress, done or timed_out"),
    manner("says-ready", "AIMLAPI says submitted, dreaming, ready or expired"),
    manner("says-finished", "AIMLAPI says Queued, Processing, Finished or Failed"),
    manner("logs-unfiltered", "AIMLAPI's log ignores the client request id asked for"),
    manner("states-numbers", "ShortAPI says 0, 1, 2, 3 or 4, as it does unless asked"),
    manner("states-words", "ShortAPI says pending, processing, succeeded or failed"),
    manner("states-digits", "ShortAPI says its numbers as strings"),
    manner("job-id-on-top", "ShortAPI's job_id stands beside `data`, not in it"),
    manner("states-5", "PixVerse says 5 until the end, as it does unless asked"),
    manner("states-2-3", "PixVerse says 2 in the queue and 3 on a runner, for 5"),
    manner("states-9-10", "PixVerse says 9 in the queue and 10 on a runner, for 5"),
)
FAULTS = (
    course("moderated", Effect.MODERATE, "ends refused by the content check"),
    course("failed", Effect.FAIL, "ends as failed by the model"),
    course("crashed", Effect.CRASH, "ends as failed by the runner"),
    course("withdrawn", Effect.WITHDRAW, "ends as cancelled or deleted, though nobody asked for it"),
    course("endless", Effect.NEVER_END, "renders for ever"),
    course("error-at-200-named", Effect.FAIL, "failed; AIMLAPI tells by {name, message}"),
    course("error-at-200-detail", Effect.FAIL, "failed; AIMLAPI passes on fal's {detail: […]}"),
    course("error-at-200-text", Effect.FAIL, "failed; AIMLAPI tells by a mere string"),
    *on_every_call(Point.CREATE),
    replace(refused(Point.CREATE, 403, "the account has no money left"), name="broke", times=None),
    Fault(
        name="create-moderated",
        point=Point.CREATE,
        effect=Effect.CENSOR,
        help="the content check refuses the prompt at once",
        status=422,
        times=None,
    ),
    Fault(name="no-id", point=Point.CREATE, effect=Effect.NO_ID, help="taken in, answered without an id"),
    *MANNERS,
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
    webhook("webhook-forged", Effect.FORGE, "fal's signature is not fal's"),
    webhook("webhook-late", Effect.LATE, "fal's timestamp is ten minutes old"),
    webhook("webhook-duplicate", Effect.DUPLICATE, "called back twice"),
    webhook("webhook-lost", Effect.LOSE, "never called back"),
)
TABLE = {fault.name: fault for fault in FAULTS}
