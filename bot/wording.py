"""Every sentence that members read about a job, a price or an option."""

from collections.abc import Sequence
from dataclasses import replace

from bot.card import Button, Card, DraftCard, HistoryCard, JobCard, Kept, Tone, Usual, Verb, explained
from bot.catalogue import MODELS, PROVIDERS, Offer, shot_of
from bot.choosing import sharper
from bot.flags import FLAGS
from bot.grammar import flags_of, render
from bot.job import Failure, FailureKind, Job, Phase
from bot.money import Micros, shown
from bot.refusal import Refusal
from bot.request import VideoRequest
from bot.speech import continued, number, say, say_many, sentence, unsaid

CANCEL = Button(Verb.CANCEL, unsaid("Cancel"))
AGAIN = Button(Verb.AGAIN, unsaid("Again"))
SAME_SEED = Button(Verb.SAME_SEED, unsaid("Same seed"))
TRY_AGAIN = Button(Verb.TRY_AGAIN, unsaid("Try again"))
SEND_AGAIN = Button(Verb.SEND_AGAIN, unsaid("Send again"))
EDIT = Button(Verb.EDIT, unsaid("Edit"))
HD = Button(Verb.HD, unsaid("HD"))
DELETE = Button(Verb.DELETE, unsaid("Delete"))

NEED_THE_PROMPT = frozenset({Verb.AGAIN, Verb.SAME_SEED, Verb.TRY_AGAIN, Verb.EDIT, Verb.HD})

NOT_CHARGED = unsaid("Nothing was charged.")

_REASONS = {
    FailureKind.MODERATED: (
        unsaid("The moderation of {provider} refused this"),
        unsaid("Say it differently and order again."),
    ),
    FailureKind.INVALID: (
        unsaid("{provider} did not accept the order"),
        unsaid("Change the command and order again."),
    ),
    FailureKind.PROVIDER: (unsaid("{provider} could not finish the clip"), unsaid("Try again.")),
    FailureKind.BUSY: (unsaid("{provider} was too busy for too long"), unsaid("Try again later.")),
    FailureKind.UNAVAILABLE: (
        unsaid("{provider} takes no orders from this bot at the moment"),
        unsaid("Try again later; the operator has been told."),
    ),
    FailureKind.TIMED_OUT: (unsaid("{provider} did not finish in time"), unsaid("Try again.")),
    FailureKind.LOST: (unsaid("{provider} no longer knows this order"), unsaid("Try again.")),
    FailureKind.OVER_LIMIT: (
        unsaid("Only providers would film this now whose prices your allowance, or the bot's, has no room for"),
        unsaid("Try again later."),
    ),
    FailureKind.MEDIA: (unsaid("The finished clip could not be fetched from {provider}"), unsaid("Try again.")),
    FailureKind.NOT_KEPT: (
        unsaid("There was no room here for the finished clip"),
        unsaid("Try again later, or tell the operator."),
    ),
}


def refused(refusal: Refusal) -> Card:
    charge = say(NOT_CHARGED) if refusal.is_an_order else ""
    lines = tuple(line for line in (refusal.reason, *_lines(refusal.remedy), charge) if line)
    return Card(title=say(refusal.title), lines=lines, tone=Tone.BAD)


def _lines(words: str) -> Sequence[str]:
    """One that tells a moment has no other."""
    return words.splitlines() if "\n" in words else (words,)


def mishap(reference: str) -> Card:
    return Card(
        title=say("Something went wrong here"),
        lines=(say("It is not your fault. If it happens again, tell the operator: {reference}", reference=reference),),
        tone=Tone.BAD,
    )


def quote(request: VideoRequest, offer: Offer, price: Micros, remarks: Sequence[str]) -> Card:
    in_effect = flags_of(effective(request, offer, None))
    return Card(
        title=say("{price} for this clip", price=shown(price)),
        lines=(
            say(
                "{model} at {provider}: {options}",
                model=MODELS[offer.model],
                provider=PROVIDERS[offer.provider],
                options=in_effect,
            ),
            say(NOT_CHARGED),
            say("Leave out --cost to film it."),
            *remarks,
        ),
    )


def instead_of(first: Offer, second: Offer, price: Micros) -> str:
    return say(
        "{other} films this in place of {busy}, for {price}.",
        other=PROVIDERS[second.provider],
        busy=PROVIDERS[first.provider],
        price=shown(price),
    )


def history_card(jobs: Sequence[tuple[Job, bool]]) -> HistoryCard:
    """Each with whether its clip can be sent again."""
    numbered = [(place, job, is_there) for place, (job, is_there) in enumerate(jobs, start=1)]
    return HistoryCard(
        title=say("Your latest orders"),
        lines=tuple(f"{place}. {_remembered(job)}" for place, job, _ in numbered) or (say("None yet."),),
        kept=tuple(Kept(place, job.id) for place, job, is_there in numbered if is_there),
    )


def _remembered(job: Job) -> str:
    charge = shown(job.price) if job.charged else say("nothing charged")
    return f"{_told(job, None, None)[0]}: {job.request.prompt} ({charge})"


def sent_again() -> Card:
    return Card(title=say("Sent again"), tone=Tone.GOOD)


def draft_card(command: str) -> DraftCard:
    return DraftCard(title=say("Change it and send it"), lines=(command,), command=command)


def welcome_card() -> Card:
    return Card(
        title=say("I film what you describe"),
        lines=(
            say("/video a red fox in snow"),
            say("/video a paper boat in the rain --ar 9:16 --dur 8"),
            say("The clip comes as an answer, with buttons to film it again, sharper or otherwise."),
            say("/help explains every option."),
        ),
    )


def help_card() -> Card:
    lines = (explained(flag.example, f"{continued(say(flag.summary))}: {flag.values.accepted}") for flag in FLAGS)
    return Card(
        title=say("/video and what to film, options in any place"),
        lines=(say("/video a red fox in snow --ar 9:16 --dur 8"), *lines),
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
        buttons=tuple(
            Button(button.verb, say(button.label))
            for button in buttons
            if not (job.erased and button.verb in NEED_THE_PROMPT)
        ),
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


_Told = tuple[str, Tone, tuple[str, ...], tuple[Button, ...]]


def _told(job: Job, position: int | None, ahead: int | None) -> _Told:
    provider = PROVIDERS[job.offer.provider]
    match job.phase:
        case Phase.DELIVERED if job.deleted:
            return say("Deleted"), Tone.NEUTRAL, (say("The clip is no longer kept."),), (AGAIN, EDIT)
        case Phase.DELIVERED:
            kept = () if not job.swept else (say("The clip is no longer kept here."),)
            return say("Ready"), Tone.GOOD, (_facts(job), *kept), _on_result(job)
        case Phase.FAILED:
            return say("No clip"), Tone.BAD, _why(job.failure, provider), _on_failure(job.failure)
        case Phase.CANCELLED:
            return say("Cancelled"), Tone.NEUTRAL, (_cancelled(job),), (TRY_AGAIN, EDIT)
        case Phase.UNRESOLVED:
            return say("Nobody knows"), Tone.BAD, _unresolved(provider), (TRY_AGAIN,)
        case Phase.DELIVERING if job.waits_for_a_person:
            return say("Filmed, but not sent"), Tone.BAD, _kept(), (SEND_AGAIN,)
        case _:
            return _running(job, provider, position, ahead)


def _running(job: Job, provider: str, position: int | None, ahead: int | None) -> _Told:
    buttons = () if job.cancel_asked or job.phase in (Phase.FETCHING, Phase.DELIVERING) else (CANCEL,)
    if job.cancel_asked and job.phase in (Phase.SUBMITTING, Phase.RENDERING):
        return say("Cancelling"), Tone.BUSY, (say("Asking {provider} to stop.", provider=provider),), ()
    match job.phase:
        case Phase.ACCEPTED if job.attempts:
            busy = say("{provider} is busy or out of reach; trying again.", provider=provider)
            return say("Waiting"), Tone.BUSY, (busy,), buttons
        case Phase.ACCEPTED:
            reserved = say("{price} reserved.", price=shown(job.price))
            return say("Waiting"), Tone.BUSY, (_place(position), reserved), buttons
        case Phase.SUBMITTING:
            handing = say("Handing the order to {provider}.", provider=provider)
            return say("Ordering"), Tone.BUSY, (handing,), buttons
        case Phase.RENDERING if ahead is not None:
            return say("Waiting"), Tone.BUSY, (_place_at(provider, ahead),), buttons
        case Phase.RENDERING:
            return say("Filming"), Tone.BUSY, (say("{provider} is filming.", provider=provider),), buttons
        case Phase.FETCHING if job.attempts:
            late = say("The clip is finished, but could not be brought here; trying again.")
            return say("Fetching"), Tone.BUSY, (late,), buttons
        case Phase.FETCHING:
            return say("Fetching"), Tone.BUSY, (say("The clip is finished and on its way here."),), buttons
        case _:
            return say("Sending"), Tone.BUSY, (say("The clip is here and on its way to the chat."),), buttons


def _place(position: int | None) -> str:
    if position is None or position == 1:
        return say("Next in line.")
    return say("Number {position} in line.", position=number(position))


def _place_at(provider: str, ahead: int) -> str:
    if ahead == 0:
        return say("Next in line at {provider}.", provider=provider)
    return say_many(
        "In line at {provider}: {n} before this one.",
        "In line at {provider}: {n} before this one.",
        ahead,
        provider=provider,
    )


def _kept() -> tuple[str, ...]:
    return (
        say("The clip is finished and kept here, but the chat did not take it."),
        say("Send again tries once more."),
    )


def _facts(job: Job) -> str:
    clip = job.clip
    if clip is None:
        return shown(job.price)
    return say(
        "{width}×{height}, {seconds} s, {price}",
        width=clip.width,
        height=clip.height,
        seconds=f"{clip.seconds:.0f}",
        price=shown(job.price),
    )


def _on_result(job: Job) -> tuple[Button, ...]:
    may_come = ((AGAIN, True), (SAME_SEED, job.seed is not None), (EDIT, True), (HD, sharper(job) is not None))
    return (*(button for button, comes in may_come if comes), DELETE)


def _on_failure(failure: Failure | None) -> tuple[Button, ...]:
    # The same words would be refused again, which has consequences.
    return (EDIT,) if failure and failure.kind is FailureKind.MODERATED else (TRY_AGAIN, EDIT)


def _why(failure: Failure | None, provider: str) -> tuple[str, ...]:
    failure = failure or Failure(FailureKind.PROVIDER)
    reason, remedy = _REASONS[failure.kind]
    reason = say(reason, provider=provider)
    told = say("{reason}: {detail}", reason=reason, detail=failure.detail) if failure.detail else sentence(reason)
    return told, say(remedy), say(NOT_CHARGED)


def _cancelled(job: Job) -> str:
    if job.charged:
        return say(
            "{provider} had begun and cannot be stopped; {price} was charged.",
            provider=PROVIDERS[job.offer.provider],
            price=shown(job.price),
        )
    return say(NOT_CHARGED)


def _unresolved(provider: str) -> tuple[str, ...]:
    return (
        say(
            "The connection to {provider} broke during the order, and nobody can tell whether it is being filmed.",
            provider=provider,
        ),
        say("You can try again. The operator has been told."),
        say(NOT_CHARGED),
    )
