"""Every sentence that members read about a job, a price or an option."""

from collections.abc import Sequence
from dataclasses import replace

from bot.card import Button, Card, DraftCard, HistoryCard, JobCard, Kept, Tone, Usual, Verb
from bot.catalogue import MODELS, PROVIDERS, Offer, shot_of
from bot.choosing import sharper
from bot.flags import FLAGS
from bot.grammar import flags_of, render
from bot.job import Failure, FailureKind, Job, Phase
from bot.money import Micros, shown
from bot.refusal import Refusal
from bot.request import VideoRequest

CANCEL = Button(Verb.CANCEL, "Cancel")
AGAIN = Button(Verb.AGAIN, "Again")
SAME_SEED = Button(Verb.SAME_SEED, "Same seed")
TRY_AGAIN = Button(Verb.TRY_AGAIN, "Try again")
SEND_AGAIN = Button(Verb.SEND_AGAIN, "Send again")
EDIT = Button(Verb.EDIT, "Edit")
HD = Button(Verb.HD, "HD")
DELETE = Button(Verb.DELETE, "Delete")

NEED_THE_PROMPT = frozenset({Verb.AGAIN, Verb.SAME_SEED, Verb.TRY_AGAIN, Verb.EDIT, Verb.HD})

NOT_CHARGED = "Nothing was charged."

_REASONS = {
    FailureKind.MODERATED: ("The moderation of {provider} refused this", "Say it differently and order again."),
    FailureKind.INVALID: ("{provider} did not accept the order", "Change the command and order again."),
    FailureKind.PROVIDER: ("{provider} could not finish the clip", "Try again."),
    FailureKind.BUSY: ("{provider} was too busy for too long", "Try again later."),
    FailureKind.UNAVAILABLE: (
        "{provider} takes no orders from this bot at the moment",
        "Try again later; the operator has been told.",
    ),
    FailureKind.TIMED_OUT: ("{provider} did not finish in time", "Try again."),
    FailureKind.LOST: ("{provider} no longer knows this order", "Try again."),
    FailureKind.OVER_LIMIT: (
        "Only providers would film this now whose prices your allowance, or the bot's, has no room for",
        "Try again later.",
    ),
    FailureKind.MEDIA: ("The finished clip could not be fetched from {provider}", "Try again."),
    FailureKind.NOT_KEPT: ("There was no room here for the finished clip", "Try again later, or tell the operator."),
}


def refused(refusal: Refusal) -> Card:
    charge = NOT_CHARGED if refusal.is_an_order else ""
    lines = tuple(line for line in (refusal.reason, *_lines(refusal.remedy), charge) if line)
    return Card(title=refusal.title, lines=lines, tone=Tone.BAD)


def _lines(words: str) -> Sequence[str]:
    """One that tells a moment has no other."""
    return words.splitlines() if "\n" in words else (words,)


def mishap(reference: str) -> Card:
    return Card(
        title="Something went wrong here",
        lines=(f"It is not your fault. If it happens again, tell the operator: {reference}",),
        tone=Tone.BAD,
    )


def quote(request: VideoRequest, offer: Offer, price: Micros, remarks: Sequence[str]) -> Card:
    in_effect = flags_of(effective(request, offer, None))
    return Card(
        title=f"{shown(price)} for this clip",
        lines=(
            f"{MODELS[offer.model]} at {PROVIDERS[offer.provider]}: {in_effect}",
            NOT_CHARGED,
            "Leave out --cost to film it.",
            *remarks,
        ),
    )


def instead_of(first: Offer, second: Offer, price: Micros) -> str:
    busy, other = PROVIDERS[first.provider], PROVIDERS[second.provider]
    return f"{other} films this in place of {busy}, for {shown(price)}."


def history_card(jobs: Sequence[tuple[Job, bool]]) -> HistoryCard:
    """Each with whether its clip can be sent again."""
    numbered = [(number, job, is_there) for number, (job, is_there) in enumerate(jobs, start=1)]
    return HistoryCard(
        title="Your latest orders",
        lines=tuple(f"{number}. {_remembered(job)}" for number, job, _ in numbered) or ("None yet.",),
        kept=tuple(Kept(number, job.id) for number, job, is_there in numbered if is_there),
    )


def _remembered(job: Job) -> str:
    charge = shown(job.price) if job.charged else "nothing charged"
    return f"{_told(job, None, None)[0]}: {job.request.prompt} ({charge})"


def sent_again() -> Card:
    return Card(title="Sent again", tone=Tone.GOOD)


def draft_card(command: str) -> DraftCard:
    return DraftCard(title="Change it and send it", lines=(command,), command=command)


def welcome_card() -> Card:
    return Card(
        title="I film what you describe",
        lines=(
            "/video a red fox in snow",
            "/video a paper boat in the rain --ar 9:16 --dur 8",
            "The clip comes as an answer, with buttons to film it again, sharper or otherwise.",
            "/help explains every option.",
        ),
    )


def help_card() -> Card:
    lines = (f"{flag.example} — {flag.summary.lower()}: {flag.values.accepted}" for flag in FLAGS)
    return Card(
        title="/video and what to film, options in any place",
        lines=("/video a red fox in snow --ar 9:16 --dur 8", *lines),
    )


def effective(request: VideoRequest, offer: Offer, seed: int | None) -> VideoRequest:
    """The request with every default that mattered written out."""
    shot = shot_of(request)
    return replace(
        request,
        ratio=shot.ratio,
        resolution=shot.resolution,
        seconds=shot.seconds,
        seed=seed if request.seed is None else request.seed,
        model=offer.model,
        provider=None,
    )


def job_card(
    job: Job,
    *,
    position: int | None = None,
    ahead: int | None = None,
    usual: Usual | None = None,
    left: str = "",
) -> JobCard:
    """`position` is the place in our own line, `ahead` how many the provider films before it.

    `left` is what its person has left, where there are limits.
    """
    title, tone, lines, buttons = _told(job, position, ahead)
    return JobCard(
        title=title,
        tone=tone,
        lines=(*lines, *job.notes, *([left] if left else ())),
        buttons=tuple(button for button in buttons if not (job.erased and button.verb in NEED_THE_PROMPT)),
        job=job.id,
        phase=job.phase,
        by=job.identity,
        prompt=job.request.prompt,
        flags=flags_of(effective(job.request, job.offer, job.seed)),
        command=render(job.request),
        ordered_at=job.ordered_at,
        changed_at=job.phase_since,
        usual=None if job.is_over else usual,
        clip=None if job.deleted or job.swept else job.clip,
        spoiler=job.spoiler,
    )


_KEPT = ("The clip is finished and kept here, but the chat did not take it.", "Send again tries once more.")

_Told = tuple[str, Tone, tuple[str, ...], tuple[Button, ...]]


def _told(job: Job, position: int | None, ahead: int | None) -> _Told:
    provider = PROVIDERS[job.offer.provider]
    match job.phase:
        case Phase.DELIVERED if job.deleted:
            return "Deleted", Tone.NEUTRAL, ("The clip is no longer kept.",), (AGAIN, EDIT)
        case Phase.DELIVERED:
            kept = () if not job.swept else ("The clip is no longer kept here.",)
            return "Ready", Tone.GOOD, (_facts(job), *kept), _on_result(job)
        case Phase.FAILED:
            return "No clip", Tone.BAD, _why(job.failure, provider), _on_failure(job.failure)
        case Phase.CANCELLED:
            return "Cancelled", Tone.NEUTRAL, (_cancelled(job),), (TRY_AGAIN, EDIT)
        case Phase.UNRESOLVED:
            return "Nobody knows", Tone.BAD, _unresolved(provider), (TRY_AGAIN,)
        case Phase.DELIVERING if job.waits_for_a_person:
            return "Filmed, but not sent", Tone.BAD, _KEPT, (SEND_AGAIN,)
        case _:
            return _running(job, provider, position, ahead)


def _running(job: Job, provider: str, position: int | None, ahead: int | None) -> _Told:
    buttons = () if job.cancel_asked or job.phase in (Phase.FETCHING, Phase.DELIVERING) else (CANCEL,)
    if job.cancel_asked and job.phase in (Phase.SUBMITTING, Phase.RENDERING):
        return "Cancelling", Tone.BUSY, (f"Asking {provider} to stop.",), ()
    match job.phase:
        case Phase.ACCEPTED if job.attempts:
            return "Waiting", Tone.BUSY, (f"{provider} is busy or out of reach; trying again.",), buttons
        case Phase.ACCEPTED:
            place = f"Number {position} in line." if position and position > 1 else "Next in line."
            return "Waiting", Tone.BUSY, (place, f"{shown(job.price)} reserved."), buttons
        case Phase.SUBMITTING:
            return "Ordering", Tone.BUSY, (f"Handing the order to {provider}.",), buttons
        case Phase.RENDERING if ahead is not None:
            place = f"In line at {provider}: {ahead} before this one." if ahead else f"Next in line at {provider}."
            return "Waiting", Tone.BUSY, (place,), buttons
        case Phase.RENDERING:
            return "Filming", Tone.BUSY, (f"{provider} is filming.",), buttons
        case Phase.FETCHING if job.attempts:
            return (
                "Fetching",
                Tone.BUSY,
                ("The clip is finished, but could not be brought here; trying again.",),
                buttons,
            )
        case Phase.FETCHING:
            return "Fetching", Tone.BUSY, ("The clip is finished and on its way here.",), buttons
        case _:
            return "Sending", Tone.BUSY, ("The clip is here and on its way to the chat.",), buttons


def _facts(job: Job) -> str:
    clip = job.clip
    measured = f"{clip.width}×{clip.height}, {clip.seconds:.0f} s, " if clip else ""
    return f"{measured}{shown(job.price)}"


def _on_result(job: Job) -> tuple[Button, ...]:
    may_come = ((AGAIN, True), (SAME_SEED, job.seed is not None), (EDIT, True), (HD, sharper(job) is not None))
    return (*(button for button, comes in may_come if comes), DELETE)


def _on_failure(failure: Failure | None) -> tuple[Button, ...]:
    # The same words would be refused again, which has consequences.
    return (EDIT,) if failure and failure.kind is FailureKind.MODERATED else (TRY_AGAIN, EDIT)


def _why(failure: Failure | None, provider: str) -> tuple[str, ...]:
    failure = failure or Failure(FailureKind.PROVIDER)
    reason, remedy = _REASONS[failure.kind]
    detail = f": {failure.detail}" if failure.detail else "."
    return reason.format(provider=provider) + detail, remedy, NOT_CHARGED


def _cancelled(job: Job) -> str:
    if job.charged:
        return f"{PROVIDERS[job.offer.provider]} had begun and cannot be stopped; {shown(job.price)} was charged."
    return NOT_CHARGED


def _unresolved(provider: str) -> tuple[str, ...]:
    return (
        f"The connection to {provider} broke during the order, and nobody can tell whether it is being filmed.",
        "You can try again. The operator has been told.",
        NOT_CHARGED,
    )
