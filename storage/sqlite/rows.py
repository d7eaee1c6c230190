"""A job as a row and back."""

import sqlite3
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from bot.course import Course
from bot.job import Clip, Delivery, Failure, Identity, Job, JobId, Phase, Place, Ticket
from bot.money import Micros
from bot.pseudonyms import Pseudonym
from bot.request import VideoRequest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_request = TypeAdapter(VideoRequest)
_clip = TypeAdapter(Clip)
_failure = TypeAdapter(Failure)
_texts = TypeAdapter(tuple[str, ...])


def micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stored)


def request_of(stored: str) -> VideoRequest:
    return _request.validate_json(stored)


def spoken_by(identity: Identity, pseudonym: Pseudonym) -> dict[str, object]:
    """An identity, as it is and as it stands where it was forgotten."""
    return {
        "platform": identity.platform,
        "user": identity.user,
        "name": identity.name,
        "handle": identity.handle,
        "pseudonym": pseudonym(f"identity {identity.key}"),
    }


def heard_as(platform: str, event: str, pseudonym: Pseudonym) -> dict[str, object]:
    return {"platform": platform, "event": event, "pseudonym": pseudonym(f"event {platform} {event}")}


def row_of(job: Job) -> dict[str, object]:
    """Every column that changes with the job, by name."""
    return {
        "id": job.id,
        "person": job.person,
        "platform": job.place.platform,
        "user": job.identity.user,
        "user_name": job.identity.name,
        "chat": job.place.chat,
        "thread": job.place.thread,
        "reply_to": job.place.reply_to,
        "request": _request.dump_json(job.request, exclude_none=True).decode(),
        "offer": job.offer_id,
        "seed": job.seed,
        "price": job.price,
        "ordered_at": micros(job.ordered_at),
        "phase": job.phase.value,
        "phase_since": micros(job.phase_since),
        "revision": job.revision,
        "attempts": job.attempts,
        "cancel_asked": job.cancel_asked,
        "submitted_at": micros(job.submitted_at) if job.submitted_at else None,
        "correlation": job.correlation,
        "ticket": job.ticket,
        "media_url": job.media_url,
        "clip": _clip.dump_json(job.clip).decode() if job.clip else None,
        "failure": _failure.dump_json(job.failure).decode() if job.failure else None,
        "charged": job.charged,
        "refused_by": _texts.dump_json(job.refused_by).decode(),
        "notes": _texts.dump_json(job.notes).decode(),
        "adult": job.adult,
        "spoiler": job.spoiler,
        "delivery": job.delivery.value,
        "deleted": job.deleted,
        "status": job.status,
        "receipt": job.receipt,
        "told": job.told,
        "language": job.language,
    }


def course_of(row: sqlite3.Row) -> Course:
    return Course(
        not_by=row["not_by"],
        by=row["took"],
        queued=row["queued"],
        rendering=row["rendering"],
        looks=row["looks"],
    )


def job_of(row: sqlite3.Row) -> Job:
    return Job(
        id=JobId(row["id"]),
        person=row["person"],
        identity=Identity(platform=row["platform"], user=row["user"], name=row["user_name"]),
        place=Place(platform=row["platform"], chat=row["chat"], thread=row["thread"], reply_to=row["reply_to"]),
        request=request_of(row["request"]),
        offer_id=row["offer"],
        seed=row["seed"],
        price=Micros(row["price"]),
        ordered_at=moment(row["ordered_at"]),
        phase=Phase(row["phase"]),
        phase_since=moment(row["phase_since"]),
        revision=row["revision"],
        attempts=row["attempts"],
        cancel_asked=bool(row["cancel_asked"]),
        submitted_at=None if row["submitted_at"] is None else moment(row["submitted_at"]),
        correlation=row["correlation"],
        ticket=None if row["ticket"] is None else Ticket(row["ticket"]),
        media_url=row["media_url"],
        clip=None if row["clip"] is None else _clip.validate_json(row["clip"]),
        failure=None if row["failure"] is None else _failure.validate_json(row["failure"]),
        charged=bool(row["charged"]),
        refused_by=_texts.validate_json(row["refused_by"]),
        notes=_texts.validate_json(row["notes"]),
        adult=bool(row["adult"]),
        spoiler=bool(row["spoiler"]),
        delivery=Delivery(row["delivery"]),
        deleted=bool(row["deleted"]),
        status=row["status"],
        receipt=row["receipt"],
        told=bool(row["told"]),
        swept=bool(row["swept"]),
        erased=bool(row["erased"]),
        forgotten=bool(row["forgotten"]),
        language=row["language"],
    )
