from dataclasses import replace
from itertools import product

import pytest

from bot.card import JobCard, Usual, Verb
from bot.catalogue import OFFERS, offer_named
from bot.flags import FLAGS
from bot.grammar import asks_for_help, parse
from bot.job import Clip, Delivery, Failure, FailureKind, Job, JobId, Phase
from bot.money import Micros
from bot.refusal import Refusal
from bot.request import EmptyPrompt, Ratio, VideoRequest
from bot.wording import effective, help_card, instead_of, job_card, mishap, quote, refused
from tests.stage import ANN, CLIP, LOBBY, NOON

WAITING = Job(
    id=JobId("job"),
    person="ann",
    identity=ANN,
    place=LOBBY,
    request=VideoRequest(prompt="a fox", ratio=Ratio.TALL),
    offer_id="fal/pixverse-v5.5",
    seed=7,
    price=Micros(200_000),
    ordered_at=NOON,
    phase=Phase.ACCEPTED,
    phase_since=NOON,
)


def in_phase(phase: Phase, **changes: object) -> Job:
    return replace(WAITING, phase=phase, **changes)  # type: ignore[arg-type]


def verbs(card: JobCard) -> list[Verb]:
    return [button.verb for button in card.buttons]


ON_RESULT = [Verb.AGAIN, Verb.SAME_SEED, Verb.EDIT, Verb.HD, Verb.DELETE]


@pytest.mark.parametrize(
    ("job", "title", "lines", "buttons"),
    [
        (WAITING, "Waiting", ["Next in line.", "$0.20 reserved."], [Verb.CANCEL]),
        (
            in_phase(Phase.ACCEPTED, attempts=1),
            "Waiting",
            ["fal is busy or out of reach; trying again."],
            [Verb.CANCEL],
        ),
        (in_phase(Phase.ACCEPTED, cancel_asked=True), "Waiting", ["Next in line.", "$0.20 reserved."], []),
        (in_phase(Phase.SUBMITTING), "Ordering", ["Handing the order to fal."], [Verb.CANCEL]),
        (in_phase(Phase.SUBMITTING, cancel_asked=True), "Cancelling", ["Asking fal to stop."], []),
        (in_phase(Phase.RENDERING), "Filming", ["fal is filming."], [Verb.CANCEL]),
        (in_phase(Phase.RENDERING, cancel_asked=True), "Cancelling", ["Asking fal to stop."], []),
        (in_phase(Phase.FETCHING), "Fetching", ["The clip is finished and on its way here."], []),
        (in_phase(Phase.DELIVERING), "Sending", ["The clip is here and on its way to the chat."], []),
        (
            in_phase(Phase.DELIVERING, delivery=Delivery.GIVEN_UP),
            "Filmed, but not sent",
            ["The clip is finished and kept here, but the chat did not take it.", "Send again tries once more."],
            [Verb.SEND_AGAIN],
        ),
        (in_phase(Phase.DELIVERED, clip=CLIP), "Ready", ["1280×720, 5 s, $0.20"], ON_RESULT),
        (in_phase(Phase.DELIVERED, seed=None), "Ready", ["$0.20"], [v for v in ON_RESULT if v != Verb.SAME_SEED]),
        (
            in_phase(Phase.DELIVERED, clip=CLIP, deleted=True),
            "Deleted",
            ["The clip is no longer kept."],
            [Verb.AGAIN, Verb.EDIT],
        ),
        (
            in_phase(Phase.CANCELLED),
            "Cancelled",
            ["Nothing was charged."],
            [Verb.TRY_AGAIN, Verb.EDIT],
        ),
        (
            in_phase(Phase.CANCELLED, charged=True),
            "Cancelled",
            ["fal had begun and cannot be stopped; $0.20 was charged."],
            [Verb.TRY_AGAIN, Verb.EDIT],
        ),
        (
            in_phase(Phase.UNRESOLVED),
            "Nobody knows",
            [
                "The connection to fal broke during the order, and nobody can tell whether it is being filmed.",
                "You can try again. The operator has been told.",
                "Nothing was charged.",
            ],
            [Verb.TRY_AGAIN],
        ),
        (
            in_phase(Phase.FAILED),
            "No clip",
            ["fal could not finish the clip.", "Try again.", "Nothing was charged."],
            [Verb.TRY_AGAIN, Verb.EDIT],
        ),
    ],
)
def test_each_phase_says_what_happens_and_what_can_be_done(
    job: Job, title: str, lines: list[str], buttons: list[Verb]
) -> None:
    card = job_card(job)
    assert (card.title, list(card.lines), verbs(card)) == (title, lines, buttons)


@pytest.mark.parametrize(
    ("kind", "detail", "reason", "remedy"),
    [
        (FailureKind.MODERATED, "", "The moderation of fal refused this.", "Say it differently and order again."),
        (
            FailureKind.INVALID,
            "bad seed",
            "fal did not accept the order: bad seed",
            "Change the command and order again.",
        ),
        (FailureKind.PROVIDER, "", "fal could not finish the clip.", "Try again."),
        (FailureKind.BUSY, "", "fal was too busy for too long.", "Try again later."),
        (
            FailureKind.UNAVAILABLE,
            "",
            "fal takes no orders from this bot at the moment.",
            "Try again later; the operator has been told.",
        ),
        (FailureKind.TIMED_OUT, "", "fal did not finish in time.", "Try again."),
        (FailureKind.LOST, "", "fal no longer knows this order.", "Try again."),
        (FailureKind.MEDIA, "", "The finished clip could not be fetched from fal.", "Try again."),
        (
            FailureKind.NOT_KEPT,
            "",
            "There was no room here for the finished clip.",
            "Try again later, or tell the operator.",
        ),
    ],
)
def test_a_failure_says_why_and_what_next_and_that_nothing_was_charged(
    kind: FailureKind, detail: str, reason: str, remedy: str
) -> None:
    card = job_card(in_phase(Phase.FAILED, failure=Failure(kind, detail)))
    assert card.lines == (reason, remedy, "Nothing was charged.")


@pytest.mark.parametrize(
    ("position", "place"), [(None, "Next in line."), (1, "Next in line."), (3, "Number 3 in line.")]
)
def test_who_waits_reads_their_place_in_our_line(position: int | None, place: str) -> None:
    assert job_card(WAITING, position=position).lines[0] == place


@pytest.mark.parametrize(("ahead", "place"), [(0, "Next in line at fal."), (1, "In line at fal: 1 before this one.")])
def test_who_waits_at_the_provider_reads_how_many_come_first(ahead: int, place: str) -> None:
    card = job_card(in_phase(Phase.RENDERING), ahead=ahead)
    assert (card.title, card.lines) == ("Waiting", (place,))


def test_a_card_shows_the_options_in_effect_and_the_command_as_it_was_meant() -> None:
    card = job_card(WAITING)
    assert card.flags == "--ar 9:16 --res 720p --dur 5 --seed 7 --model v5.5"
    assert card.command == "/video a fox --ar 9:16"


def test_a_chosen_seed_is_shown_rather_than_a_drawn_one() -> None:
    request = VideoRequest(prompt="a fox", seed=0)
    assert effective(request, offer_named("fal/pixverse-v5.5"), 7).seed == 0


def test_the_usual_time_is_told_only_while_somebody_waits() -> None:
    usual = Usual(40, 60)
    assert job_card(WAITING, usual=usual).usual == usual
    assert job_card(in_phase(Phase.DELIVERED), usual=usual).usual is None


def test_what_was_understood_differently_stays_on_the_card() -> None:
    note = "You gave --ar more than once; the last one counts: --ar 9:16"
    assert job_card(replace(WAITING, notes=(note,))).lines[-1] == note


def test_a_refusal_gives_reason_remedy_and_the_comfort_that_nothing_was_charged() -> None:
    card = refused(EmptyPrompt())
    assert card.title == "Nothing to film yet"
    assert card.lines == (EmptyPrompt().reason, EmptyPrompt().remedy, "Nothing was charged.")


def test_a_refusal_without_a_remedy_leaves_no_empty_line() -> None:
    assert refused(Refusal("Only Ann can do that.")).lines == ("Only Ann can do that.", "Nothing was charged.")


def test_a_mishap_tells_the_reference_and_blames_nobody() -> None:
    assert mishap("a1b2").lines == ("It is not your fault. If it happens again, tell the operator: a1b2",)


def test_a_price_comes_with_everything_that_makes_it() -> None:
    request = VideoRequest(prompt="a fox", audio=True)
    card = quote(request, offer_named("shortapi/pixverse-v5.5"), Micros(213_000), ["A remark."])
    assert card.title == "$0.213 for this clip"
    assert card.lines == (
        "PixVerse v5.5 at ShortAPI: --ar 16:9 --res 720p --dur 5 --audio --model v5.5",
        "Nothing was charged.",
        "Leave out --cost to film it.",
        "A remark.",
    )


def test_another_provider_is_named_with_its_price() -> None:
    note = instead_of(offer_named("fal/pixverse-v5.5"), offer_named("aimlapi/pixverse-v5.5"), Micros(210_000))
    assert note == "AIMLAPI films this in place of fal, for $0.21."


def test_help_begins_with_a_command_that_works_and_explains_every_flag() -> None:
    command, *lines = help_card().lines
    assert parse(command).request.seconds == 8
    assert not asks_for_help(command)
    assert [line.split(" — ")[0] for line in lines] == [flag.example for flag in FLAGS]


def test_every_card_is_short_plain_text() -> None:
    clips: list[Clip | None] = [None, CLIP]
    for phase, offer, clip, asked, kind in product(Phase, OFFERS, clips, (False, True), FailureKind):
        job = in_phase(phase, offer_id=offer.id, clip=clip, cancel_asked=asked, failure=Failure(kind))
        card = job_card(job, position=2, ahead=1)
        for text in (card.title, *card.lines):
            assert text.isprintable()
            assert not set(text) & set("<>*_`[]{}")
            assert len(text) < 120
